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
    private static final String INDEX = "index";

    private final CheckRunner runner;

    CheckJob(CheckRunner runner) {
        this.runner = runner;
    }

    static void mark(JobDetail job, int index) {
        job.getJobDataMap().put(INDEX, index);
    }

    static int indexOf(JobDetail job) {
        return job.getJobDataMap().get(INDEX) instanceof Integer index ? index : -1;
    }

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
        try {
            runner.run(
                            indexOf(context.getJobDetail()),
                            context.getScheduledFireTime().getTime())
                    .ifPresent(context::setResult);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobExecutionException("the check was interrupted", e);
        }
    }
}
