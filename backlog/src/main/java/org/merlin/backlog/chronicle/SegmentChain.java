package org.merlin.backlog.chronicle;

import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The segments of a log by their first position. Thread-safe; only the log's thread adds. */
final class SegmentChain {
    private final ConcurrentNavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private volatile Segment last;

    void add(Segment segment) {
        segments.put(segment.base(), segment);
        last = segment;
    }

    /** Takes the first segment out, unless it is the last one too. */
    void removeFirst() {
        segments.pollFirstEntry();
    }

    Segment last() {
        return last;
    }

    Segment first() {
        return segments.firstEntry().getValue();
    }

    /** The segment that covers {@code position}, or the first of all if that is gone. */
    Segment at(long position) {
        Map.Entry<Long, Segment> covering = segments.floorEntry(position);
        return covering == null ? first() : covering.getValue();
    }

    /** The segment that follows a sealed one. */
    Segment after(Segment segment) {
        return segments.higherEntry(segment.base()).getValue();
    }

    /** Where the first segment would begin if all of them took {@code maxBytes} at most. */
    long startWithin(long maxBytes) {
        long start = last.base();
        long kept = 0;
        for (Segment segment : segments.descendingMap().values()) {
            kept += segment.tail().bytes();
            if (kept > maxBytes) {
                return start;
            }
            start = segment.base();
        }
        return start;
    }

    long bytes() {
        return segments.values().stream()
                .mapToLong(segment -> segment.tail().bytes())
                .sum();
    }
}
