package org.merlin.backlog;

import java.nio.ByteBuffer;

/**
 * One log of byte records for all nodes, which survives its process. A <em>position</em> is the log's own count of
 * events: the first event ever appended has position 0, and a record of n events covers n positions. What the bytes
 * mean is the business of who appends them.
 *
 * <p>Appending and syncing are confined to one thread, the log's; {@link #end()} and {@link #reader(long)} may be
 * called from any other, and a reader is confined to the thread that asked for it.
 */
public interface EventLog extends AutoCloseable {
    /**
     * Appends a record.
     *
     * @param record its bytes, from position to limit, left unchanged; at most {@link #MAX_RECORD_BYTES}
     * @param events how many events it holds, 0 or more
     * @return the position of its first event, that is the log's end before it
     * @throws IllegalArgumentException if the record is too long or the count negative; nothing was appended then
     * @throws LogFullException if the disk has too little room left; nothing was appended then
     * @throws IllegalStateException if the log is closed, or broke before
     */
    long append(ByteBuffer record, int events);

    /** Forces what was appended to the disk; returns when it is there. */
    void sync();

    /**
     * Forgets what lies below {@code position}, as far as whole segments do; the last segment stays. Readers that stand in what
     * goes read on to its end. On the log's thread.
     */
    void discard(long position);

    /** Goes on at a higher position: what would lie between is lost. On the log's thread. */
    void leap(long position);

    /** Position of the oldest event that is kept. */
    long start();

    /** The lowest {@link #start()} with which all that is kept takes at most {@code maxBytes}, or one segment if that takes more. */
    long startWithin(long maxBytes);

    /** Position of the next event to be appended. */
    long end();

    /** Bytes on disk that hold records. */
    long bytes();

    /**
     * Opens a reader before the record that covers {@code position}; at the start of the log if that is gone, at its end
     * if it is not there yet. A record of no events lies before the one that follows it: a reader at its position
     * begins with it.
     */
    Reader reader(long position);

    @Override
    void close();

    /** Largest record, in bytes. */
    int MAX_RECORD_BYTES = 4 << 20;

    /** What {@link #append} asks of its arguments; for implementations. */
    static void requireAppendable(ByteBuffer record, int events) {
        if (record.remaining() > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException(
                    "record of " + record.remaining() + " bytes, at most " + MAX_RECORD_BYTES + " fit");
        }
        if (events < 0) {
            throw new IllegalArgumentException("a record of " + events + " events");
        }
    }

    /** Goes through the records in the order in which they were appended, and waits at the end for more. */
    interface Reader extends AutoCloseable {
        /**
         * Moves to the next record; false at the end of the log: ask again when more was appended. A damaged record is passed over
         * and told in the process's log; the next one then has a higher position than would follow.
         */
        boolean next();

        /** Position of the first event of the record. */
        long position();

        /** How many events the record holds. */
        int events();

        /** The record's bytes: a heap buffer of their own that the caller may keep. */
        ByteBuffer record();

        @Override
        void close();
    }
}
