package org.merlin.daemon.sink;

import java.util.List;
import java.util.Optional;
import org.merlin.protocol.wire.Chunk;

/** What the sink learns of its node beside the log. Called on the sink's thread. */
public interface NodeKnowledge {
    /** Name of a node by its number; its number where that is not known. */
    String nodeName(long origin);

    /** Begins a walk through how everything stands, for when what led there is missing. */
    Walk states();

    /** Which generation of the object configuration each node runs, as far as is known; the same list while that is the same. */
    List<Generation> generations();

    /** A walk through the state table, page by page. */
    @FunctionalInterface
    interface Walk {
        /** The next items; empty at the end. */
        Optional<Chunk> next();
    }

    /**
     * A generation that a node runs.
     *
     * @param hash of the generation
     * @param sinceMicros when that was seen first, since 1970
     * @param author node on which it was made; empty where that is not known
     * @param note why it was made
     */
    record Generation(String node, String hash, long sinceMicros, String author, String note) {}
}
