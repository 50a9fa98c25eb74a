package org.merlin.daemon.sink;

/** The database did not take something. */
public final class HistoryException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is to be done. */
    public enum Kind {
        /** The same once more, at once: a deadlock, a conflict with another node of the cluster. */
        AGAIN,
        /** Connect anew, and see how far it came; later, if that fails too. */
        AWAY,
        /** Another node writes now. */
        OVERTAKEN,
        /** The rows themselves are not taken, however often. */
        ROWS
    }

    private final Kind kind;

    /**
     * Tells of it.
     *
     * @param message for people, with what to do where that is known; never with a password
     */
    public HistoryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
