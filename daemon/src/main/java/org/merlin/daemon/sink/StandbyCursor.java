package org.merlin.daemon.sink;

import java.util.ArrayDeque;
import java.util.Deque;

/** Where the log ended some time ago: a node that may come to write in another's place needs what is newer. Confined to one thread. */
final class StandbyCursor {
    private static final long STEP_NANOS = 1_000_000_000L;

    private final long behindNanos;
    private final Deque<Seen> seen = new ArrayDeque<>();
    private long position;

    private record Seen(long nanos, long end) {}

    StandbyCursor(long start, long behindNanos) {
        this.position = start;
        this.behindNanos = behindNanos;
    }

    /** Notes where the log ends now; returns where it ended then, or as long ago as is known. */
    long at(long nowNanos, long end) {
        if (seen.isEmpty() || nowNanos - seen.getLast().nanos() >= STEP_NANOS) {
            seen.add(new Seen(nowNanos, end));
        }
        while (!seen.isEmpty() && nowNanos - seen.getFirst().nanos() >= behindNanos) {
            position = seen.removeFirst().end();
        }
        return position;
    }
}
