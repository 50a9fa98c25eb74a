package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;

/** Prints what the log on disk can do here; arguments: a directory on the disk of interest, MiB to write. */
final class LogMeasure {
    private LogMeasure() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Files.createTempDirectory(Path.of(arguments[0]), "merlin-measure");
        long bytes = Long.parseLong(arguments[1]) << 20;
        memory("before");
        timed(
                "open, first of this process",
                () -> ChronicleEventLog.open(root.resolve("first"), LogSettings.DEFAULT)
                        .close());
        memory("after the first open and close");
        timed(
                "open, empty",
                () -> ChronicleEventLog.open(root.resolve("second"), LogSettings.DEFAULT)
                        .close());
        for (int length : List.of(300, 60_000)) {
            run(root.resolve("records-" + length), length, bytes / length);
        }
        EventLogModelTest.delete(root);
    }

    private static void run(Path directory, int length, long records) throws IOException {
        ByteBuffer record = Records.bytes(1, length);
        try (EventLog log = ChronicleEventLog.open(directory, LogSettings.DEFAULT)) {
            for (int round = 0; round < 2; round++) {
                append(log, record, records / 2);
            }
            syncs(log, record);
            memory("after appending");
            for (int round = 0; round < 2; round++) {
                read(log);
            }
            seeks(log);
            memory("after reading");
        }
        for (int round = 0; round < 3; round++) {
            timed("open, full", () -> {
                try (EventLog log = ChronicleEventLog.open(directory, LogSettings.DEFAULT)) {
                    System.out.printf("  %d records, %d MiB%n", log.end(), log.bytes() >> 20);
                }
            });
        }
    }

    private static void append(EventLog log, ByteBuffer record, long records) {
        long[] nanos = new long[(int) records];
        long start = System.nanoTime();
        long last = start;
        for (int i = 0; i < records; i++) {
            log.append(record, 1);
            long now = System.nanoTime();
            nanos[i] = now - last;
            last = now;
        }
        double seconds = (last - start) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "append %d B: %,.0f records/s, %,.0f MB/s; p50 %.2f p99 %.2f p99.9 %.1f max %.0f us%n",
                record.remaining(),
                records / seconds,
                records * record.remaining() / seconds / 1e6,
                nanos[(int) (records / 2)] / 1e3,
                nanos[(int) (records * 99 / 100)] / 1e3,
                nanos[(int) (records * 999 / 1000)] / 1e3,
                nanos[(int) records - 1] / 1e3);
    }

    private static void syncs(EventLog log, ByteBuffer record) {
        log.sync();
        int rounds = 200;
        long nanos = 0;
        for (int i = 0; i < rounds; i++) {
            for (int j = 0; j * record.remaining() < 30_000; j++) {
                log.append(record, 1);
            }
            long start = System.nanoTime();
            log.sync();
            nanos += System.nanoTime() - start;
        }
        System.out.printf("sync after 30 kB: %.0f us%n", nanos / 1e3 / rounds);
    }

    private static void read(EventLog log) {
        long start = System.nanoTime();
        long records = 0;
        long bytes = 0;
        try (EventLog.Reader reader = log.reader(0)) {
            while (reader.next()) {
                records++;
                bytes += reader.record().remaining();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("read: %,.0f records/s, %,.0f MB/s%n", records / seconds, bytes / seconds / 1e6);
    }

    private static void seeks(EventLog log) {
        int seeks = 300;
        long start = System.nanoTime();
        for (int i = 0; i < seeks; i++) {
            try (EventLog.Reader reader = log.reader(log.end() * i / seeks)) {
                reader.next();
            }
        }
        System.out.printf("reader(position) and first record: %.0f us%n", (System.nanoTime() - start) / 1e3 / seeks);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void timed(String what, Step step) throws IOException {
        long start = System.nanoTime();
        step.run();
        System.out.printf("%s: %.1f ms%n", what, (System.nanoTime() - start) / 1e6);
    }

    private static void memory(String when) throws IOException {
        System.gc();
        List<String> lines = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Rss") || line.startsWith("Threads"))
                .map(line -> line.replaceAll("\\s+", " "))
                .toList();
        System.out.println("memory " + when + ": " + lines);
    }
}
