package org.merlin.daemon.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The last checkpoint, in one file of the log's folder. A new one takes its place only when it is on the disk as a whole. Reading
 * is for the start; writing is confined to the log's thread.
 */
public final class CheckpointFile {
    private final Path file;
    private final Path fresh;
    private final FileStore disk;

    /** Keeps it in {@code folder}, which must be there. */
    public CheckpointFile(Path folder) throws IOException {
        this.file = folder.resolve("checkpoint");
        this.fresh = folder.resolve("checkpoint.new");
        this.disk = Files.getFileStore(folder);
    }

    Optional<ByteBuffer> read() {
        try {
            return Files.exists(file) ? Optional.of(ByteBuffer.wrap(Files.readAllBytes(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    void write(ByteBuffer content) throws IOException {
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer left = content.duplicate();
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    long usableBytes() {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot ask its disk for free space", e);
        }
    }
}
