package org.merlin.module.quartz.schedule;

import org.merlin.module.quartz.check.CheckRunner;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;

/** Runs one check; its finding becomes the context's result. One instance serves all workers. */
@DisallowConcurrentExecution
final class CheckJob implements Job {
    private final CheckRunner runner;

    CheckJob(CheckRunner runner) {
        this.runner = runner;
    }

    /** The object that a job checks. */
    static String nameOf(JobDetail job) {
        return job.getKey().getName();
    }

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
        try {
            runner.run(
                            nameOf(context.getJobDetail()),
                            context.getScheduledFireTime().getTime())
                    .ifPresent(context::setResult);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobExecutionException("the check was interrupted", e);
        }
    }
}
