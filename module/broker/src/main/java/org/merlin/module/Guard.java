package org.merlin.module;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

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
