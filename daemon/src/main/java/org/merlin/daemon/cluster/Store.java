package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.merlin.backlog.EventLog;

/**
 * The event log as the cluster loop sees it: writes go to the log's own thread and are answered on the loop, so that appends
 * and syncs never hold links or pulses. All calls on the loop.
 */
public interface Store {
    /**
     * Hands a record to the log's thread, which appends it within milliseconds. The answer is {@code Listener.onAppended}, in the order
     * of the calls; positions follow from that order.
     *
     * @param record not copied, so nobody may change it any more
     * @param events how many events it holds
     */
    void append(ByteBuffer record, int events);

    /** Whether there is room for more: false while too much waits for the log's thread, or the disk is full. */
    boolean roomy();

    /** Opens a reader for the loop. */
    EventLog.Reader reader(long position);

    /** Goes on at a higher position; at the start only, when the log has lost what lay before it. */
    void leap(long position);

    /** Position of the oldest event that is kept. */
    long start();

    /** Position of the next event, as far as {@code onAppended} has told. */
    long end();

    /** Bytes of records in the log. */
    long bytes();

    /** The lowest {@link #start()} with which the log takes at most {@code maxBytes}, or one segment if that takes more. */
    long startWithin(long maxBytes);

    /** Free space on the log's disk, in bytes. */
    long usableBytes();

    /** What {@link #checkpoint} kept last; for the start. */
    Optional<ByteBuffer> lastCheckpoint();

    /**
     * Syncs the log and keeps these bytes: whenever the process ends, either they are there or those before. Then the log forgets
     * what lies below a position, as far as it can. The answer is {@code Listener.onCheckpoint}; one at a time.
     *
     * @param content not copied, so nobody may change it any more
     */
    void checkpoint(ByteBuffer content, long discardBelow);

    /** The state table as {@link #keepState} kept it as a whole last; for the start. */
    Optional<ByteBuffer> lastState();

    /**
     * Adds bytes to a file that takes the place of the last one when it is whole. The answer is {@code Listener.onStateKept}; one at a
     * time.
     *
     * @param bytes not copied, so nobody may change them any more
     * @param first whether a file begins with them: what was begun before is given up
     * @param last whether it is whole with them
     */
    void keepState(ByteBuffer bytes, boolean first, boolean last);

    /** Who is told. All on the loop. */
    interface Listener {
        /** The oldest record that was not answered yet is in the log, at this position, and readers see it. */
        void onAppended(long position, long nowNanos);

        /** The oldest {@code records} that were appended and not yet answered by this are on the disk. */
        void onSynced(int records, long nowNanos);

        /** The checkpoint is kept, and the log has forgotten what it could; or neither, if the disk did not take it. */
        void onCheckpoint(long nowNanos);

        /** The oldest bytes of {@link #keepState} that were not answered yet are kept, or cannot be. */
        void onStateKept(boolean ok, boolean last);

        /** {@link #roomy()} has changed. */
        void onRoom(boolean roomy, long nowNanos);
    }
}
