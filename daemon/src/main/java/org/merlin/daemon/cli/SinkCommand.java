package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.SinkView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon sink}: how far the database's writer is behind. */
@Command(
        name = "sink",
        mixinStandardHelpOptions = true,
        description = "Show how the database's writer does, and how far it is behind.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it writes, or another node does",
            "1:it is a minute behind, or something was set aside or lost",
            "2:the database is away",
            "3:there is no database, or it has just begun",
            "64:usage",
            "69:no daemon answers",
            "78:bad configuration"
        })
class SinkCommand implements Callable<Integer> {
    private static final double LATE_SECONDS = 60;

    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    SinkCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        List<SinkView> sinks = context.daemon().sinks();
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(sinks));
        } else if (sinks.isEmpty()) {
            out.println("no database: merlin.conf has no section database");
        }
        int status = sinks.isEmpty() ? ExitStatus.UNKNOWN : ExitStatus.OK;
        for (SinkView sink : sinks) {
            if (format != OutputFormat.json) {
                print(sink, out);
            }
            status = Math.max(status, statusOf(sink));
        }
        return status;
    }

    private static int statusOf(SinkView sink) {
        return switch (sink.state()) {
            case "away" -> ExitStatus.CRITICAL;
            case "starting" -> ExitStatus.UNKNOWN;
            default ->
                sink.lagSeconds() >= LATE_SECONDS || sink.setAside() > 0 || sink.lost() > 0
                        ? ExitStatus.WARNING
                        : ExitStatus.OK;
        };
    }

    private static void print(SinkView sink, PrintWriter out) {
        out.println(sink.database() + ": " + sink.state()
                + (sink.writer().isEmpty() ? "" : ", written by " + sink.writer()));
        out.printf(
                Locale.ROOT,
                "  behind: %d events, %.1f s; written since the start: %d events, %d rows%n",
                sink.lagEvents(),
                sink.lagSeconds(),
                sink.events(),
                sink.rows());
        if (sink.setAside() > 0 || sink.lost() > 0) {
            out.println("  set aside: " + sink.setAside() + " events; not written, for no log has them any more: "
                    + sink.lost());
        }
        if (!sink.problem().isEmpty()) {
            out.println("  " + sink.problem());
        }
        sink.warnings().forEach(warning -> out.println("  the server: " + warning));
    }
}
