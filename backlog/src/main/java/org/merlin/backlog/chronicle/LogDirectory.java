package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
 * that is locked while the log is open and not empty until it has been closed in order. Confined to the log's thread.
 */
final class LogDirectory {
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{20}");

    private final Path path;
    private final FileStore disk;
    private final FileChannel lockFile;
    private final boolean leftOpen;

    private LogDirectory(Path path, FileChannel lockFile) throws IOException {
        this.path = path;
        this.disk = Files.getFileStore(path);
        this.lockFile = lockFile;
        this.leftOpen = lockFile.size() > 0;
        lockFile.write(ByteBuffer.wrap(new byte[] {'o', 'p', 'e', 'n', '\n'}), 0);
        lockFile.force(true);
    }

    /**
     * Takes the directory for this process, and makes it if need be.
     *
     * @throws IOException if it cannot be used, or another process has it
     */
    static LogDirectory claim(Path path) throws IOException {
        Path real = Files.createDirectories(path).toRealPath();
        FileChannel lockFile =
                FileChannel.open(real.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!tryLock(lockFile)) {
                throw new IOException("log " + real + ": is in use by another process");
            }
            return new LogDirectory(real, lockFile);
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

    /** Whether whoever had the log before did not close it: killed, or the power went. */
    boolean leftOpen() {
        return leftOpen;
    }

    /** First positions of the segments that are there, ascending. */
    List<Long> bases() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> SEGMENT.matcher(name).matches())
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        }
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

    /** Takes a segment out of the chain, and keeps its files for whoever wants to know what happened. */
    Path setAside(Path segment) throws IOException {
        Path target = path.resolve(segment.getFileName() + ".damaged");
        if (Files.exists(target)) {
            delete(target);
        }
        return Files.move(segment, target, StandardCopyOption.ATOMIC_MOVE);
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

    /** Gives the directory back; {@code inOrder} when all of the log is on the disk. */
    void release(boolean inOrder) throws IOException {
        try (lockFile) {
            if (inOrder) {
                lockFile.truncate(0);
            }
        }
    }
}
