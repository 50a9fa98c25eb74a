package org.merlin.confsync.generation;

/** What was read is no tree, no generation or no memory of ours; the message says why. */
public final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String what) {
        super(what);
    }
}
