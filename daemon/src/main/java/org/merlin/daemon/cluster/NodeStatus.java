package org.merlin.daemon.cluster;

import java.util.Locale;

/** Where a node is in its life, as this one sees it. */
public enum NodeStatus {
    /** No link, and none under way. */
    DISCONNECTED,
    /** We are dialling. */
    CONNECTING,
    /** A link is open, its first pulse has not come yet. */
    NEGOTIATING,
    /** Its daemon is there, its module or scheduler is not. */
    CONNECTED,
    /** Its scheduler runs: it counts in the ring. */
    ACTIVE;

    /** The word for status displays. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
