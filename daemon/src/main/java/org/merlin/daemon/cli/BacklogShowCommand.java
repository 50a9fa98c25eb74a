package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.merlin.daemon.status.BacklogView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon backlog show NODE}: what waits for one node, its bounds, and what it has lost. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show what waits for one node, its bounds, and what it has lost.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:nothing of it was dropped",
            "1:events of it were dropped, or there is no such node",
            "64:usage",
            "69:no daemon answers",
            "78:bad configuration"
        })
final class BacklogShowCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NODE", description = "Name of the node; this node's own for its scheduler.")
    private String node;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    BacklogShowCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        Optional<BacklogView.Backlog> found = context.daemon().backlog().backlogs().stream()
                .filter(backlog -> backlog.name().equals(node))
                .findFirst();
        if (found.isEmpty()) {
            spec.commandLine().getErr().println("mon: there is no node '" + node + "' in " + context.file());
            return ExitStatus.FAILED;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(found.get()));
        } else {
            print(out, found.get());
        }
        return BacklogText.status(List.of(found.get()));
    }

    private static void print(PrintWriter out, BacklogView.Backlog backlog) {
        out.println(BacklogText.line(backlog));
        out.println("  Bounds: " + backlog.maxBytes() + " bytes, " + NodeStatusText.duration(backlog.maxAgeSeconds())
                + ", while " + backlog.minFreeBytes() + " bytes are free on the disk");
        for (BacklogView.Gap gap : backlog.gaps()) {
            out.println("  Lost, and not told to it yet: " + gap.origin() + " epoch " + gap.epoch() + " after "
                    + gap.after() + " up to " + gap.upTo());
        }
    }
}
