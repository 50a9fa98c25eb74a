package org.merlin.module.quartz.retention;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that keeps states over a restart. It is replaced as a whole, so that a crash leaves the former one; one that is damaged
 * all the same is set aside. Confined to one thread at a time.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Path path;

    public Retention(Path path) {
        this.path = path;
    }

    /**
     * Reads the file; nothing is retained where there is none yet, or a damaged one, which is then set aside.
     *
     * @throws IOException if it is there and cannot be read or set aside
     */
    public Retained read() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return Retained.NOTHING;
        }
        try {
            return RetentionFormat.read(bytes);
        } catch (DamagedException e) {
            Path aside = path.resolveSibling(
                    path.getFileName() + ".damaged-" + Instant.now().getEpochSecond());
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn(
                    "MRL-3010 the retention file is damaged ({}); it is now {}, and all states begin anew",
                    e.getMessage(),
                    aside);
            return Retained.NOTHING;
        }
    }

    /** Replaces the file; when this returns the new one is on the disk. */
    public void write(Retained retained) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 64 * 1024)) {
            RetentionFormat.write(retained, out);
            out.flush();
            channel.force(true);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true); // or a power loss may bring the former file back
        }
    }
}
