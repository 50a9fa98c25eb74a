package org.merlin.backlog.chronicle;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.merlin.backlog.LogFullException;

/**
 * Stops writing before the disk does: memory that is mapped on a full disk faults. Asks the disk once per MiB written
 * and, while it is too full, at each try. Confined to the log's thread.
 */
final class DiskGuard {
    private static final long CHECKED_BYTES = 1 << 20;

    private final Path directory;
    private final long minimumFreeBytes;
    private final LongSupplier usableBytes;
    private long allowedBytes;

    DiskGuard(Path directory, long minimumFreeBytes, LongSupplier usableBytes) {
        this.directory = directory;
        this.minimumFreeBytes = minimumFreeBytes;
        this.usableBytes = usableBytes;
    }

    /** @throws LogFullException if writing {@code bytes} more would leave too little room */
    void allow(long bytes) {
        if (bytes > allowedBytes) {
            long usable = usableBytes.getAsLong();
            if (usable < minimumFreeBytes + bytes) {
                allowedBytes = 0;
                throw new LogFullException(directory, usable, minimumFreeBytes);
            }
            allowedBytes = Math.max(CHECKED_BYTES, bytes);
        }
        allowedBytes -= bytes;
    }
}
