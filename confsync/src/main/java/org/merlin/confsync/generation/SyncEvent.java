package org.merlin.confsync.generation;

/** What the log is told of the sync. */
public enum SyncEvent {
    /** A generation is run from now on. */
    ACCEPTED,
    /** One was refused, or did not do. */
    REFUSED,
    /** Two nodes have changed the same one. */
    APART,
    /** Changes in the folder that were not pushed keep a generation out. */
    EDITED,
    /** A step that is no fault of the configuration failed. */
    TROUBLE
}
