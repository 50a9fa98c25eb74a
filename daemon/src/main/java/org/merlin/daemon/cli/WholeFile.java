package org.merlin.daemon.cli;

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
import java.nio.file.attribute.FileTime;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Writes a file at one moment: whoever reads it sees the former or the new one, whole. Stateless. */
final class WholeFile {
    private WholeFile() {}

    /** Puts the bytes somewhere. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes; a file that was there keeps its mode.
     *
     * @param mtimeSeconds the time it gets, if any; else it is now
     */
    static void write(Path file, Content content, OptionalLong mtimeSeconds) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path fresh = target.resolveSibling("." + target.getFileName() + ".merlin-new");
        try {
            try (FileChannel channel = FileChannel.open(
                            fresh,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            if (Files.exists(target)) {
                Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
            }
            if (mtimeSeconds.isPresent()) {
                Files.setLastModifiedTime(fresh, FileTime.from(mtimeSeconds.getAsLong(), TimeUnit.SECONDS));
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            throw new IOException(target.getParent() + " is not there: " + file + " cannot be written", e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
