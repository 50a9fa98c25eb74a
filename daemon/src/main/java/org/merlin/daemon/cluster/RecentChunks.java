package org.merlin.daemon.cluster;

/**
 * The newest chunks of the log, in memory, as long as links that are caught up have still to send them. Bounded by {@link #MAX_CHUNKS} and
 * {@link #MAX_BYTES}: the oldest go; who still needs them reads the log. Confined to the cluster loop.
 */
final class RecentChunks {
    static final int MAX_CHUNKS = 8192;
    static final long MAX_BYTES = 8 << 20;

    private final LoggedChunk[] ring = new LoggedChunk[MAX_CHUNKS];
    private long first;
    private long end;
    private long bytes;
    private long emptyAt = -1;

    void add(LoggedChunk chunk) {
        while (end - first == MAX_CHUNKS || end > first && bytes > MAX_BYTES) {
            dropFirst();
        }
        ring[(int) (end++ % MAX_CHUNKS)] = chunk;
        bytes += chunk.chunk().recordBytes();
    }

    /** Lets go of what nobody needs any more: what lives short costs the collector nothing. */
    void release(long beforeNumber) {
        while (first < end && first < beforeNumber) {
            dropFirst();
        }
    }

    private void dropFirst() {
        LoggedChunk gone = at(first);
        bytes -= gone.chunk().recordBytes();
        emptyAt = gone.end() == gone.position() ? gone.position() : emptyAt;
        ring[(int) (first++ % MAX_CHUNKS)] = null;
    }

    /** Number of the oldest chunk that is here; chunks are numbered from 0 since the start of the daemon. */
    long first() {
        return first;
    }

    /** Number that the next chunk will get. */
    long end() {
        return end;
    }

    long bytes() {
        return bytes;
    }

    LoggedChunk at(long number) {
        return ring[(int) (number % MAX_CHUNKS)];
    }

    /** Number of the first chunk here at or behind a position of the log; the next number if there is none. */
    long atOrAfter(long position) {
        long number = first;
        while (number < end && at(number).position() < position) {
            number++;
        }
        return number;
    }

    /** Whether everything from a position on is here; not sure of it where a chunk without events lay there. */
    boolean covers(long position, long takenEnd) {
        return emptyAt != position
                && (end == first ? position >= takenEnd : at(first).position() <= position);
    }
}
