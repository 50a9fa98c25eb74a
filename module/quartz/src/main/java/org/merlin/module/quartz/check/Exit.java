package org.merlin.module.quartz.check;

/**
 * How a check's process ended.
 *
 * @param kind whether it ended by itself
 * @param status its exit status; 128 + signal if a signal ended it; meaningless unless it ended by itself
 * @param stdout the beginning of what it printed
 * @param stderr the beginning of what it complained
 */
record Exit(Kind kind, int status, byte[] stdout, byte[] stderr, long startMillis, long startNanos, long endNanos) {
    enum Kind {
        ENDED,
        TIMED_OUT,
        /** The scheduler stops. */
        ABANDONED,
        /** This machine could not start it. */
        NOT_STARTED
    }

    long nanos() {
        return endNanos - startNanos;
    }
}
