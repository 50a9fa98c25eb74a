package org.merlin.backlog;

/**
 * Bounds of a log on disk.
 *
 * @param segmentBytes size above which a segment is followed by another; it ends with the record that passes it
 * @param minimumFreeBytes free space on the log's disk below which nothing is appended; too small a bound risks that
 *     the disk fills between two looks at it, which breaks the log until it is opened again
 */
public record LogSettings(long segmentBytes, long minimumFreeBytes) {
    /** Segments of 256 MiB, and 64 MiB left free: a full disk is met by our own check, not by a fault in mapped memory. */
    public static final LogSettings DEFAULT = new LogSettings(256L << 20, 64L << 20);

    public LogSettings {
        if (segmentBytes < 1 || minimumFreeBytes < 0) {
            throw new IllegalArgumentException("log settings out of range: segments of " + segmentBytes
                    + " bytes (1 or more), " + minimumFreeBytes + " bytes left free (0 or more)");
        }
    }
}
