package org.merlin.tests.integration;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Writes lines to a command pipe at a steady rate, one write each, as a front end does; has a thread of its own. */
final class PassiveFeed implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger written = new AtomicInteger();
    private final OutputStream pipe;
    private final ScheduledFuture<?> writing;

    /**
     * Begins to write.
     *
     * @param line of a number, counted from 0
     */
    PassiveFeed(Path pipe, int perSecond, IntFunction<String> line) throws IOException {
        this.pipe = Files.newOutputStream(pipe, StandardOpenOption.WRITE);
        this.writing = timer.scheduleAtFixedRate(
                () -> write(line.apply(written.get())), 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    private void write(String line) {
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // ends the timer
        }
        written.incrementAndGet();
    }

    int written() {
        if (writing.isDone()) {
            throw new IllegalStateException("the pipe took nothing after " + written + " lines");
        }
        return written.get();
    }

    /** Stops; the number of lines written is then final. */
    @Override
    public void close() throws IOException {
        timer.shutdown();
        try {
            timer.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pipe.close();
        }
    }

    /** How many were written, after {@link #close}. */
    int total() {
        return written.get();
    }
}
