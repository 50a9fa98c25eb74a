package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.daemon.sink.sql.SqlVerify;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.time.WallClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon db verify}: whether what the database holds fits together. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Compare the rows of history with the writer's progress, names of events with each other, the current state of"
                    + " each host and service with its newest row of report_data, and times with the clock.",
            "Reads all of it once and changes nothing."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:all fits",
            "1:something differs, or the database cannot be read",
            "3:merlin.conf has no database",
            "64:usage",
            "78:bad configuration"
        })
final class DbVerifyCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    DbVerifyCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, HistoryException {
        DatabasePlace place = DatabasePlace.of(context);
        SqlVerify.Report report;
        try (SqlSession session = place.open()) {
            report = SqlVerify.of(session, WallClock.micros() / 1_000_000);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(report));
        } else {
            print(report, out);
        }
        return report.differences().isEmpty() ? ExitStatus.OK : ExitStatus.WARNING;
    }

    private static void print(SqlVerify.Report report, PrintWriter out) {
        out.println(report.database() + ": "
                + (report.differences().isEmpty() ? "all fits" : "differences") + ", " + report.objects()
                + " hosts and services compared with their history");
        report.differences().forEach(difference -> {
            out.println("  " + difference.rows() + " " + difference.what());
            difference.examples().forEach(example -> out.println("    " + example));
        });
    }
}
