package org.merlin.module;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The folder that the module keeps its files in: no other scheduler's as long as it is open. */
final class StateDir implements AutoCloseable {
    private final Path path;
    private final StateLock lock;

    private StateDir(Path path, StateLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes it, if it is not there, and takes it.
     *
     * @throws UncheckedIOException if it cannot be written, or another scheduler has it
     */
    static StateDir open(Path path) {
        try {
            Files.createDirectories(path);
            return new StateDir(path, StateLock.take(path.resolve("module.lock")));
        } catch (FileSystemException e) { // says the file alone
            throw new UncheckedIOException(
                    "the state_dir " + path + " cannot be written: "
                            + e.getClass().getSimpleName() + ": " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * Begins the epoch of this start.
     *
     * @throws UncheckedIOException if it cannot be kept
     */
    int beginEpoch(Instant now) {
        Path file = path.resolve("module.epoch");
        try {
            return EpochFile.next(file, now);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the module cannot keep the epoch of this start in " + file + ", without which events of two starts"
                            + " could be mixed up: " + e.getMessage(),
                    e);
        }
    }

    /** Where the rings are kept that the daemon told last. */
    Path rings() {
        return path.resolve("module.rings");
    }

    /** Where events wait for a daemon that is away. */
    Path outbox() {
        return path.resolve("module.outbox");
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("module.lock cannot be closed", e);
        }
    }
}
