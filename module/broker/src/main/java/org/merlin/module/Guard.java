package org.merlin.module;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;

/**
 * Keeps our own faults away from the scheduler: counts them, and after {@link #MAX_IN_A_ROW} without a success between them
 * lets the module go for good. Any thread.
 */
final class Guard {
    static final int MAX_IN_A_ROW = 10;

    private final AtomicInteger inARow = new AtomicInteger();
    private final BiConsumer<String, RuntimeException> report;
    private final Runnable detach;
    private volatile boolean detached;

    /**
     * Makes a guard.
     *
     * @param report told every fault; must not block
     * @param detach called once, when it is enough
     */
    Guard(BiConsumer<String, RuntimeException> report, Runnable detach) {
        this.report = report;
        this.detach = detach;
    }

    /**
     * Asks for a decision.
     *
     * @param what is decided about, which the place of an object follows
     * @return what the scheduler does alone, true, if we fail or have let go
     */
    boolean decide(String what, int index, IntPredicate decision) {
        if (detached) {
            return true;
        }
        try {
            return decision.test(index);
        } catch (RuntimeException e) {
            failed("deciding about " + what + " " + index, e);
            return true;
        }
    }

    /**
     * Takes what the scheduler tells, unless we have let go.
     *
     * @param of names it more closely
     */
    void take(String what, Object of, Runnable taking) {
        if (detached) {
            return;
        }
        try {
            taking.run();
            succeeded();
        } catch (RuntimeException e) {
            failed("taking " + what + " " + of, e);
        }
    }

    void succeeded() {
        if (inARow.get() != 0) {
            inARow.set(0);
        }
    }

    void failed(String where, RuntimeException fault) {
        report.accept(where, fault);
        if (inARow.incrementAndGet() >= MAX_IN_A_ROW) {
            detach();
        }
    }

    /** Lets go at once. */
    void detach() {
        synchronized (this) {
            if (detached) {
                return;
            }
            detached = true;
        }
        detach.run();
    }

    boolean detached() {
        return detached;
    }
}
