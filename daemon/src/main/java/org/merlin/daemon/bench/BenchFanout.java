package org.merlin.daemon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One daemon and many nodes: a scheduler without checks sends results, its daemon writes them to its log and sends each to all
 * of the nodes, which are one process that checks their order and acknowledges.
 */
public final class BenchFanout {
    private static final String HUB = "hub";

    private BenchFanout() {}

    /**
     * Measures once.
     *
     * @param nodesCount how many nodes, 1 to 1,000
     */
    public static BenchReport run(BenchSettings settings, int nodesCount, Consumer<String> log) throws IOException {
        List<String> stubs = new ArrayList<>();
        for (int i = 0; i < nodesCount; i++) {
            stubs.add(String.format(Locale.ROOT, "stub%03d", i));
        }
        List<String> names = new ArrayList<>(stubs);
        names.add(HUB);
        try (BenchNodes nodes = new BenchNodes(settings, names, stubs)) {
            nodes.startDaemon(HUB);
            Sender load = new Sender(nodes.startScheduler("load", HUB), settings);
            nodes.awaitActive(HUB);
            List<String> words = new ArrayList<>(
                    List.of("stubs", nodes.folder().toString(), HUB, Integer.toString(nodes.port(HUB))));
            words.addAll(stubs);
            Counter count = new Counter(nodes.start("stubs", HUB, "merlin-bench", words.toArray(String[]::new)));
            nodes.awaitConnected(HUB, nodesCount);
            if (settings.warmUp() > 0) {
                log.accept("Warming up with " + settings.warmUp() + " events ...");
                load.send(settings.warmUp(), 0);
                count.await(settings.warmUp() * nodesCount);
                load.await();
                count.clear();
            }
            log.accept("Sending " + settings.events() + " events to " + nodesCount + " nodes ...");
            Map<String, Double> before = nodes.cpu();
            long begun = System.nanoTime();
            load.send(settings.events(), settings.rate());
            count.await(settings.events() * nodesCount);
            Map<String, Double> cpu = nodes.cpuSince(before);
            var latencies = nodes.folder().resolve("latencies");
            Counter.Tally tally = count.report(latencies);
            return BenchReport.of(
                    settings,
                    settings.events(),
                    tally,
                    nodesCount,
                    tally.lastNanos() - begun,
                    cpu,
                    nodes,
                    Latencies.of(latencies));
        }
    }
}
