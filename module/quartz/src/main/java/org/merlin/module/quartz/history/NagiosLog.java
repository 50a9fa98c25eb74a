package org.merlin.module.quartz.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines {@code [seconds] TEXT}, written by a thread of its own shortly after. What cannot be written, because the disk is
 * full or too slow, is dropped and counted; a file that grows too large is set aside as {@code FILE.1}, which replaces the one set
 * aside before. Any thread; {@link #line} never waits for the disk.
 */
public final class NagiosLog implements AutoCloseable {
    /** What may wait; more is dropped. */
    static final int MOST_WAITING_CHARS = 16 * 1024 * 1024;

    /** A file of this size is set aside. */
    private static final long LARGEST_BYTES = 256L * 1024 * 1024;

    private static final int AT_ONCE_CHARS = 64 * 1024;
    private static final long GATHER_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(NagiosLog.class);

    private final Path path;
    private final long largestBytes;
    private final Thread writer = new Thread(this::write, "scheduler-log");
    private StringBuilder waiting = new StringBuilder();
    private long dropped;
    private boolean broken;
    private boolean closed;
    private FileChannel file;

    private NagiosLog(Path path, long largestBytes, FileChannel file) {
        this.path = path;
        this.largestBytes = largestBytes;
        this.file = file;
    }

    /** Opens the file, to go on at its end. */
    public static NagiosLog open(Path path) throws IOException {
        return open(path, LARGEST_BYTES);
    }

    static NagiosLog open(Path path, long largestBytes) throws IOException {
        NagiosLog log = new NagiosLog(path, largestBytes, append(path));
        log.writer.setDaemon(true);
        log.writer.start();
        return log;
    }

    private static FileChannel append(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Notes a line; line feeds in it become the two characters {@code \n}. */
    public synchronized void line(long seconds, String text) {
        if (closed || waiting.length() + text.length() > MOST_WAITING_CHARS) {
            dropped++;
            return;
        }
        boolean first = waiting.isEmpty();
        waiting.append('[')
                .append(seconds)
                .append("] ")
                .append(text.replace("\n", "\\n"))
                .append('\n');
        if (first || waiting.length() >= AT_ONCE_CHARS) {
            notifyAll();
        }
    }

    private void write() {
        for (String lines = next(); !lines.isEmpty() || !isClosed(); lines = next()) {
            if (!lines.isEmpty()) {
                write(lines);
            }
        }
    }

    /** What is to be written, with what comes shortly after it; empty only at the end. */
    private synchronized String next() {
        try {
            while (!closed && waiting.isEmpty()) {
                wait();
            }
            if (!closed && waiting.length() < AT_ONCE_CHARS) {
                wait(GATHER_MILLIS);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        String lines = waiting.toString();
        waiting = new StringBuilder();
        return lines;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void write(String lines) {
        try {
            if (!file.isOpen()) {
                file = append(path);
            }
            ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            tellDropped();
            if (file.size() > largestBytes) {
                setAside();
            }
        } catch (IOException e) {
            drop(lines, e);
        }
    }

    private void setAside() throws IOException {
        file.close();
        Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        file = append(path);
    }

    private synchronized void drop(String lines, IOException why) {
        dropped += lines.chars().filter(c -> c == '\n').count();
        if (!broken) {
            LOG.warn("MRL-3012 {} cannot be written, its lines are dropped until it can: {}", path, why.toString());
        }
        broken = true;
    }

    private synchronized void tellDropped() {
        if (dropped > 0) {
            LOG.warn("MRL-3012 {} is written again; {} lines were dropped", path, dropped);
        }
        dropped = 0;
        broken = false;
    }

    /** Writes what is waiting, for at most a second. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            writer.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
