package org.merlin.protocol.wire;

/**
 * A stream: what one node's scheduler (even epochs) or daemon (odd ones) said in one run, numbered from 1.
 *
 * @param origin first 8 bytes of the SHA-256 of the node's name
 * @param epoch the run; unsigned, a higher one began later
 */
public record StreamId(long origin, int epoch) {
    private static final long SECONDS_AT_2020 = 1_577_836_800L;

    /** The epoch that a run gets which begins at a time, microseconds since 1970. */
    public static int epochAt(long wallMicros) {
        return (int) (2 * (wallMicros / 1_000_000 - SECONDS_AT_2020));
    }

    /** As a record's own, which method handles compute: many times slower where only the first compiler runs. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StreamId that && origin == that.origin && epoch == that.epoch;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(origin) + epoch;
    }

    @Override
    public String toString() {
        return String.format("%016x/%s", origin, Integer.toUnsignedString(epoch));
    }
}
