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

    Segment last() {
        return last;
    }

    Segment first() {
        return segments.firstEntry().getValue();
    }

    /**
     * The segment where a reader of {@code position} begins: the last that starts below it, for a record of no events
     * at this position may be its last; or the first of all.
     */
    Segment at(long position) {
        Map.Entry<Long, Segment> below = segments.lowerEntry(position);
        return below == null ? first() : below.getValue();
    }

    /** The segment that follows a sealed one. */
    Segment after(Segment segment) {
        return segments.higherEntry(segment.base()).getValue();
    }

    long bytes() {
        return segments.values().stream()
                .mapToLong(segment -> segment.tail().bytes())
                .sum();
    }
}
