package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.daemon.cluster.Checkpoint.Gap;
import org.merlin.protocol.wire.StreamId;

/**
 * What one subscriber was owed and is not there any more, until it has acknowledged that: of each stream, gaps in their order that
 * neither overlap nor touch. What lies between two of them was sent and is still there. Confined to the cluster loop.
 */
final class Gaps {
    private final Map<StreamId, List<Gap>> byStream = new LinkedHashMap<>();

    /**
     * Adds one.
     *
     * @param mark how far the subscriber was sent the stream: between a gap that ends there, or above it, and this one it was owed nothing,
     *     so that they are one
     */
    void add(Gap gap, long mark) {
        List<Gap> known = byStream.computeIfAbsent(gap.stream(), any -> new ArrayList<>());
        Gap whole = gap;
        int at = 0;
        while (at < known.size()
                && known.get(at).upTo() < whole.after()
                && mark > known.get(at).upTo()) {
            at++;
        }
        while (at < known.size() && known.get(at).after() <= whole.upTo()) {
            Gap other = known.remove(at);
            whole = new Gap(gap.stream(), Math.min(other.after(), whole.after()), Math.max(other.upTo(), whole.upTo()));
        }
        known.add(at, whole);
    }

    /** What of a stream is lost before a position of it and above a mark; in order. */
    List<Gap> between(StreamId stream, long mark, long before) {
        List<Gap> known = byStream.get(stream);
        if (known == null) { // of nearly every chunk
            return List.of();
        }
        return known.stream()
                .filter(gap -> gap.upTo() > mark && gap.after() < before)
                .toList();
    }

    /** Whether all of a stretch is known as lost. */
    boolean cover(StreamId stream, long after, long upTo) {
        return byStream.getOrDefault(stream, List.of()).stream()
                .anyMatch(gap -> gap.after() <= after && gap.upTo() >= upTo);
    }

    /** The subscriber knows a stream up to there. */
    void acknowledged(StreamId stream, long sequence) {
        List<Gap> known = byStream.get(stream);
        if (known != null) {
            known.removeIf(gap -> gap.upTo() <= sequence);
            if (known.isEmpty()) {
                byStream.remove(stream);
            }
        }
    }

    /** All of them, those of a stream in order. */
    List<Gap> all() {
        return byStream.isEmpty()
                ? List.of()
                : byStream.values().stream().flatMap(List::stream).toList();
    }
}
