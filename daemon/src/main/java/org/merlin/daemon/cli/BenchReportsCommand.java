package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.daemon.bench.BenchReports;
import org.merlin.daemon.bench.ReportsReport;
import org.merlin.daemon.sink.HistoryException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon bench reports}: the documented queries on a history that was made up. */
@Command(
        name = "reports",
        mixinStandardHelpOptions = true,
        description = {
            "Fill a database with a history that might have been, the same for the same seed, and time the queries of 'mon db report';",
            "then remove its first month while somebody writes. 'mariadb' starts its own server on loopback, which needs the package",
            "mariadb-server; 'embedded' is H2; a JDBC URL leads to an empty database of yours. A year of 20,000 hosts with ten",
            "services each takes some 20 minutes and 6 GiB of disk."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mon bench reports --database embedded --hosts 50",
            "  mon bench reports --database mariadb --hosts 20000 --pool 2048 -o json"
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:measured",
            "1:the database is not empty, or took no rows",
            "64:usage",
            "69:no database answers"
        })
final class BenchReportsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--database",
            required = true,
            description = "embedded, mariadb, or jdbc:mariadb://HOST/NAME?user=USER&password=PASSWORD")
    private String database;

    @Option(names = "--hosts", defaultValue = "1000", description = "How many (default: ${DEFAULT-VALUE}).")
    private int hosts;

    @Option(names = "--services", defaultValue = "10", description = "Of each host (default: ${DEFAULT-VALUE}).")
    private int services;

    @Option(names = "--days", defaultValue = "365", description = "60 at least (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(names = "--seed", defaultValue = "1", description = "Another one is another history (default: 1).")
    private long seed;

    @Option(names = "--runs", defaultValue = "5", description = "Of each query; the median counts (default: 5).")
    private int runs;

    @Option(
            names = "--pool",
            paramLabel = "MIB",
            defaultValue = "256",
            description = "innodb_buffer_pool_size of the server that 'mariadb' starts (default: ${DEFAULT-VALUE}).")
    private int poolMib;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        BenchReports.Settings settings = new BenchReports.Settings(hosts, services, days, seed, runs, poolMib);
        List<String> problems = new ArrayList<>(settings.problems());
        problems.addAll(BenchReports.problems(database));
        if (!problems.isEmpty()) {
            problems.forEach(problem -> err.println("mon bench reports: " + problem));
            return ExitStatus.USAGE;
        }
        DatabasePlace.silenceLibraries();
        ReportsReport report;
        try {
            report = BenchReports.run(settings, database, line -> {
                err.println(line);
                err.flush();
            });
        } catch (HistoryException e) {
            err.println("mon bench reports: " + e.getMessage());
            return e.kind() == HistoryException.Kind.AWAY ? ExitStatus.NO_DAEMON : ExitStatus.FAILED;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(report));
        } else {
            report.lines().forEach(out::println);
        }
        return ExitStatus.OK;
    }
}
