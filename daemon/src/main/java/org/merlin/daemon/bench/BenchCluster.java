package org.merlin.daemon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Two peers of real processes on loopback: a scheduler without checks that sends results, its daemon, the other's daemon, and a
 * scheduler that counts what it is given. Both logs are written, as they always are.
 */
public final class BenchCluster {
    private static final String FROM = "a";
    private static final String TO = "b";

    private BenchCluster() {}

    /**
     * Measures once.
     *
     * @param log told in words what goes on
     */
    public static BenchReport run(BenchSettings settings, Consumer<String> log) throws IOException {
        List<String> names = List.of(FROM, TO);
        try (BenchNodes nodes = new BenchNodes(settings, names, names)) {
            for (String name : names) {
                nodes.startDaemon(name);
            }
            Sender load = new Sender(nodes.startScheduler("load", FROM), settings);
            Counter count = new Counter(nodes.startScheduler("count", TO));
            nodes.settle(names);
            if (settings.warmUp() > 0) {
                log.accept("Warming up with " + settings.warmUp() + " events ...");
                load.send(settings.warmUp(), 0);
                count.await(settings.warmUp());
                load.await();
                count.clear();
            }
            log.accept("Sending " + settings.events() + " events ...");
            Map<String, Double> before = nodes.cpu();
            long begun = System.nanoTime();
            load.send(settings.events(), settings.rate());
            count.await(settings.events());
            Map<String, Double> cpu = nodes.cpuSince(before);
            Path latencies = nodes.folder().resolve("latencies");
            Counter.Tally tally = count.report(latencies);
            return BenchReport.of(
                    settings,
                    settings.events(),
                    tally,
                    1,
                    tally.lastNanos() - begun,
                    cpu,
                    nodes,
                    Latencies.of(latencies));
        }
    }
}
