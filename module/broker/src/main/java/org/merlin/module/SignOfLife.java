package org.merlin.module;

import org.merlin.module.ipc.Bell;

/** Whether the scheduler's own thread answers, or hangs. */
final class SignOfLife {
    private final Bell bell;
    private volatile long withinNanos;
    private volatile long answeredNanos;
    private volatile boolean answered;

    /**
     * Starts without an answer.
     *
     * @param bell of the thread that tells the daemon
     * @param withinNanos for how long an answer counts
     */
    SignOfLife(Bell bell, long withinNanos) {
        this.bell = bell;
        this.withinNanos = withinNanos;
    }

    /** An answer counts for another time from now on. Any thread. */
    void within(long newWithinNanos) {
        withinNanos = newWithinNanos;
    }

    /** Here it is. Scheduler's thread. */
    void give(long nowNanos) {
        boolean news = !answered || nowNanos - answeredNanos >= withinNanos;
        answeredNanos = nowNanos;
        answered = true;
        if (news) {
            bell.ring(); // the daemon thinks that the scheduler hangs
        }
    }

    /** Whether there was one lately. Any thread. */
    boolean isFresh(long nowNanos) {
        return answered && nowNanos - answeredNanos < withinNanos;
    }
}
