package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlCheck;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.time.WallClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon db check}: whether the database is as the writer needs it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Look whether the database is as its writer needs it: schema, missing tables and columns, character sets, flush"
                    + " settings, read-only, clock, state of a Galera node.",
            "Connects by merlin.conf, whether a daemon runs or not, and changes nothing."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:all good",
            "1:something to look at",
            "2:nothing can be written as it is",
            "3:merlin.conf has no database",
            "64:usage",
            "78:bad configuration"
        })
final class DbCheckCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    DbCheckCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        SqlCheck.Report report = look(DatabasePlace.of(context));
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(report));
        } else {
            print(report, out);
        }
        return switch (report.worst()) {
            case OK -> ExitStatus.OK;
            case WARNING -> ExitStatus.WARNING;
            case CRITICAL -> ExitStatus.CRITICAL;
        };
    }

    private static SqlCheck.Report look(DatabasePlace place) {
        try (SqlSession session = place.open()) {
            return SqlCheck.of(session, WallClock::micros);
        } catch (HistoryException e) {
            return SqlCheck.unreachable(place.conf().toString(), e.getMessage());
        }
    }

    private static void print(SqlCheck.Report report, PrintWriter out) {
        out.println(report.database());
        report.findings()
                .forEach(finding ->
                        out.printf("  %-9s %s%n", finding.severity().name().toLowerCase(Locale.ROOT), finding.what()));
        if (!report.tables().isEmpty()) {
            out.println("  size      " + report.bytes() + " bytes");
        }
        report.tables().stream()
                .filter(table -> table.rows() > 0)
                .forEach(table -> out.printf("            %-18s about %d rows%n", table.table(), table.rows()));
    }
}
