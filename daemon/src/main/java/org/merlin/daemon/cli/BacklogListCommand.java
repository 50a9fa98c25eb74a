package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.merlin.daemon.status.BacklogView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon backlog list}: one line for each node, and one for the log. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Show what waits for each node.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:nothing was dropped",
            "1:events of a node were dropped",
            "64:usage",
            "69:no daemon answers",
            "78:bad configuration"
        })
final class BacklogListCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    BacklogListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        BacklogView view = context.daemon().backlog();
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(view));
        } else {
            view.backlogs().forEach(backlog -> out.println("  " + BacklogText.line(backlog)));
            out.println("  " + BacklogText.line(view.log()));
        }
        return BacklogText.status(view.backlogs());
    }
}
