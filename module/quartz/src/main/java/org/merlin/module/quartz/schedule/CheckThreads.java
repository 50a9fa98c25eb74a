package org.merlin.module.quartz.schedule;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.quartz.spi.ThreadPool;

/**
 * Quartz' workers: as many as checks may run at once, each started when first needed and ended after a while without work. Public
 * only because Quartz calls its setters by reflection.
 */
public final class CheckThreads implements ThreadPool {
    private static final long IDLE_SECONDS = 20;

    private final ThreadPoolExecutor executor;
    private int size;
    private int busy;
    private boolean closed;

    CheckThreads(int size) {
        this.size = size;
        AtomicInteger started = new AtomicInteger();
        // unbounded here, because "busy" is the bound: a worker that has just become free is still counted by the
        // executor
        executor = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "check-" + started.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Sets how many there may be from now on; who works is not disturbed. */
    synchronized void resize(int most) {
        size = most;
        notifyAll();
    }

    @Override
    public boolean runInThread(Runnable task) {
        synchronized (this) {
            if (blockForAvailableThreads() == 0) {
                return false;
            }
            busy++;
        }
        executor.execute(() -> {
            try {
                task.run();
            } finally {
                release();
            }
        });
        return true;
    }

    private synchronized void release() {
        busy--;
        notifyAll();
    }

    @Override
    public synchronized int blockForAvailableThreads() {
        while (busy >= size && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
        return closed ? 0 : size - busy;
    }

    @Override
    public void initialize() {}

    @Override
    public synchronized void shutdown(boolean waitForJobsToComplete) {
        closed = true;
        notifyAll();
        executor.shutdown();
    }

    @Override
    public synchronized int getPoolSize() {
        return size;
    }

    @Override
    public void setInstanceId(String instanceId) {}

    @Override
    public void setInstanceName(String instanceName) {}
}
