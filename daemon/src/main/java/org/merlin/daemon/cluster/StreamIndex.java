package org.merlin.daemon.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.StreamId;

/**
 * Where in the log each stream is, roughly: from where to read for what lies above a mark. Of what a former run took it knows
 * nothing. Confined to the cluster loop.
 */
final class StreamIndex {
    /** Bytes of a stream between two of its samples, at first. */
    private static final long SAMPLE_BYTES = 256 << 10;

    private static final int MAX_SAMPLES = 1024;

    private final Map<StreamId, Samples> streams = new HashMap<>();

    private static final class Samples {
        private final long begins;
        private long[] upTo = new long[4];
        private long[] end = new long[4];
        private int size;
        private long apart = SAMPLE_BYTES;
        private long bytes;

        Samples(long begins) {
            this.begins = begins;
        }

        void add(LoggedChunk chunk) {
            bytes += chunk.chunk().recordBytes();
            if (size > 0 && bytes < apart) {
                return;
            }
            bytes = 0;
            if (size == upTo.length) {
                grow();
            }
            upTo[size] = chunk.chunk().upTo();
            end[size++] = chunk.end();
        }

        private void grow() {
            if (size < MAX_SAMPLES) {
                upTo = Arrays.copyOf(upTo, 2 * size);
                end = Arrays.copyOf(end, 2 * size);
                return;
            }
            apart *= 2;
            size /= 2;
            for (int i = 0; i < size; i++) {
                upTo[i] = upTo[2 * i + 1];
                end[i] = end[2 * i + 1];
            }
        }

        long positionAbove(long mark) {
            int found = Arrays.binarySearch(upTo, 0, size, mark);
            int last = found >= 0 ? found : -found - 2;
            return last >= 0 ? end[last] : begins;
        }
    }

    /** Nothing of a stream is asked for any more. */
    void forget(StreamId stream) {
        streams.remove(stream);
    }

    /**
     * Notes where a chunk is.
     *
     * @param after how far its stream was before
     */
    void add(LoggedChunk taken, long after) {
        Chunk chunk = taken.chunk();
        Samples of = streams.get(chunk.stream());
        if (of == null) {
            of = new Samples(after == 0 ? taken.position() : 0);
            streams.put(chunk.stream(), of);
        }
        of.add(taken);
    }

    /** Whether anything of a stream was taken in this run. */
    boolean knows(StreamId stream) {
        return streams.containsKey(stream);
    }

    /** A position below which the log holds nothing of a stream above this mark; 0 where that is not known. */
    long positionAbove(StreamId stream, long mark) {
        Samples of = streams.get(stream);
        return of == null ? 0 : of.positionAbove(mark);
    }
}
