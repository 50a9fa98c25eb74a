package org.merlin.daemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.merlin.daemon.cli.AdminClient;
import org.merlin.daemon.sink.SinkView;

/**
 * One node of real processes that writes a database: a scheduler that sends changes of state, its daemon, and the database, which is
 * started for it where that is asked for.
 */
public final class BenchDatabase {
    private static final String NODE = "a";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final double TICKS = 100;

    private final BenchSettings settings;
    private final String database;
    private final Consumer<String> log;

    private BenchDatabase(BenchSettings settings, String database, Consumer<String> log) {
        this.settings = settings;
        this.database = database;
        this.log = log;
    }

    /** What cannot be, in a sentence. */
    public static List<String> problems(String database) {
        return switch (database) {
            case "embedded" -> List.of();
            case "mariadb" -> DatabaseServers.missing(false).stream().toList();
            case "galera" -> DatabaseServers.missing(true).stream().toList();
            default ->
                database.startsWith("jdbc:mariadb:")
                        ? List.of()
                        : List.of("--database " + database
                                + ": embedded, mariadb, galera, or jdbc:mariadb://HOST/NAME?user=...&password=...");
        };
    }

    /**
     * Measures once.
     *
     * @param database {@code embedded}, {@code mariadb}, {@code galera}, or a JDBC URL
     * @param log told in words what goes on
     */
    public static DatabaseReport run(BenchSettings settings, String database, Consumer<String> log) throws IOException {
        BenchDatabase bench = new BenchDatabase(settings, database, log);
        if (database.equals("mariadb") || database.equals("galera")) {
            log.accept("Starting " + database + " ...");
            try (DatabaseServers servers = DatabaseServers.start(database.equals("galera"))) {
                return bench.measure(
                        "host = " + servers.hosts() + "; name = merlin; user = merlin; pass = merlin;", servers.pids());
            }
        }
        return bench.measure(
                database.equals("embedded") ? "type = embedded;" : "conn_str = " + database.replace(";", "\\;") + ";",
                List.of());
    }

    private DatabaseReport measure(String section, List<Long> servers) throws IOException {
        BenchSite site = new BenchSite() {
            @Override
            public String conf(String node) {
                return "database { " + section + " }\n";
            }
        };
        try (BenchNodes nodes = new BenchNodes(settings, List.of(NODE), List.of(), site)) {
            nodes.startDaemon(NODE);
            Sender load = new Sender(nodes.startScheduler("load", NODE), settings);
            nodes.awaitActive(NODE);
            send(nodes, load, settings.warmUp(), 0);
            SinkView before = view(nodes).orElseThrow();
            log.accept("Writing " + settings.events() + " changes ...");
            Map<String, Double> cpuBefore = cpu(nodes, servers);
            long begun = System.nanoTime();
            double lag = send(nodes, load, settings.events(), settings.rate());
            double seconds = (System.nanoTime() - begun) / 1e9;
            Map<String, Double> cpu = cpu(nodes, servers);
            cpu.replaceAll((name, spent) -> BenchReport.rounded(spent - cpuBefore.getOrDefault(name, 0.0)));
            return report(before, view(nodes).orElseThrow(), seconds, lag, cpu);
        }
    }

    /** Sends, and waits until all is committed; returns the largest lag in seconds. */
    private double send(BenchNodes nodes, Sender load, long events, long rate) throws IOException {
        if (events == 0) {
            return 0;
        }
        long goal = view(nodes).map(SinkView::events).orElse(0L) + events;
        load.change(events, rate);
        double lag = 0;
        long until = System.nanoTime() + PATIENCE_NANOS + events / Math.max(1, rate) * (rate == 0 ? 0 : 1_000_000_000L);
        while (true) {
            Optional<SinkView> now = view(nodes);
            lag = Math.max(lag, now.map(SinkView::lagSeconds).orElse(0.0));
            if (now.isPresent() && now.get().events() >= goal) {
                load.await();
                return lag;
            }
            if (System.nanoTime() > until) {
                throw new IOException("not all is written after ten minutes: " + now);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static Optional<SinkView> view(BenchNodes nodes) throws IOException {
        return new AdminClient(nodes.state(NODE).resolve("admin.sock"))
                .sinks().stream().findFirst();
    }

    private static Map<String, Double> cpu(BenchNodes nodes, List<Long> servers) throws IOException {
        Map<String, Double> cpu = new LinkedHashMap<>(nodes.cpu());
        for (int i = 0; i < servers.size(); i++) {
            String stat = Files.readString(Path.of("/proc/" + servers.get(i) + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            cpu.put("database_" + i, (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS);
        }
        return cpu;
    }

    private DatabaseReport report(
            SinkView before, SinkView after, double seconds, double lag, Map<String, Double> cpu) {
        long rows = after.rows() - before.rows();
        long upserts = after.upserts() - before.upserts();
        List<String> problems = new ArrayList<>();
        if (after.setAside() > 0 || after.lost() > 0) {
            problems.add(after.setAside() + " events were set aside, " + after.lost() + " were lost");
        }
        double spent = cpu.values().stream().mapToDouble(Double::doubleValue).sum();
        return new DatabaseReport(
                database.startsWith("jdbc:") ? "jdbc" : database,
                settings.events(),
                settings.rate(),
                settings.services(),
                BenchReport.rounded(seconds),
                Math.round(settings.events() / seconds),
                Math.round(rows / seconds),
                Math.round(upserts / seconds),
                BenchReport.rounded(lag),
                BenchReport.rounded(spent * 1e6 / settings.events()),
                cpu,
                after.lost() + after.setAside(),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                problems);
    }
}
