package org.merlin.module.nagios.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.merlin.protocol.conf.MerlinConf;
import org.slf4j.event.Level;

/**
 * Where log lines wait for the scheduler's thread, which alone may write its log. At most {@link #MOST} wait, further ones are
 * dropped and counted. Static, since SLF4J finds its provider by name. Any thread.
 */
public final class SchedulerLog {
    static final int MOST = 1000;

    private static final BlockingQueue<String> WAITING = new ArrayBlockingQueue<>(MOST);
    private static volatile Runnable bell = () -> {};
    private static volatile Level level = Level.INFO;
    private static volatile Optional<Path> file = Optional.empty();
    private static volatile long dropped;

    private SchedulerLog() {}

    /** Names who is told that lines wait. */
    public static void open(Runnable whoIsTold) {
        bell = whoIsTold;
        file = Optional.empty();
    }

    /** Takes level and file from merlin.conf. */
    public static void configure(MerlinConf.Log log) {
        file = log.file();
        level = switch (log.level()) {
            case "err" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "debug", "all" -> Level.DEBUG;
            default -> Level.INFO;
        };
    }

    static boolean wants(Level wanted) {
        return wanted.toInt() >= level.toInt();
    }

    static synchronized void take(Level of, String line) {
        if (file.isPresent()) {
            append(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + of + " " + line + "\n");
        } else if (WAITING.offer("merlin: " + line)) {
            bell.run();
        } else {
            dropped++;
        }
    }

    private static void append(String line) {
        try {
            Files.write(
                    file.orElseThrow(),
                    line.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            file = Optional.empty(); // the scheduler's log then
            WAITING.offer("merlin: the log_file cannot be written: " + e.getMessage());
        }
    }

    /** Hands the waiting lines over. Scheduler's thread. */
    public static void drain(Consumer<String> log) {
        for (String line = WAITING.poll(); line != null; line = WAITING.poll()) {
            log.accept(line);
        }
        if (dropped > 0) {
            log.accept("merlin: " + dropped + " lines of the module were dropped");
            dropped = 0;
        }
    }
}
