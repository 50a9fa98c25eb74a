package org.merlin.daemon.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** Percentiles of latencies that a process wrote into a file. */
public final class Latencies {
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private Latencies() {}

    /**
     * Reads them.
     *
     * @param file 8 bytes each, big-endian nanoseconds
     */
    public static BenchReport.Latency of(Path file) throws IOException {
        Histogram histogram = new Histogram(DIGITS);
        long count = Files.size(file) / Long.BYTES;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (long i = 0; i < count; i++) {
                histogram.recordValue(Math.max(0, in.readLong()));
            }
        }
        return new BenchReport.Latency(
                millis(histogram, 50), millis(histogram, 99), millis(histogram, 99.9), millis(histogram, 100));
    }

    private static double millis(Histogram histogram, double percentile) {
        return BenchReport.rounded(histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI);
    }
}
