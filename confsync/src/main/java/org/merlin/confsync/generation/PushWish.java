package org.merlin.confsync.generation;

import java.util.List;
import java.util.Optional;

/**
 * What somebody wants to push.
 *
 * @param generation whose contents are to be run again, or chosen; empty for what the folder holds
 * @param force whether nodes that refuse, or have gone another way, are passed over
 * @param join whether it is to follow what other nodes run as well, so that they take it in place of their own
 * @param only nodes that are to run it for now; empty for all
 * @param soakNanos how long these are watched before all others follow; 0 where they are not to
 * @param running whether our scheduler runs it already
 * @param note why, for the history
 */
public record PushWish(
        Optional<String> generation,
        boolean force,
        boolean join,
        List<String> only,
        long soakNanos,
        boolean running,
        String note) {
    public PushWish {
        only = List.copyOf(only);
    }

    /** Changes that the scheduler has read by itself. */
    static PushWish readByScheduler() {
        return new PushWish(Optional.empty(), false, false, List.of(), 0, true, "read by the scheduler");
    }
}
