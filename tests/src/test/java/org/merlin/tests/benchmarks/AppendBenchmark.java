package org.merlin.tests.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.chronicle.ChronicleEventLog;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does an append to the log on disk cost its thread? By the bytes of a record: one event, a usual chunk under load, the largest
 * one. Without syncs, which come at most a hundred times a second whatever is appended; with the deletion of what is no longer needed.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {
    private static final long SEGMENT_BYTES = 64 << 20;

    @Param({"400", "60000", "260000"})
    private int recordBytes;

    private Path folder;
    private EventLog log;
    private ByteBuffer record;
    private long sinceDiscard;

    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("log");
        log = ChronicleEventLog.open(folder.resolve("log"), new LogSettings(SEGMENT_BYTES, 64 << 20));
        record = ByteBuffer.allocate(recordBytes);
        for (int i = 0; i < recordBytes; i++) {
            record.put(i, (byte) (i * 31));
        }
    }

    @TearDown
    public void close() throws IOException {
        log.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public long append() {
        sinceDiscard += recordBytes;
        if (sinceDiscard >= SEGMENT_BYTES) {
            sinceDiscard = 0;
            log.discard(log.end());
        }
        return log.append(record.duplicate(), 1);
    }
}
