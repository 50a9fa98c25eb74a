package org.merlin.module.quartz.schedule;

import java.time.ZoneId;
import java.util.Date;
import java.util.OptionalLong;
import java.util.UUID;
import org.merlin.module.Broker;
import org.merlin.module.quartz.check.CheckRunner;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.simpl.RAMJobStore;

/**
 * The due times of all checks, kept by Quartz. An object has one job, one trigger for its regular checks, and now and then another
 * for a single forced one. Changed by the core's thread alone; {@link #due} from any.
 */
public final class CheckSchedule implements AutoCloseable {
    /** Triggers that are nearer than this to where they should be are left alone. */
    static final long NEAR_MILLIS = 50;

    private static final String ONCE = "once";
    private static final int URGENT = Trigger.DEFAULT_PRIORITY + 5;

    private final Inventory inventory;
    private final ZoneId zone;
    private final Scheduler quartz;

    /**
     * Makes an empty schedule; nothing is checked before {@link #start}.
     *
     * @param workers how many checks may run at once
     */
    public CheckSchedule(Inventory inventory, CheckRunner runner, int workers, ZoneId zone) {
        this.inventory = inventory;
        this.zone = zone;
        String name = "checks-" + UUID.randomUUID(); // Quartz keeps a list of all schedulers of a JVM by name
        try {
            DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
            factory.createScheduler(name, name, new CheckThreads(workers), new RAMJobStore());
            quartz = factory.getScheduler(name);
            CheckJob job = new CheckJob(runner);
            quartz.setJobFactory((bundle, scheduler) -> job);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz could not be set up with " + workers + " workers", e);
        }
    }

    /** Lets the module decide about checks, and {@code findings} have what they find. */
    public void hook(Broker broker, Findings findings) {
        try {
            CheckHook.install(quartz, broker, CheckJob::indexOf, (context, index) -> {
                if (context.getResult() instanceof Finding finding) {
                    findings.found(
                            index, finding, context.getScheduledFireTime().getTime());
                }
            });
        } catch (SchedulerException e) {
            throw new IllegalStateException("the module could not be hooked in", e);
        }
    }

    public void start() {
        try {
            quartz.start();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz did not start", e);
        }
    }

    /**
     * Sets when an object is checked next, and from then on.
     *
     * @param dueMillis the first time; moved into the check's period
     * @return when it will be; empty if its period never opens, it is then not checked
     */
    public OptionalLong arm(int index, long dueMillis, long intervalMillis) {
        Checkable object = inventory.get(index);
        OptionalLong due = CheckTrigger.within(object.plan().period(), zone, dueMillis, intervalMillis);
        if (due.isEmpty()) {
            disarm(index);
            return due;
        }
        try {
            TriggerKey key = regular(object);
            if (!isNear(quartz.getTrigger(key), due.getAsLong(), intervalMillis)) {
                put(
                        object,
                        new CheckTrigger(
                                key,
                                job(object),
                                due.getAsLong(),
                                intervalMillis,
                                object.plan().period(),
                                zone));
            }
        } catch (SchedulerException e) {
            throw new IllegalStateException(object.name() + " could not be scheduled for " + dueMillis, e);
        }
        return due;
    }

    private static boolean isNear(Trigger trigger, long dueMillis, long intervalMillis) {
        return trigger instanceof CheckTrigger regular
                && regular.getNextFireTime() != null
                && regular.getRepeatInterval() == intervalMillis
                && Math.abs(regular.getNextFireTime().getTime() - dueMillis) <= NEAR_MILLIS;
    }

    /** Has an object checked once at a time, whatever its period. One such check waits per object. */
    public void once(int index, long atMillis) {
        Checkable object = inventory.get(index);
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(object.name().name(), ONCE)
                .forJob(job(object))
                .withPriority(URGENT)
                .startAt(new Date(atMillis))
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
                .build();
        try {
            put(object, trigger);
        } catch (SchedulerException e) {
            throw new IllegalStateException(object.name() + " could not be scheduled once for " + atMillis, e);
        }
    }

    private void put(Checkable object, Trigger trigger) throws SchedulerException {
        if (quartz.rescheduleJob(trigger.getKey(), trigger) != null) {
            return;
        }
        JobKey key = job(object);
        if (quartz.checkExists(key)) {
            quartz.scheduleJob(trigger);
        } else {
            JobDetail job = JobBuilder.newJob(CheckJob.class)
                    .withIdentity(key)
                    .storeDurably()
                    .build();
            CheckJob.mark(job, object.index());
            quartz.scheduleJob(job, trigger);
        }
    }

    /** Ends the regular checks of an object; one that was asked for once stays. */
    public void disarm(int index) {
        try {
            quartz.unscheduleJob(regular(inventory.get(index)));
        } catch (SchedulerException e) {
            throw new IllegalStateException(inventory.get(index).name() + " could not be unscheduled", e);
        }
    }

    /** When an object is checked next, regularly; milliseconds since 1970, 0 for never. */
    public long due(int index) {
        try {
            Trigger trigger = quartz.getTrigger(regular(inventory.get(index)));
            return trigger == null || trigger.getNextFireTime() == null
                    ? 0
                    : trigger.getNextFireTime().getTime();
        } catch (SchedulerException e) {
            throw new IllegalStateException(inventory.get(index).name() + " has no due time", e);
        }
    }

    private static TriggerKey regular(Checkable object) {
        return new TriggerKey(object.name().name(), group(object));
    }

    private static JobKey job(Checkable object) {
        return new JobKey(object.name().name(), group(object));
    }

    private static String group(Checkable object) {
        return object.isHost() ? "hosts" : "services";
    }

    /** Starts no further check. */
    public void standby() {
        try {
            quartz.standby();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz did not pause", e);
        }
    }

    /** Forgets all due times; checks that run are not waited for. */
    @Override
    public void close() {
        try {
            quartz.shutdown(false);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz did not stop", e);
        }
    }
}
