package org.merlin.daemon.sink;

import java.util.Optional;
import org.merlin.protocol.wire.Chunk;

/** Where the sink learns how everything stands when what led there is missing: the node's state table. Called on the sink's thread. */
@FunctionalInterface
public interface PresentStates {
    /** A node that knows of nothing. */
    PresentStates NONE = () -> Optional::empty;

    /** A walk through all that is known, page by page. */
    @FunctionalInterface
    interface Walk {
        /** The next items; empty at the end. */
        Optional<Chunk> next();
    }

    /** Begins one. */
    Walk walk();
}
