package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The log's directory: one directory per segment, named by its first position in 20 digits, and a file {@code lock}
 * that is locked while the log is open, and names the run of the system until the log has been closed in order.
 * Confined to the log's thread.
 */
final class LogDirectory {
    /** How the log's last use ended. */
    enum LastEnd {
        IN_ORDER,
        /** By the death of its process: all that was appended is there, though the last document may be torn. */
        KILLED,
        /** Together with the system: what was not synced may be there, or not, page by page. */
        POWER_LOST
    }

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Of the whole folder: another number for whatever an older release would read wrongly. */
    private static final int FORMAT = 1;

    private static final String CLOSED = "closed";
    private static final String SYNCED = "synced";
    private static final String COPY = ".copy";
    private static final String TORN = ".torn";
    private static final String GONE = ".gone";
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{20}");

    private final Path path;
    private final FileStore disk;
    private final FileChannel lockFile;
    private final LastEnd end;
    private final long closedAt;
    private final String boot;

    private LogDirectory(Path path, FileChannel lockFile, String boot) throws IOException {
        this.path = path;
        this.disk = Files.getFileStore(path);
        this.lockFile = lockFile;
        String before = readAll(lockFile);
        this.end = before.isEmpty() || before.startsWith(CLOSED)
                ? LastEnd.IN_ORDER
                : before.equals(boot) ? LastEnd.KILLED : LastEnd.POWER_LOST;
        this.closedAt = before.startsWith(CLOSED + " ")
                ? Long.parseLong(before.substring(CLOSED.length()).strip())
                : 0;
        this.boot = boot;
        checkFormat();
        putBackTornSegments();
    }

    /** An older release must not guess at what a newer one wrote. */
    private void checkFormat() throws IOException {
        Path file = path.resolve("format");
        if (Files.notExists(file)) {
            Files.writeString(file, FORMAT + "\n");
            return;
        }
        String written = Files.readString(file).strip();
        if (!written.equals(Integer.toString(FORMAT))) {
            throw new IOException("log " + path + ": was written by another release, in format " + written
                    + "; this one reads format " + FORMAT
                    + ": start the newer release again, or move the folder away and lose what it holds");
        }
    }

    /** From now on the log is in use: if it is not closed in order, whoever opens it next will know. */
    void begin() throws IOException {
        say(boot);
        lockFile.force(true);
    }

    /** Always of one length, so that it can be said on a full disk too. */
    private void say(String word) throws IOException {
        lockFile.write(ByteBuffer.wrap(String.format("%-47s%n", word).getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static String readAll(FileChannel file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(256);
        file.read(content, 0);
        return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
    }

    /**
     * Takes the directory for this process, and makes it if need be.
     *
     * @throws IOException if it cannot be used, or another process has it
     */
    static LogDirectory claim(Path path) throws IOException {
        return claim(path, Files.readString(BOOT, StandardCharsets.US_ASCII).strip());
    }

    /** @param boot a word that is another one each time the machine starts */
    static LogDirectory claim(Path path, String boot) throws IOException {
        boolean made = Files.notExists(path);
        Path real = Files.createDirectories(path).toRealPath();
        if (made) {
            DiskSync.directory(real.getParent());
        }
        FileChannel lockFile = FileChannel.open(
                real.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (!tryLock(lockFile)) {
                throw new IOException("log " + real + ": is in use by another process");
            }
            return new LogDirectory(real, lockFile, boot);
        } catch (IOException | RuntimeException failed) {
            lockFile.close();
            throw failed;
        }
    }

    private static boolean tryLock(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock(); // held until the channel is closed
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    LastEnd lastEnd() {
        return end;
    }

    /** First positions of the segments that are there, ascending. */
    List<Long> bases() throws IOException {
        return entries().stream()
                .map(entry -> entry.getFileName().toString())
                .filter(name -> SEGMENT.matcher(name).matches())
                .map(Long::valueOf)
                .toList();
    }

    Path segment(long base) {
        return path.resolve(String.format("%020d", base));
    }

    void delete(Path segment) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(segment)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path one : all) {
            Files.delete(one);
        }
    }

    /** Deletes a segment so that, whenever the process ends, it is there as a whole or not at all. */
    void discard(long base) throws IOException {
        Path segment = segment(base);
        Path gone = path.resolve(segment.getFileName() + GONE);
        Files.move(segment, gone, StandardCopyOption.ATOMIC_MOVE);
        DiskSync.directory(path);
        delete(gone);
    }

    /** Where the whole records of a torn segment are copied to, until they {@link #replace} it. */
    Path copy(long base) {
        return path.resolve(segment(base).getFileName() + COPY);
    }

    /** Puts the copy of a segment in its place, so that one of both is there whenever the power goes. */
    void replace(long base) throws IOException {
        Path segment = segment(base);
        Path torn = path.resolve(segment.getFileName() + TORN);
        Files.move(segment, torn, StandardCopyOption.ATOMIC_MOVE);
        Files.move(copy(base), segment, StandardCopyOption.ATOMIC_MOVE);
        DiskSync.directory(path);
        delete(torn);
    }

    /** Remembers that a full segment is on the disk: no power loss can tear it any more. */
    void markSynced(long base) throws IOException {
        Files.createFile(segment(base).resolve(SYNCED));
    }

    /** Something will be appended to it again. */
    void unmarkSynced(long base) throws IOException {
        Files.deleteIfExists(segment(base).resolve(SYNCED));
    }

    boolean isSynced(long base) {
        return Files.exists(segment(base).resolve(SYNCED));
    }

    private void putBackTornSegments() throws IOException {
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            if (name.endsWith(COPY) || name.endsWith(GONE)) {
                delete(entry);
            } else if (name.endsWith(TORN)) {
                Path segment = path.resolve(name.substring(0, name.length() - TORN.length()));
                if (Files.exists(segment)) {
                    delete(entry);
                } else {
                    Files.move(entry, segment, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.sorted().toList();
        }
    }

    long usableBytes() {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("log " + path + ": cannot ask its disk for free space", e);
        }
    }

    Path path() {
        return path;
    }

    /** All of the log is on the disk, up to this position. */
    void closed(long end) throws IOException {
        say(CLOSED + " " + end);
    }

    /** Where the log ended when it was last closed in order; 0 if it was not, or that is not known. */
    long closedAt() {
        return closedAt;
    }

    /** Gives the directory back. */
    void release() throws IOException {
        lockFile.close();
    }
}
