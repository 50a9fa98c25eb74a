package org.merlin.confsync.generation;

import java.util.Optional;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.node.NodeRole;

/** What is known of another node's configuration. Confined to one thread. */
final class Remote {
    private Neighbour neighbour;
    private boolean linked;
    private Optional<ConfigHead> told = Optional.empty();

    Remote(Neighbour neighbour) {
        this.neighbour = neighbour;
    }

    Neighbour neighbour() {
        return neighbour;
    }

    void become(Neighbour changed) {
        neighbour = changed;
    }

    String name() {
        return neighbour.name();
    }

    boolean is(NodeRole role) {
        return neighbour.role() == role;
    }

    boolean linked() {
        return linked;
    }

    void linked(boolean now) {
        linked = now;
    }

    /** What it told last; it may have done so on a link that is gone. Empty if it takes no part. */
    Optional<ConfigHead> told() {
        return told;
    }

    void told(ConfigHead head) {
        told = Optional.of(head);
    }

    /** Connected, and takes part. */
    boolean here() {
        return linked && told.isPresent();
    }

    String runs() {
        return told.map(ConfigHead::runs).orElse("");
    }
}
