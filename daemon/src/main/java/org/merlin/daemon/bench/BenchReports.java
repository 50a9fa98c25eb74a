package org.merlin.daemon.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlPurge;
import org.merlin.daemon.sink.sql.SqlReport;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.daemon.sink.sql.SqlSize;
import org.merlin.protocol.conf.MerlinConf;

/** Fills a database with a history that might have been, times the documented queries of it, and removes a month beside a writer. */
public final class BenchReports {
    /** A URL's names are the driver's to find; this machine's own are all that is left. */
    static final HostNames NAMES = (host, port) -> List.of(new InetSocketAddress(host, port));

    private static final int MONTH_DAYS = 30;
    private static final double MIB = 1024.0 * 1024;
    private static final long ALONE_MILLIS = 5_000;

    private final Settings settings;
    private final Consumer<String> log;

    /**
     * What is measured.
     *
     * @param services of each host
     * @param runs of each query; the median counts
     * @param poolMib memory of a MariaDB that is started for this, for its pages
     */
    public record Settings(int hosts, int services, int days, long seed, int runs, int poolMib) {
        private static final int MOST_HOSTS = 100_000;
        private static final int MOST_SERVICES = 50;
        private static final int MOST_DAYS = 1_000;
        private static final int MOST_RUNS = 100;
        private static final int MOST_POOL = 1_000_000;

        /** What cannot be, each in a sentence. */
        public List<String> problems() {
            List<String> problems = new ArrayList<>();
            between(problems, "--hosts", hosts, 1, MOST_HOSTS);
            between(problems, "--services", services, 0, MOST_SERVICES);
            between(problems, "--days", days, 2 * MONTH_DAYS, MOST_DAYS);
            between(problems, "--runs", runs, 1, MOST_RUNS);
            between(problems, "--pool", poolMib, 8, MOST_POOL);
            return problems;
        }

        private static void between(List<String> problems, String name, long value, long least, long most) {
            if (value < least || value > most) {
                problems.add(name + " " + value + ": it is " + least + " to " + most);
            }
        }
    }

    private BenchReports(Settings settings, Consumer<String> log) {
        this.settings = settings;
        this.log = log;
    }

    /** What cannot be, in a sentence. */
    public static List<String> problems(String database) {
        return database.equals("galera")
                ? List.of("--database galera: a report reads one server: mariadb")
                : BenchDatabase.problems(database);
    }

    /**
     * Measures once.
     *
     * @param database {@code embedded}, {@code mariadb}, or a JDBC URL of an empty database
     * @param log told in words what goes on
     * @throws HistoryException if the database cannot be reached, or is not empty
     */
    public static ReportsReport run(Settings settings, String database, Consumer<String> log)
            throws IOException, HistoryException {
        BenchReports bench = new BenchReports(settings, log);
        Path folder = Files.createTempDirectory("merlin-reports-");
        try {
            if (!database.equals("mariadb")) {
                boolean embedded = database.equals("embedded");
                return bench.measure(
                        embedded ? conf(Optional.empty()) : conf(Optional.of(database)),
                        folder,
                        embedded ? database : "jdbc");
            }
            log.accept("Starting mariadb ...");
            try (DatabaseServers servers = DatabaseServers.start(false, settings.poolMib())) {
                return bench.measure(
                        conf(Optional.of(servers.url(0) + "?user=merlin&password=merlin")), folder, database);
            }
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static MerlinConf.Database conf(Optional<String> url) {
        return new MerlinConf.Database(
                url.isPresent() ? MerlinConf.Database.Type.MARIADB : MerlinConf.Database.Type.EMBEDDED,
                List.of("127.0.0.1"),
                0,
                "merlin",
                "merlin",
                "merlin",
                url,
                true,
                true,
                true,
                MerlinConf.Database.DEFAULT_FAILOVER,
                Optional.empty());
    }

    private ReportsReport measure(MerlinConf.Database conf, Path folder, String title)
            throws IOException, HistoryException {
        try (SqlSession session = SqlSession.create(conf, folder, NAMES)) {
            session.migrate();
            SqlSize.requireEmpty(session);
            log.accept("Making " + settings.days() + " days of " + settings.hosts() + " hosts with "
                    + settings.services() + " services each ...");
            long begun = System.nanoTime();
            Map<String, Long> rows = MadeUpYear.fill(
                    session,
                    new MadeUpYear.Size(settings.hosts(), settings.services(), settings.days(), settings.seed()));
            double seconds = since(begun);
            Map<String, Double> sizes = new LinkedHashMap<>();
            SqlSize.bytes(session).forEach((name, bytes) -> sizes.put(name, BenchReport.rounded(bytes / MIB)));
            log.accept("Made " + rows + " in " + Math.round(seconds) + " s; asking ...");
            Map<String, ReportsReport.Query> queries = queries(session, !title.equals("embedded"));
            log.accept("Removing the first month ...");
            ReportsReport.Purge purge = purge(session, conf, folder);
            return new ReportsReport(
                    title,
                    settings.hosts(),
                    settings.services(),
                    settings.days(),
                    settings.seed(),
                    BenchReport.rounded(seconds),
                    rows,
                    sizes,
                    queries,
                    purge,
                    System.getProperty("java.version"),
                    Runtime.getRuntime().availableProcessors());
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private Map<String, ReportsReport.Query> queries(SqlSession session, boolean explained) throws HistoryException {
        long to = MadeUpYear.BEGIN + (long) settings.days() * MadeUpYear.DAY;
        long from = to - Duration.ofDays(MONTH_DAYS).toSeconds();
        Map<String, Object> month = Map.of("from", from, "to", to, "host", "*", "limit", 25);
        Map<String, Object> all = Map.of(
                "from",
                MadeUpYear.BEGIN,
                "to",
                to,
                "host",
                YearRows.host(settings.hosts() / 2),
                "service",
                "*",
                "contact",
                YearRows.contact(7),
                "limit",
                1_000);
        Map<String, ReportsReport.Query> queries = new LinkedHashMap<>();
        queries.put("availability, a month of all hosts", query(session, SqlReport.AVAILABILITY, month, explained));
        queries.put("availability, a year of one host", query(session, SqlReport.AVAILABILITY, all, explained));
        queries.put("top-alerts, a month", query(session, SqlReport.TOP_ALERTS, month, explained));
        queries.put("top-alerts, a year", query(session, SqlReport.TOP_ALERTS, all, explained));
        queries.put(
                "notifications-of-contact, a year", query(session, SqlReport.NOTIFICATIONS_OF_CONTACT, all, explained));
        queries.put(
                "notifications-of-object, a year", query(session, SqlReport.NOTIFICATIONS_OF_OBJECT, all, explained));
        queries.put("problems", query(session, SqlReport.PROBLEMS, all, explained));
        return queries;
    }

    private ReportsReport.Query query(
            SqlSession session, SqlReport report, Map<String, Object> values, boolean explained)
            throws HistoryException {
        List<Double> millis = new ArrayList<>();
        int rows = 0;
        for (int run = 0; run < (explained ? settings.runs() : 1); run++) { // H2 remembers an answer
            long begun = System.nanoTime();
            rows = report.run(session, values).rows().size();
            millis.add(since(begun) * 1e3);
        }
        double first = millis.get(0);
        millis.sort(Comparator.naturalOrder());
        return new ReportsReport.Query(
                BenchReport.rounded(millis.get(millis.size() / 2)),
                BenchReport.rounded(first),
                rows,
                explained ? report.plan(session, values) : List.of());
    }

    private ReportsReport.Purge purge(SqlSession session, MerlinConf.Database conf, Path folder)
            throws IOException, HistoryException {
        try (BesideWriter writer = BesideWriter.start(conf, folder, settings.services())) {
            writer.during(() -> Thread.sleep(ALONE_MILLIS));
            BesideWriter.Waits alone = writer.waits();
            long begun = System.nanoTime();
            Map<String, Long> removed = new LinkedHashMap<>();
            writer.during(() -> removed.putAll(SqlPurge.all(
                    session, MadeUpYear.BEGIN + Duration.ofDays(MONTH_DAYS).toSeconds(), false)));
            return new ReportsReport.Purge(removed, BenchReport.rounded(since(begun)), alone, writer.waits());
        }
    }
}
