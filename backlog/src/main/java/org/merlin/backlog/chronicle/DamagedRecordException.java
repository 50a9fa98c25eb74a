package org.merlin.backlog.chronicle;

/** A record of the log is not as it was written. */
final class DamagedRecordException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedRecordException(String what) {
        super(what);
    }
}
