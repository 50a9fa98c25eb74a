package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Forces files and the names in directories to the disk; an interrupt does not cut it short, and is kept. */
final class DiskSync {
    private DiskSync() {}

    /** Forces all of the file that was written, through mapped memory too. */
    static void file(Path file) throws IOException {
        force(file, StandardOpenOption.WRITE, false);
    }

    /** Forces the names in a directory. */
    static void directory(Path directory) throws IOException {
        force(directory, StandardOpenOption.READ, true);
    }

    private static void force(Path path, OpenOption option, boolean metadata) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            boolean done = false;
            while (!done) {
                try (FileChannel channel = FileChannel.open(path, option)) {
                    channel.force(metadata);
                    done = true;
                } catch (ClosedByInterruptException again) {
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
