package org.merlin.module.quartz.schedule;

import java.time.ZoneId;
import java.util.Date;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.ToIntFunction;
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
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.simpl.RAMJobStore;

/**
 * The due times of all checks, kept by Quartz. An object has one job, one trigger for its regular checks, and now and then another
 * for a single forced one. They go by the object's name: they, and checks that run, outlive a reload. Changed by the core's
 * thread alone; {@link #due} from any.
 */
public final class CheckSchedule implements AutoCloseable {
    /** Triggers that are nearer than this to where they should be are left alone. */
    static final long NEAR_MILLIS = 50;

    private static final String ONCE = "once";
    private static final int URGENT = Trigger.DEFAULT_PRIORITY + 5;

    private final ZoneId zone;
    private final CheckThreads threads;
    private final Scheduler quartz;

    /**
     * Makes an empty schedule; nothing is checked before {@link #start}.
     *
     * @param workers how many checks may run at once
     */
    public CheckSchedule(CheckRunner runner, int workers, ZoneId zone) {
        this.zone = zone;
        this.threads = new CheckThreads(workers);
        String name = "checks-" + UUID.randomUUID(); // Quartz keeps a list of all schedulers of a JVM by name
        try {
            DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
            factory.createScheduler(name, name, threads, new RAMJobStore());
            quartz = factory.getScheduler(name);
            CheckJob job = new CheckJob(runner);
            quartz.setJobFactory((bundle, scheduler) -> job);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz could not be set up with " + workers + " workers", e);
        }
    }

    /**
     * Lets the module decide about checks, and {@code findings} have what they find; in the place of those of before, without a moment
     * between.
     *
     * @param inventory whose places the module knows objects by
     */
    public void hook(Broker broker, Inventory inventory, Findings findings) {
        try {
            ToIntFunction<JobDetail> place =
                    job -> inventory.find(CheckJob.nameOf(job)).orElse(-1);
            CheckHook.install(quartz, broker, place, (context, index) -> {
                if (context.getResult() instanceof Finding finding) {
                    findings.found(
                            CheckJob.nameOf(context.getJobDetail()),
                            finding,
                            context.getScheduledFireTime().getTime());
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
    public OptionalLong arm(Checkable object, long dueMillis, long intervalMillis) {
        OptionalLong due = CheckTrigger.within(object.plan().period(), zone, dueMillis, intervalMillis);
        if (due.isEmpty()) {
            disarm(object);
            return due;
        }
        try {
            TriggerKey key = regular(object);
            if (!isNear(quartz.getTrigger(key), object, due.getAsLong(), intervalMillis)) {
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

    private static boolean isNear(Trigger trigger, Checkable object, long dueMillis, long intervalMillis) {
        return trigger instanceof CheckTrigger regular
                && regular.goesBy(object.plan().period(), intervalMillis)
                && Math.abs(regular.getNextFireTime().getTime() - dueMillis) <= NEAR_MILLIS;
    }

    /** Whether an object's regular checks come at this interval, in its period, already. */
    public boolean goesBy(Checkable object, long intervalMillis) {
        return regularOf(object) instanceof CheckTrigger trigger
                && trigger.goesBy(object.plan().period(), intervalMillis);
    }

    private Trigger regularOf(Checkable object) {
        try {
            return quartz.getTrigger(regular(object));
        } catch (SchedulerException e) {
            throw new IllegalStateException(object.name() + " has no due time", e);
        }
    }

    /** Has an object checked once at a time, whatever its period. One such check waits per object. */
    public void once(Checkable object, long atMillis) {
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
            quartz.scheduleJob(job, trigger);
        }
    }

    /** Ends the regular checks of an object; one that was asked for once stays. */
    public void disarm(Checkable object) {
        try {
            quartz.unscheduleJob(regular(object));
        } catch (SchedulerException e) {
            throw new IllegalStateException(object.name() + " could not be unscheduled", e);
        }
    }

    /** Forgets objects that are not there any more. */
    public void keepOnly(Inventory inventory) {
        try {
            for (JobKey key : quartz.getJobKeys(GroupMatcher.anyGroup())) {
                if (inventory.find(key.getName()).isEmpty()) {
                    quartz.deleteJob(key);
                }
            }
        } catch (SchedulerException e) {
            throw new IllegalStateException("objects that are gone could not be unscheduled", e);
        }
    }

    /** Sets how many checks may run at once from now on. */
    public void resize(int workers) {
        threads.resize(workers);
    }

    /** When an object is checked next, regularly; milliseconds since 1970, 0 for never. */
    public long due(Checkable object) {
        Trigger trigger = regularOf(object);
        return trigger == null || trigger.getNextFireTime() == null
                ? 0
                : trigger.getNextFireTime().getTime();
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
