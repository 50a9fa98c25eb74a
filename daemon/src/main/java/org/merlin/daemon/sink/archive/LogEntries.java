package org.merlin.daemon.sink.archive;

import org.merlin.daemon.sink.HistoryException;
import org.merlin.protocol.event.MonitoredObject;

/** Takes what lines of a log say. Times are seconds since 1970. Each may say that the database does not take it. */
public interface LogEntries {
    /** An object is, or has become, of a state. */
    void state(long seconds, MonitoredObject object, int state, boolean hard, int attempt, String output)
            throws HistoryException;

    /** A downtime begins, or it ends or is cancelled. */
    void downtime(long seconds, MonitoredObject object, boolean begins, String text) throws HistoryException;

    /** An object begins to flap, or does no more. */
    void flapping(long seconds, MonitoredObject object, boolean begins, String text) throws HistoryException;

    /** A contact was told. */
    void notification(long seconds, MonitoredObject object, Told told) throws HistoryException;

    /** A scheduler starts, or it stops or reads its configuration anew. */
    void program(long seconds, boolean starts, String text) throws HistoryException;

    /**
     * Who was told what.
     *
     * @param reason number of the kind of notification, 0 for a plain one
     */
    record Told(String contact, String command, int reason, int state, String output, String author, String comment) {}
}
