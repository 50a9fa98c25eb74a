package org.merlin.daemon.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The kept state table, in one file of the log's folder, written part by part. A new one takes its place only when it is on the disk
 * as a whole. Reading is for the start; writing is confined to one thread, which may wait for the disk.
 */
public final class StateFile {
    private final Path file;
    private final Path fresh;
    private FileChannel out;

    /** Keeps it in {@code folder}, which must be there. */
    public StateFile(Path folder) {
        this.file = folder.resolve("state");
        this.fresh = folder.resolve("state.new");
    }

    Optional<ByteBuffer> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return Optional.of(in.map(FileChannel.MapMode.READ_ONLY, 0, in.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /**
     * Adds bytes.
     *
     * @param first whether a new file begins with them
     * @param last whether it is whole then, and to be kept
     * @throws IOException if the disk did not take them; the file that was begun is given up
     */
    void write(ByteBuffer bytes, boolean first, boolean last) throws IOException {
        try {
            if (first) {
                close();
                out = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
            }
            if (out == null) {
                throw new IOException(fresh + " was given up");
            }
            ByteBuffer left = bytes.duplicate();
            while (left.hasRemaining()) {
                out.write(left);
            }
            if (last) {
                out.force(true);
                close();
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                    folder.force(true);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void close() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }
}
