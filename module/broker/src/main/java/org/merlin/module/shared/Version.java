package org.merlin.module.shared;

/**
 * Decides which of two values of a register is newer: by revision, then time, then origin.
 *
 * @param revision counted by who sets it: what he knew plus one; unsigned
 * @param micros when it was set, by the clock of who set it
 * @param origin who set it; unsigned
 */
public record Version(int revision, long micros, long origin) implements Comparable<Version> {
    /** Nobody ever set it. */
    public static final Version NONE = new Version(0, 0, 0);

    public Version next(long nowMicros, long self) {
        return new Version(revision + 1, nowMicros, self);
    }

    @Override
    public int compareTo(Version other) {
        int byRevision = Integer.compareUnsigned(revision, other.revision);
        if (byRevision != 0) {
            return byRevision;
        }
        return micros != other.micros ? Long.compare(micros, other.micros) : Long.compareUnsigned(origin, other.origin);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(revision) + "/" + micros + "/" + Long.toHexString(origin);
    }

    /** Reads what {@link #toString} gave. */
    public static Version parse(String text) {
        String[] words = text.split("/");
        return new Version(
                Integer.parseUnsignedInt(words[0]), Long.parseLong(words[1]), Long.parseUnsignedLong(words[2], 16));
    }
}
