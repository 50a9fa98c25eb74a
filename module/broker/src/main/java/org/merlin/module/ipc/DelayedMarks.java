package org.merlin.module.ipc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.StreamId;

/**
 * Marks on their way to the daemon: the first of a burst at once, what follows together, so that neither side is woken for each
 * result. Added by any thread, taken by the sender's.
 */
final class DelayedMarks {
    private final long delayNanos;
    private final Map<StreamId, Long> waiting = new LinkedHashMap<>();
    private boolean looking;
    private boolean first;
    private long nextNanos;

    DelayedMarks(long delayNanos) {
        this.delayNanos = delayNanos;
    }

    /** Adds marks; returns whether the sender must be woken, since it will not look by itself. */
    synchronized boolean add(List<Mark> marks) {
        marks.forEach(mark -> waiting.merge(mark.stream(), mark.sequence(), Math::max));
        boolean wake = !looking;
        looking = true;
        first |= wake;
        return wake;
    }

    /** Whether the first of a burst waits. */
    synchronized boolean first() {
        return first;
    }

    /** What is to be sent now; whoever finds nothing when it looks need not look again. */
    synchronized List<Mark> takeDue(long nowNanos) {
        if (!looking || !first && nowNanos - nextNanos < 0) {
            return List.of();
        }
        first = false;
        looking = !waiting.isEmpty();
        nextNanos = nowNanos + delayNanos;
        return takeAll();
    }

    /** All that waits. */
    synchronized List<Mark> takeAll() {
        List<Mark> marks = new ArrayList<>();
        waiting.forEach((stream, sequence) -> marks.add(new Mark(stream, sequence)));
        waiting.clear();
        return marks;
    }

    /** After which time {@link #takeDue} is to be called; a long time if it need not be. */
    synchronized long nanosToNext(long nowNanos) {
        return looking ? Math.max(0, nextNanos - nowNanos) : Long.MAX_VALUE;
    }
}
