package org.merlin.module;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One scheduler per merlin.conf: a lock on {@code module.lock}, held while the module runs and let go by the kernel when its
 * process dies. Two would run every check twice and write each other's files.
 */
final class StateLock implements AutoCloseable {
    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException if another scheduler has it, or the file cannot be made
     */
    static StateLock take(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new StateLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // this process itself has it
        }
        channel.close();
        throw new IOException(file + " is locked: another scheduler with this merlin.conf runs; stop it first");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
