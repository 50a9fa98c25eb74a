package org.merlin.daemon.cluster;

/**
 * The newest chunks of the log, in memory, for links that are caught up. Bounded by {@link #MAX_CHUNKS} and
 * {@link #MAX_BYTES}: the oldest go; who still needs them reads the log. Confined to the cluster loop.
 */
final class RecentChunks {
    static final int MAX_CHUNKS = 8192;
    static final long MAX_BYTES = 8 << 20;

    private final LoggedChunk[] ring = new LoggedChunk[MAX_CHUNKS];
    private long first;
    private long end;
    private long bytes;

    void add(LoggedChunk chunk) {
        while (end - first == MAX_CHUNKS || end > first && bytes > MAX_BYTES) {
            bytes -= at(first).chunk().recordBytes();
            ring[(int) (first++ % MAX_CHUNKS)] = null;
        }
        ring[(int) (end++ % MAX_CHUNKS)] = chunk;
        bytes += chunk.chunk().recordBytes();
    }

    /** Number of the oldest chunk that is here; chunks are numbered from 0 since the start of the daemon. */
    long first() {
        return first;
    }

    /** Number that the next chunk will get. */
    long end() {
        return end;
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

    /** Whether everything of the log from a position on is here. */
    boolean covers(long position, long logEnd) {
        return end == first ? position >= logEnd : at(first).position() <= position;
    }
}
