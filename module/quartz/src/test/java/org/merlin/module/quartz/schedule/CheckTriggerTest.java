package org.merlin.module.quartz.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.merlin.module.quartz.objects.Inventories;
import org.merlin.module.quartz.objects.Timeperiod;
import org.quartz.JobKey;
import org.quartz.TriggerKey;

class CheckTriggerTest {
    private static final ZoneId UTC = ZoneOffset.UTC;
    private static final Timeperiod MONDAYS = Inventories.of("""
            define timeperiod {
              timeperiod_name p
              monday 09:00-17:00
            }
            define host {
              host_name a
              check_period p
            }
            """).get(0).plan().period();

    private static CheckTrigger trigger(long dueMillis, long intervalMillis) {
        CheckTrigger trigger = new CheckTrigger(
                new TriggerKey("a"), new JobKey("a"), dueMillis, intervalMillis, Timeperiod.ALWAYS, UTC);
        trigger.computeFirstFireTime(null);
        return trigger;
    }

    @Test
    void firesAgainAnIntervalLater() {
        long due = System.currentTimeMillis() + 500;
        CheckTrigger trigger = trigger(due, 1000);
        trigger.triggered(null);
        assertThat(trigger.getPreviousFireTime()).isEqualTo(new Date(due));
        assertThat(trigger.getNextFireTime()).isEqualTo(new Date(due + 1000));
    }

    @Test
    void leavesOutWhatItMissedAndStaysInStep() {
        long due = System.currentTimeMillis() - 10_500;
        CheckTrigger trigger = trigger(due, 1000);
        assertThat(trigger.getNextFireTime()).isEqualTo(new Date(due));
        trigger.triggered(null);
        assertThat(trigger.getPreviousFireTime()).isEqualTo(new Date(due));
        assertThat(trigger.getNextFireTime()).isAfter(new Date());
        assertThat((trigger.getNextFireTime().getTime() - due) % 1000).isZero();
    }

    @Test
    void waitsForItsPeriodWithoutLosingItsPlace() {
        long sunday = at("2026-11-22T12:03");
        assertThat(CheckTrigger.within(MONDAYS, UTC, sunday, 300_000)).hasValue(at("2026-11-23T09:03"));
        long open = at("2026-11-23T12:03");
        assertThat(CheckTrigger.within(MONDAYS, UTC, open, 300_000)).hasValue(open);
    }

    private static long at(String local) {
        return LocalDateTime.parse(local).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
