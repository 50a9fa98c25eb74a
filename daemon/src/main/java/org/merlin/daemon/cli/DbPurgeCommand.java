package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlPurge;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.time.WallClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mon db purge}: removes history that is older than wanted. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = {
            "Remove old rows of report_data, notification, perfdata, node_history and deleted, in small pieces beside the"
                    + " running writer.",
            "Of report_data the last row of each object and kind of event stays, however old. Current state is not touched."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done",
            "1:the database cannot be reached, or takes no writes; what was removed stays so",
            "3:merlin.conf has no database",
            "64:usage",
            "78:bad configuration"
        })
final class DbPurgeCommand implements Callable<Integer> {
    private static final long LEAST_SECONDS = 86_400;

    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            description =
                    "What is older goes, e.g. 90d or 1y, 1d at least; default is the key keep of section database.")
    private String olderThan;

    @Option(names = "--dry-run", description = "Count only.")
    private boolean dryRun;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    DbPurgeCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, HistoryException {
        DatabasePlace place = DatabasePlace.of(context);
        long before = WallClock.micros() / 1_000_000 - age(place);
        try (SqlSession session = place.open()) {
            Map<String, Long> counts = SqlPurge.all(session, before, dryRun);
            print(counts, Instant.ofEpochSecond(before));
        }
        return ExitStatus.OK;
    }

    private long age(DatabasePlace place) {
        if (olderThan == null) {
            return place.conf()
                    .keep()
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "--older-than is missing, and section database of merlin.conf has no key keep"))
                    .toSeconds();
        }
        long seconds = Age.seconds(spec, "--older-than", olderThan);
        if (seconds < LEAST_SECONDS) {
            throw new ParameterException(spec.commandLine(), "--older-than=" + olderThan + ": 1d is the least");
        }
        return seconds;
    }

    private void print(Map<String, Long> counts, Instant before) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(counts));
            return;
        }
        out.println("from before " + before + (dryRun ? ", would be removed:" : ", removed:"));
        counts.forEach((table, rows) -> out.printf("  %-14s %d rows%n", table, rows));
    }
}
