package org.merlin.daemon.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured; its names in snake case are stable.
 *
 * @param lost sent and never given to the other scheduler
 * @param duplicated given to it twice in a row
 * @param outOfOrder given to it after a later one
 * @param seconds from the first event's moment to the last one's arrival
 * @param eventsPerSecond all of them in these seconds
 * @param deliveriesPerSecond the same times the nodes that got them
 * @param cpuSecondsPerMillion of all processes, for a million events
 * @param cpuByProcess seconds of CPU
 * @param rssMb resident memory at the end, by process, in 2^20 bytes
 * @param anonymousMb what of it is no file's
 * @param latencyMs from the moment that an event was due to its arrival in the other scheduler
 * @param jdk version that runs all of them
 * @param cores of this machine
 * @param problems why figures are missing; empty if all is well
 */
public record BenchReport(
        long events,
        long rate,
        int size,
        boolean tls,
        long lost,
        long duplicated,
        long outOfOrder,
        double seconds,
        double eventsPerSecond,
        double deliveriesPerSecond,
        double cpuSecondsPerMillion,
        Map<String, Double> cpuByProcess,
        Map<String, Double> rssMb,
        Map<String, Double> anonymousMb,
        Latency latencyMs,
        String jdk,
        int cores,
        List<String> problems)
        implements BenchResult {
    /** In milliseconds; without omitting what a slow receiver held up. */
    public record Latency(double p50, double p99, double p999, double max) {
        @Override
        public String toString() {
            return line("p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, at most %.3f ms", p50, p99, p999, max);
        }
    }

    public BenchReport {
        problems = List.copyOf(problems);
    }

    /**
     * Joins what was measured.
     *
     * @param events how many were sent
     * @param receivers how many nodes each event goes to; the tally is of all of them
     * @param nanos from the first event's moment to the last one's arrival
     */
    static BenchReport of(
            BenchSettings settings,
            long events,
            Counter.Tally tally,
            int receivers,
            long nanos,
            Map<String, Double> cpu,
            BenchNodes nodes,
            Latency latency)
            throws IOException {
        double seconds = Math.max(1, nanos) / 1e9;
        double cpuSeconds =
                cpu.values().stream().mapToDouble(Double::doubleValue).sum();
        double arrived = Math.max(1, tally.received() / (double) receivers);
        long lost = events * receivers - tally.received();
        return new BenchReport(
                events,
                settings.rate(),
                settings.size(),
                settings.tls(),
                lost,
                tally.duplicated(),
                tally.outOfOrder(),
                rounded(seconds),
                Math.round(arrived / seconds),
                Math.round(tally.received() / seconds),
                rounded(cpuSeconds / arrived * 1e6),
                cpu,
                nodes.memory("VmRSS"),
                nodes.memory("RssAnon"),
                latency,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                lost > 0 ? List.of("nothing more came for " + Counter.STALL_SECONDS + " s") : List.of());
    }

    /** To three digits behind the point. */
    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    @Override
    public boolean ok() {
        return problems.isEmpty() && lost == 0 && duplicated == 0 && outOfOrder == 0;
    }

    @Override
    public List<String> lines() {
        return List.of(
                line(
                        "%d events in %.3f s: %.0f/s, %.0f deliveries/s",
                        events, seconds, eventsPerSecond, deliveriesPerSecond),
                line("lost %d, duplicated %d, out of order %d", lost, duplicated, outOfOrder),
                "latency: " + latencyMs,
                line("CPU: %.2f s for a million events; by process %s", cpuSecondsPerMillion, cpuByProcess),
                line("memory: resident %s MiB, anonymous %s MiB", rssMb, anonymousMb),
                line("JDK %s, %d cores", jdk, cores));
    }

    static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
