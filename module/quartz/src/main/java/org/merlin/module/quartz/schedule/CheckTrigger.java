package org.merlin.module.quartz.schedule;

import java.time.ZoneId;
import java.util.Date;
import java.util.OptionalLong;
import org.merlin.module.quartz.objects.Timeperiod;
import org.quartz.Calendar;
import org.quartz.JobKey;
import org.quartz.SimpleTrigger;
import org.quartz.TriggerKey;
import org.quartz.impl.triggers.SimpleTriggerImpl;

/**
 * Fires at a check's due times: every interval, inside the check's period. One that comes late (no worker was free, the process was
 * frozen) fires once, with its true due time, and what was missed meanwhile is left out, so that nothing is caught up in a
 * storm and the due times stay where they were. Lives in memory only.
 */
final class CheckTrigger extends SimpleTriggerImpl {
    private static final long serialVersionUID = 1L;

    /** Steps into a period before we give up: a period that is open for less than an interval may never be met. */
    private static final int MOST_STEPS = 1000;

    private final transient Timeperiod period;
    private final transient ZoneId zone;

    CheckTrigger(TriggerKey key, JobKey job, long dueMillis, long intervalMillis, Timeperiod period, ZoneId zone) {
        this.period = period;
        this.zone = zone;
        setKey(key);
        setJobKey(job);
        setStartTime(new Date(dueMillis));
        setRepeatCount(REPEAT_INDEFINITELY);
        setRepeatInterval(intervalMillis);
        setMisfireInstruction(SimpleTrigger.MISFIRE_INSTRUCTION_IGNORE_MISFIRE_POLICY);
    }

    /** The first of {@code due}, {@code due + interval}, ... that lies in the period; empty if none does. */
    static OptionalLong within(Timeperiod period, ZoneId zone, long dueMillis, long intervalMillis) {
        long due = dueMillis;
        for (int step = 0; step < MOST_STEPS; step++) {
            OptionalLong open = period.next(due, zone);
            if (open.isEmpty() || open.getAsLong() == due) {
                return open;
            }
            long wait = open.getAsLong() - due;
            due += (wait + intervalMillis - 1) / intervalMillis * intervalMillis;
        }
        return OptionalLong.empty();
    }

    /** Whether it fires every interval inside this period, and will again. */
    boolean goesBy(Timeperiod other, long intervalMillis) {
        return getNextFireTime() != null && getRepeatInterval() == intervalMillis && period.isSame(other);
    }

    @Override
    public Date computeFirstFireTime(Calendar calendar) {
        setNext(within(period, zone, getStartTime().getTime(), getRepeatInterval()));
        return getNextFireTime();
    }

    @Override
    public void triggered(Calendar calendar) {
        long interval = getRepeatInterval();
        long due = getNextFireTime().getTime();
        long next = due + interval;
        long late = System.currentTimeMillis() - next;
        if (late >= 0) {
            next += (late / interval + 1) * interval;
        }
        setTimesTriggered(getTimesTriggered() + 1);
        setPreviousFireTime(new Date(due));
        setNext(within(period, zone, next, interval));
    }

    private void setNext(OptionalLong millis) {
        setNextFireTime(millis.isPresent() ? new Date(millis.getAsLong()) : null);
    }
}
