package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
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

    /** Position of the oldest event that is kept. */
    long start();

    /** Position of the next event, as far as {@code onAppended} has told. */
    long end();

    /** Bytes of records in the log. */
    long bytes();

    /** Who is told. All on the loop. */
    interface Listener {
        /** The oldest record that was not answered yet is in the log, at this position, and readers see it. */
        void onAppended(long position, long nowNanos);

        /** The oldest {@code records} that were appended and not yet answered by this are on the disk. */
        void onSynced(int records, long nowNanos);

        /** {@link #roomy()} has changed. */
        void onRoom(boolean roomy, long nowNanos);
    }
}
