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
        if (!allows(bytes)) {
            throw new LogFullException(directory, usableBytes.getAsLong(), minimumFreeBytes);
        }
    }

    /** Takes {@code bytes} for granted, unless writing them would leave too little room. */
    boolean allows(long bytes) {
        if (bytes > allowedBytes) {
            if (usableBytes.getAsLong() < minimumFreeBytes + bytes) {
                allowedBytes = 0;
                return false;
            }
            allowedBytes = Math.max(CHECKED_BYTES, bytes);
        }
        allowedBytes -= bytes;
        return true;
    }

    /** Whether {@code bytes} may be taken of what is to be left free, once, for the sake of what makes room. */
    boolean spares(long bytes) {
        return usableBytes.getAsLong() - bytes > minimumFreeBytes / 2;
    }
}
