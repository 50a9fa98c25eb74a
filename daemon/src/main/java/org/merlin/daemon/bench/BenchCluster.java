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

    /** A database that both write meanwhile, one for the other. */
    public enum Database {
        none,
        mariadb,
        /** One that was there, and does not answer any more. */
        frozen
    }

    /** What cannot be, in a sentence. */
    public static List<String> problems(Database database) {
        return database == Database.none
                ? List.of()
                : DatabaseServers.missing(false).stream().toList();
    }

    /**
     * Measures once.
     *
     * @param log told in words what goes on
     */
    public static BenchReport run(BenchSettings settings, Database database, Consumer<String> log) throws IOException {
        if (database == Database.none) {
            return run(settings, BenchSite.LOOPBACK, nodes -> {}, log);
        }
        try (DatabaseServers servers = DatabaseServers.start(false)) {
            try {
                return run(settings, with(servers), nodes -> written(nodes, servers, database), log);
            } finally {
                servers.thaw(); // or they do not end
            }
        }
    }

    private static BenchSite with(DatabaseServers servers) {
        return new BenchSite() {
            @Override
            public String conf(String node) {
                return "database { host = " + servers.hosts() + "; name = merlin; user = merlin; pass = merlin; }\n";
            }
        };
    }

    /** Once one of the nodes writes, it is frozen, if it is to be. */
    private static void written(BenchNodes nodes, DatabaseServers servers, Database database) throws IOException {
        nodes.awaitWriter(List.of(FROM, TO));
        if (database == Database.frozen) {
            servers.freeze();
        }
    }

    /** What is done once the nodes see each other. */
    @FunctionalInterface
    private interface Settled {
        void on(BenchNodes nodes) throws IOException;
    }

    private static BenchReport run(BenchSettings settings, BenchSite site, Settled settled, Consumer<String> log)
            throws IOException {
        List<String> names = List.of(FROM, TO);
        try (BenchNodes nodes = new BenchNodes(settings, names, names, site)) {
            for (String name : names) {
                nodes.startDaemon(name);
            }
            Sender load = new Sender(nodes.startScheduler("load", FROM), settings);
            Counter count = new Counter(nodes.startScheduler("count", TO));
            nodes.settle(names);
            settled.on(nodes);
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
