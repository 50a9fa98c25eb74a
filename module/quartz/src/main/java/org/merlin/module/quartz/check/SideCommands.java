package org.merlin.module.quartz.check;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs notification commands and event handlers, on a few threads of its own so that they never hold up checks. At most
 * {@link #MOST_WAITING} wait; more are dropped and counted. {@link #run} on any thread, never waits.
 */
public final class SideCommands implements AutoCloseable {
    /** An outage of all of a large site must fit: 20,000 objects with two commands each. */
    static final int MOST_WAITING = 50_000;

    private static final int THREADS = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** Between two lines about commands that were dropped. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(SideCommands.class);

    private final Map<String, String> environment;
    private final Consumer<String> history;
    private final Set<CheckProcess> running = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads;
    private long dropped;
    private long saidNanos;
    private volatile boolean closed;

    /**
     * Makes the runner; its threads start with the first command.
     *
     * @param node what the commands find in {@code MERLIN_NODE}
     * @param history takes lines for the scheduler's log, on any thread
     */
    public SideCommands(String node, Consumer<String> history) {
        this.environment = Map.of("MERLIN_NODE", node);
        this.history = history;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "side-command");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a command line soon.
     *
     * @param what for the log if it fails, e.g. {@code Contact 'x' service notification command 'y'}
     */
    public void run(String what, String line) {
        try {
            threads.execute(() -> execute(what, line));
        } catch (RejectedExecutionException e) {
            sayDropped(what);
        }
    }

    private synchronized void sayDropped(String what) {
        dropped++;
        long now = System.nanoTime();
        if (!closed && (dropped == 1 || now - saidNanos >= QUIET_NANOS)) {
            saidNanos = now;
            LOG.warn("MRL-3016 {} was dropped, {} so far: {} are waiting already", what, dropped, MOST_WAITING);
        }
    }

    private void execute(String what, String line) {
        CheckProcess process;
        try {
            process = CheckProcess.start(line, environment);
        } catch (IOException e) {
            history.accept("Warning: " + what + " could not be started: " + e.getMessage());
            return;
        }
        running.add(process);
        try {
            if (closed) {
                process.abandon();
            }
            say(what, process.await(TIMEOUT));
        } catch (InterruptedException e) {
            process.abandon();
            Thread.currentThread().interrupt();
        } finally {
            running.remove(process);
        }
    }

    private void say(String what, Exit exit) {
        if (exit.kind() == Exit.Kind.TIMED_OUT) {
            history.accept("Warning: " + what + " timed out after " + TIMEOUT.toSeconds() + " seconds");
        } else if (exit.kind() == Exit.Kind.ENDED && exit.status() != 0) {
            history.accept("Warning: " + what + " ended with status " + exit.status() + ": "
                    + CheckProcess.complaint(exit.stderr()));
        }
    }

    /** Gives what waits and runs a second to end, then ends it. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closed = true;
        int waiting = threads.shutdownNow().size();
        if (waiting > 0) {
            LOG.warn("MRL-3016 {} commands that were waiting are dropped: the scheduler stops", waiting);
        }
        CheckProcess.abandon(List.copyOf(running));
    }
}
