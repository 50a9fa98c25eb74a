package org.merlin.daemon.sink;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.wire.StreamId;

/** A database that is connected, as the sink sees it. Confined to the sink's thread; each call may block within its time limits. */
public interface History extends AutoCloseable {
    /** Opens it: connects, and brings its schema up to date. */
    @FunctionalInterface
    interface Opener {
        History open() throws HistoryException;
    }

    /**
     * What was written before.
     *
     * @param progress how far each scheduler's run was written
     * @param flapping objects that flap
     * @param waiting flexible downtimes that wait for a problem
     * @param acknowledged objects whose problem is acknowledged, and whether until it is over (sticky)
     */
    record Past(
            Map<StreamId, Long> progress,
            Set<MonitoredObject> flapping,
            Map<EventName, RowMaker.Waiting> waiting,
            Map<MonitoredObject, Boolean> acknowledged) {}

    /**
     * Whether this node is the one that writes; it becomes so when nobody else does. Wanted several times a second.
     *
     * @throws HistoryException if the database is away
     */
    boolean hold() throws HistoryException;

    /** Node that writes, and its fence; for people. */
    String holder();

    /**
     * What of the server is not as it should be, each in a sentence: how it keeps what it is given, its clock, its place in a cluster.
     *
     * @throws HistoryException if the database is away
     */
    List<String> warnings() throws HistoryException;

    /** What was written before, by whoever did. */
    Past past() throws HistoryException;

    /** Writes a batch in one transaction. */
    void write(Batch batch) throws HistoryException;

    /**
     * Removes a piece of the history that is older than a time, seconds since 1970.
     *
     * @return whether there is more
     */
    boolean purge(long beforeSeconds) throws HistoryException;

    /** Gives the lease back, so that another node writes at once. */
    void give();

    @Override
    void close();
}
