package org.merlin.protocol.node;

import java.util.Locale;

/** Role of another node as seen from this one. */
public enum NodeRole {
    /** Above us: is told everything, sends us our selection's commands and results. */
    MASTER,
    /** Beside us: shares our checks. */
    PEER,
    /** Below us: runs the checks of its hostgroups. */
    POLLER;

    /** The word that merlin.conf, logs and the command line use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
