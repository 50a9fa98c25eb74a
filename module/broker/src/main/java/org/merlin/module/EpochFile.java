package org.merlin.module;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * Gives every run of the scheduler an epoch that no earlier one had, also when the clock was set back: even, at least two above
 * the last one, and not below two times the seconds since 2020. Kept on disk before it is used.
 */
final class EpochFile {
    private static final Instant ZERO = Instant.parse("2020-01-01T00:00:00Z");

    /** The highest one that another can follow. */
    private static final long LAST = 0xffff_fffcL;

    private EpochFile() {}

    /**
     * Begins an epoch.
     *
     * @return it, unsigned
     * @throws IOException if it cannot be kept, or the file is damaged; it must not be used then
     */
    static int next(Path file, Instant now) throws IOException {
        int epoch = after(last(file), now);
        replace(file, Integer.toUnsignedString(epoch) + "\n");
        return epoch;
    }

    /** The epoch that follows {@code last}, 0 for none. */
    static int after(long last, Instant now) {
        long byClock = Math.max(0, 2 * (now.getEpochSecond() - ZERO.getEpochSecond()));
        return (int) Math.max(last + 3 & ~1L, byClock);
    }

    private static long last(Path file) throws IOException {
        try {
            long last = Integer.toUnsignedLong(
                    Integer.parseUnsignedInt(Files.readString(file).strip()));
            if (last > LAST) {
                throw damaged(file, null);
            }
            return last;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (NumberFormatException | CharacterCodingException e) {
            throw damaged(file, e);
        }
    }

    private static IOException damaged(Path file, Exception cause) {
        return new IOException(
                file + " is damaged: it should hold one number, the epoch of the last start; remove it if this"
                        + " machine's clock is right",
                cause);
    }

    private static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
