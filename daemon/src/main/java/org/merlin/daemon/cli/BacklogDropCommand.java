package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.merlin.daemon.status.BacklogView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon backlog drop NODE}: gives up what waits for a node; it is told what it lacks when it comes. */
@Command(
        name = "drop",
        mixinStandardHelpOptions = true,
        description = "Give up what waits for a node. It is told what it lacks when it comes.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done",
            "1:no such node, or still at it",
            "64:usage",
            "69:no daemon answers",
            "78:bad configuration"
        })
final class BacklogDropCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NODE", description = "Name of the node; this node's own for its scheduler.")
    private String node;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            description = "Only what is older: seconds, or with a unit as in 30m, 12h, 7d.")
    private String olderThan;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    BacklogDropCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        BacklogView.Dropped dropped = context.daemon()
                .dropBacklog(node, olderThan == null ? 0 : Age.seconds(spec, "--older-than", olderThan));
        if (format == OutputFormat.json) {
            spec.commandLine().getOut().println(Json.pretty(dropped));
        }
        if (!dropped.error().isEmpty()) {
            spec.commandLine().getErr().println("mon: " + dropped.error());
            return ExitStatus.FAILED;
        }
        if (format == OutputFormat.text) {
            spec.commandLine()
                    .getOut()
                    .println(dropped.dropped() + " events for " + node + " dropped"
                            + (dropped.finished() ? "" : " so far; the daemon goes on"));
        }
        return dropped.finished() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
