package org.merlin.module.quartz.schedule;

import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;
import org.merlin.module.Broker;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobListener;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.TriggerListener;

/**
 * Makes a Quartz scheduler one of several that share their checks: before a job that is a check runs, the module is asked, and
 * vetoes it if another node runs it; after it ran, its result is picked up. Works with any application's own Quartz; jobs
 * that are no checks are left alone. Called on Quartz' worker threads.
 */
public final class CheckHook implements TriggerListener, JobListener {
    private final Broker broker;
    private final ToIntFunction<JobDetail> indexOf;
    private final ObjIntConsumer<JobExecutionContext> finished;

    private CheckHook(Broker broker, ToIntFunction<JobDetail> indexOf, ObjIntConsumer<JobExecutionContext> finished) {
        this.broker = broker;
        this.indexOf = indexOf;
        this.finished = finished;
    }

    /**
     * Hooks into a scheduler.
     *
     * @param indexOf which object a job checks, its place in {@code LoadedObjects}; negative for a job that is no check
     * @param finished takes each check that ran, with what its job left as the context's result; it hands that to the
     *     scheduler's own thread, which processes it and tells the module
     */
    public static void install(
            Scheduler scheduler,
            Broker broker,
            ToIntFunction<JobDetail> indexOf,
            ObjIntConsumer<JobExecutionContext> finished)
            throws SchedulerException {
        CheckHook hook = new CheckHook(broker, indexOf, finished);
        scheduler.getListenerManager().addTriggerListener(hook);
        scheduler.getListenerManager().addJobListener(hook);
    }

    @Override
    public String getName() {
        return "merlin";
    }

    @Override
    public boolean vetoJobExecution(Trigger trigger, JobExecutionContext context) {
        int index = indexOf.applyAsInt(context.getJobDetail());
        return index >= 0 && !broker.mayRun(index);
    }

    @Override
    public void jobWasExecuted(JobExecutionContext context, JobExecutionException failure) {
        int index = indexOf.applyAsInt(context.getJobDetail());
        if (index >= 0) {
            finished.accept(context, index);
        }
    }

    @Override
    public void triggerFired(Trigger trigger, JobExecutionContext context) {}

    @Override
    public void triggerMisfired(Trigger trigger) {}

    @Override
    public void triggerComplete(
            Trigger trigger, JobExecutionContext context, CompletedExecutionInstruction instruction) {}

    @Override
    public void jobToBeExecuted(JobExecutionContext context) {}

    @Override
    public void jobExecutionVetoed(JobExecutionContext context) {}
}
