package org.merlin.module.bench;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What came of loads: numbers from 1 in their order, and how long after the moment that each was due. Confined to the
 * scheduler's thread.
 */
final class Tally {
    private long[] nanos = new long[1024];
    private int received;
    private final BitSet seen = new BitSet();
    private long last;
    private long outOfOrder;
    private long duplicated;
    private long firstNanos;
    private long lastNanos;

    /**
     * Takes one.
     *
     * @param number of the event; 0 is none of a load
     * @param dueNanos when it was to be sent, by the machine's monotonic clock
     * @param item whether the state table has it, so that older ones follow
     */
    void take(long number, long dueNanos, boolean item) {
        if (number == 0) {
            return;
        }
        long now = System.nanoTime();
        if (received == 0) {
            firstNanos = now;
        }
        lastNanos = now;
        if (seen.get((int) number)) {
            duplicated++;
            return;
        }
        seen.set((int) number);
        if (number < last) {
            outOfOrder++;
        }
        last = item ? last : Math.max(last, number);
        if (received == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * received);
        }
        nanos[received++] = now - dueNanos;
    }

    /** Counts from now on; what came before is remembered, and would be a duplicate. */
    void clear() {
        received = 0;
        outOfOrder = 0;
        duplicated = 0;
    }

    /** How many came, each counted once. */
    int received() {
        return received;
    }

    /** When the last one came, by the machine's monotonic clock; meaningless before. */
    long lastNanos() {
        return lastNanos;
    }

    /** The figures as JSON. */
    String json() {
        return "{\"received\": " + received + ", \"duplicated\": " + duplicated + ", \"out_of_order\": " + outOfOrder
                + ", \"first_nanos\": " + firstNanos + ", \"last_nanos\": " + lastNanos + "}";
    }

    /** Writes all latencies, 8 bytes each, big-endian nanoseconds, in the order in which they came. */
    void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (int i = 0; i < received; i++) {
                out.writeLong(nanos[i]);
            }
        }
    }
}
