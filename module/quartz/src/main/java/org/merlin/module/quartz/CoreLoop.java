package org.merlin.module.quartz;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler's own thread: does what others hand in, in order, and gives the module its turns between. The queue is bounded; who
 * hands in waits while it is full, but {@link #wake} never does.
 */
final class CoreLoop {
    private static final int MOST_TASKS = 4096;
    /** Tasks between two turns of the module. */
    private static final int SLICE = 64;

    private static final long TICK_MILLIS = 1000;
    private static final Runnable NUDGE = () -> {};

    private static final Logger LOG = LoggerFactory.getLogger(CoreLoop.class);

    private final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(MOST_TASKS);
    private final AtomicBoolean turnWanted = new AtomicBoolean();
    private final NanoClock clock;
    private final LongPredicate turn;
    private final Runnable tick;
    private final Thread thread = new Thread(this::run, "core");
    private volatile boolean stopped;

    /**
     * Makes the loop; it runs after {@link #start}.
     *
     * @param turn the module's turn; returns whether it wants another
     * @param tick called about once a second
     */
    CoreLoop(NanoClock clock, LongPredicate turn, Runnable tick) {
        this.clock = clock;
        this.turn = turn;
        this.tick = tick;
    }

    void start() {
        thread.start();
    }

    /** Hands in a task; waits while too many are waiting. Dropped once the loop has stopped. */
    void submit(Runnable task) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("the core may not wait for itself");
        }
        try {
            while (!stopped && !tasks.offer(task, 100, TimeUnit.MILLISECONDS)) {
                LOG.debug("the core is behind by {} tasks", MOST_TASKS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the module a turn soon. Any thread; never waits. */
    void wake() {
        if (turnWanted.compareAndSet(false, true)) {
            tasks.offer(NUDGE); // if there is no room, the loop is awake anyway
        }
    }

    /** Ends the loop after all that has been handed in, and waits for that. */
    void stop() throws InterruptedException {
        submit(() -> stopped = true);
        thread.join();
    }

    /** Whether it takes tasks, or is about to. */
    boolean isAlive() {
        return !stopped;
    }

    private void run() {
        long lastTick = clock.nanos();
        try {
            while (!stopped) {
                doTasks(turnWanted.get());
                long now = clock.nanos();
                if (turnWanted.getAndSet(false) && guardedTurn(now)) {
                    turnWanted.set(true);
                }
                if (now - lastTick >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                    lastTick = now;
                    guarded(tick);
                }
            }
        } catch (InterruptedException | Error e) {
            LOG.error("MRL-3099 the core cannot go on and ends", e);
        } finally {
            stopped = true;
        }
    }

    private void doTasks(boolean inHurry) throws InterruptedException {
        Runnable task = inHurry ? tasks.poll() : tasks.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        for (int done = 0; task != null && !stopped; done++) {
            guarded(task);
            task = done < SLICE ? tasks.poll() : null;
        }
    }

    private boolean guardedTurn(long nowNanos) {
        try {
            return turn.test(nowNanos);
        } catch (RuntimeException e) {
            LOG.error("MRL-3099 our own fault in the module's turn; the scheduler goes on", e);
            return false;
        }
    }

    /** The last resort: one bad task must not end all checks. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("MRL-3099 our own fault in the core; the scheduler goes on", e);
        }
    }
}
