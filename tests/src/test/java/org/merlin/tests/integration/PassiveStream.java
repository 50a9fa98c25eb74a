package org.merlin.tests.integration;

import static org.merlin.tests.integration.RealCluster.until;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Commands to a pipe at a steady rate, over reloads, ends and starts of who reads it: the pipe is held open for reading too, so
 * that what nobody has read yet waits in it; a pipe that was made anew is opened anew. Has a thread of its own.
 */
final class PassiveStream implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger written = new AtomicInteger();
    private final Path file;
    private final IntFunction<String> command;
    private RandomAccessFile pipe;
    private Object key;

    /**
     * Begins to write.
     *
     * @param command of a number, counted from 0
     */
    PassiveStream(Path file, int perSecond, IntFunction<String> command) {
        this.file = file;
        this.command = command;
        timer.scheduleAtFixedRate(this::write, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    private void write() {
        try {
            if (!Files.exists(file)) {
                return; // until there is one again
            }
            Object now = Files.getAttribute(file, "unix:ino");
            if (!now.equals(key)) {
                closePipe();
                pipe = new RandomAccessFile(file.toFile(), "rw");
                key = now;
            }
            String line = "[" + Instant.now().getEpochSecond() + "] " + command.apply(written.get()) + "\n";
            pipe.write(line.getBytes(StandardCharsets.UTF_8));
            written.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // ends the timer
        }
    }

    private void closePipe() throws IOException {
        if (pipe != null) {
            pipe.close();
        }
    }

    int written() {
        return written.get();
    }

    /** Stops, once all has been read: what lies in the pipe would be gone if its only reader was this one. */
    @Override
    public void close() throws IOException {
        timer.shutdown();
        try {
            timer.awaitTermination(10, TimeUnit.SECONDS);
            if (pipe != null) {
                until("all is read", () -> new FileInputStream(pipe.getFD()).available() == 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closePipe();
        }
    }
}
