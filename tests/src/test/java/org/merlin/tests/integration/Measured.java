package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What merlin.so with a stopwatch ({@code measured.c}) writes: the time that the scheduler's thread spent with it, by kind of call. */
record Measured(Map<String, Spent> kinds) {
    private static final int LINES = 12;

    /** How often, how long in all and at most, by the clock and of CPU, and how many took less than 1, 2, 4, ... ns. */
    record Spent(long calls, long nanos, long most, long cpu, long mostCpu, long[] below) {
        /** The power of two that a share of the calls, 0..1, stayed below. */
        private long below(double share) {
            long seen = 0;
            for (int power = 0; power < below.length; power++) {
                seen += below[power];
                if (seen >= calls * share) {
                    return 1L << power;
                }
            }
            return most;
        }

        double meanMicros() {
            return calls == 0 ? 0 : nanos / 1e3 / calls;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d calls, mean %.2f us, p50 < %.1f us, p99 < %.1f us, p99.99 < %.1f us, most %.3f ms; CPU mean %.2f us, most %.3f ms",
                    calls,
                    meanMicros(),
                    below(0.5) / 1e3,
                    below(0.99) / 1e3,
                    below(0.9999) / 1e3,
                    most / 1e6,
                    calls == 0 ? 0 : cpu / 1e3 / calls,
                    mostCpu / 1e6);
        }
    }

    /** The last that was written. */
    static Measured of(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Map<String, Spent> kinds = new LinkedHashMap<>();
        for (String line : lines.subList(lines.size() - LINES, lines.size())) {
            String[] words = line.split(" ");
            long[] numbers =
                    Arrays.stream(words).skip(2).mapToLong(Long::parseLong).toArray();
            kinds.put(
                    words[0] + " " + words[1],
                    new Spent(
                            numbers[0],
                            numbers[1],
                            numbers[2],
                            numbers[3],
                            numbers[4],
                            Arrays.copyOfRange(numbers, 5, numbers.length)));
        }
        return new Measured(kinds);
    }

    /** How often it was written. */
    static int times(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).size() / LINES : 0;
    }

    Spent of(String kind) {
        return kinds.get(kind);
    }
}
