package org.merlin.confsync.generation;

import java.util.List;
import org.merlin.protocol.node.NodeRole;

/**
 * Another node, as merlin.conf names it.
 *
 * @param hostgroups of a poller, sorted; else empty
 */
public record Neighbour(String name, NodeRole role, List<String> hostgroups) {
    public Neighbour {
        hostgroups = List.copyOf(hostgroups);
    }
}
