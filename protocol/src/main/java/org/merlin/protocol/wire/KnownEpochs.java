package org.merlin.protocol.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which epochs of each origin are remembered: the newest {@value #KEPT}. An older one is over. Each run of a scheduler is an epoch, and
 * events of one origin come in the order of its epochs, so what still comes of one that is over was there already. Not thread-safe.
 */
public final class KnownEpochs {
    /** Epochs of an origin that are remembered. */
    public static final int KEPT = 16;

    private final Map<Long, NavigableSet<Integer>> byOrigin = new HashMap<>();

    /** Remembers a stream; returns those that are over now, which may be this one. */
    public List<StreamId> add(StreamId stream) {
        NavigableSet<Integer> epochs =
                byOrigin.computeIfAbsent(stream.origin(), any -> new TreeSet<>(Integer::compareUnsigned));
        epochs.add(stream.epoch());
        List<StreamId> over = new ArrayList<>();
        while (epochs.size() > KEPT) {
            over.add(new StreamId(stream.origin(), epochs.pollFirst()));
        }
        return over;
    }

    /** Whether a stream is not remembered, and would be over at once if it were. */
    public boolean isOver(StreamId stream) {
        NavigableSet<Integer> epochs = byOrigin.get(stream.origin());
        return epochs != null && epochs.size() == KEPT && Integer.compareUnsigned(stream.epoch(), epochs.first()) < 0;
    }
}
