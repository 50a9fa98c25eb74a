package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.wire.StreamId;

/**
 * What went at one subscriber's bound although it had been sent and only its acknowledgement was missing: dropped or arrived, which its marks
 * say when it is back. Not kept over a restart: then it counts as dropped. Confined to the cluster loop.
 */
final class InDoubt {
    private final Map<StreamId, Long> sent = new HashMap<>();
    private final List<Gone> gone = new ArrayList<>();
    private long events;

    private record Gone(StreamId stream, long upTo, int events) {}

    /** The link ended before this was acknowledged. */
    void sent(StreamId stream, long upTo) {
        sent.merge(stream, upTo, Math::max);
    }

    /**
     * Something goes at the bound.
     *
     * @param upTo of its stream
     * @param owed how many events of it the subscriber is owed
     * @return whether that is in doubt; else it is dropped
     */
    boolean goes(StreamId stream, long upTo, int owed) {
        if (upTo > sent.getOrDefault(stream, 0L)) {
            return false;
        }
        gone.add(new Gone(stream, upTo, owed));
        events += owed;
        return true;
    }

    /** How many events are in doubt. */
    long events() {
        return events;
    }

    /** The subscriber has said how far it has each stream; returns how many of those in doubt it lacks. */
    long settle(Map<StreamId, Long> marks) {
        long lacks = gone.stream()
                .filter(chunk -> chunk.upTo > marks.getOrDefault(chunk.stream, 0L))
                .mapToLong(Gone::events)
                .sum();
        sent.clear();
        gone.clear();
        events = 0;
        return lacks;
    }
}
