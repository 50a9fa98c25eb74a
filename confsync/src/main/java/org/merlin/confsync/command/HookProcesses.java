package org.merlin.confsync.command;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.merlin.confsync.hooks.HookCommand;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.hooks.HookResult.End;
import org.merlin.confsync.hooks.HookRunner;

/** Runs each command as a process, with a thread that waits for it; answers on the caller's loop. Any thread. */
public final class HookProcesses implements HookRunner, AutoCloseable {
    /** How long a command may take. */
    public static final Duration LIMIT = Duration.ofSeconds(600);

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final long CLOSE_MILLIS = 3_000;

    private final Map<String, String> environment;
    private final Duration limit;
    private final Duration grace;
    private final Executor answers;
    private final Set<HookProcess> running = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Commands with the usual limits.
     *
     * @param environment what they find beside our own environment
     * @param limit how long one may take, {@link #LIMIT}
     * @param answers runs what is to be told on the caller's loop
     */
    public HookProcesses(Map<String, String> environment, Duration limit, Executor answers) {
        this(environment, limit, GRACE, answers);
    }

    HookProcesses(Map<String, String> environment, Duration limit, Duration grace, Executor answers) {
        this.environment = Map.copyOf(environment);
        this.limit = limit;
        this.grace = grace;
        this.answers = answers;
    }

    @Override
    public void run(HookCommand command, Consumer<HookResult> done) {
        Thread thread = new Thread(() -> runHere(command, done), "merlin-hook");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void runHere(HookCommand command, Consumer<HookResult> done) {
        try {
            HookResult result = result(command);
            if (!closed) {
                answers.execute(() -> done.accept(result));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    private HookResult result(HookCommand command) throws InterruptedException {
        if (command.nothing()) {
            return new HookResult(End.EXITED, 0, Duration.ZERO, "", 0);
        }
        HookProcess process;
        try {
            process = HookProcess.start(command, environment, grace);
        } catch (IOException e) {
            return new HookResult(End.NOT_STARTED, -1, Duration.ZERO, e.getMessage(), 0);
        }
        running.add(process);
        try {
            if (closed) {
                process.abandon();
            }
            return process.await(limit);
        } finally {
            running.remove(process);
        }
    }

    /** Ends what runs, waiting for at most three seconds; nobody is told any more. */
    @Override
    public void close() {
        closed = true;
        running.forEach(HookProcess::abandon);
        long deadlineNanos = System.nanoTime() + CLOSE_MILLIS * 1_000_000;
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
