package org.merlin.confsync.hooks;

import java.util.Optional;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeRole;

/**
 * Two nodes that see each other, from the side of one of them.
 *
 * @param role of the other, as seen from here
 * @param dialled whether the other is dialled from here ({@code connect})
 * @param ours this node
 * @param theirs the other node
 * @param part for pollers, what they should have of our configuration, where that is known; else empty
 * @param peersAgree whether all peers of this node are there and have its configuration
 * @param commands what may be run for the other node
 */
public record Situation(
        NodeRole role,
        boolean dialled,
        Side ours,
        Side theirs,
        Optional<ConfigStamp> part,
        boolean peersAgree,
        HookCommands commands) {

    /**
     * One of them.
     *
     * @param startMicros when its scheduler started, since 1970
     */
    public record Side(String name, ConfigStamp stamp, long startMicros) {
        boolean known() {
            return !stamp.sha1().isEmpty();
        }
    }

    /** What the other should have: our configuration, or its part of it; empty where that is not known. */
    public Optional<ConfigStamp> expected() {
        return role == NodeRole.POLLER ? part : Optional.of(ours.stamp()).filter(stamp -> ours.known());
    }

    /**
     * Whether the other node's configuration is another one than it should be. What is not known does not differ, and neither does what
     * a master has, of which we know only a part.
     */
    public boolean differs() {
        return role != NodeRole.MASTER
                && theirs.known()
                && expected()
                        .filter(stamp -> !stamp.sha1().equals(theirs.stamp().sha1()))
                        .isPresent();
    }

    /** How much newer the other's newest file is than what it should have, in seconds. */
    long newerSeconds() {
        return theirs.stamp().newestMtimeSeconds()
                - expected().orElse(ours.stamp()).newestMtimeSeconds();
    }
}
