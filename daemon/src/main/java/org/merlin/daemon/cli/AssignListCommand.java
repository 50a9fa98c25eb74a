package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.merlin.daemon.ipc.AdminAnswers.CheckView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon assign list}: who runs what. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List checks with who runs each, who would be next, and whether its result is overdue.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mon assign list --node monitor2    what moves when it goes down",
            "  mon assign list --expired          whose runner brings no results though it lives",
            "  mon assign list --unassigned       what nobody runs"
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:listed; with --expired or --unassigned: there is none",
            "1:there are expired ones",
            "2:there are unassigned ones",
            "64:usage",
            "69:no daemon or no module answers",
            "78:bad configuration"
        })
final class AssignListCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private Which which = new Which();

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    /** One of them, or all checks. */
    private static final class Which {
        @Option(names = "--node", paramLabel = "NODE", description = "Those that this node runs.")
        private String node;

        @Option(
                names = "--expired",
                description = "Those whose runner has brought no result when one was due; the next in line runs them.")
        private boolean expired;

        @Option(names = "--unassigned", description = "Those that nobody runs.")
        private boolean unassigned;
    }

    AssignListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        CheckList list = new CheckList(context.daemon());
        if (which.node != null && !list.isNode(which.node)) {
            spec.commandLine().getErr().println("mon: there is no node '" + which.node + "' in " + context.file());
            return ExitStatus.USAGE;
        }
        List<CheckView> checks = list.all(question(), which.node == null ? "-" : which.node);
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(Map.of("count", checks.size(), "checks", checks)));
        } else {
            checks.forEach(check -> out.println(line(check)));
            spec.commandLine().getErr().println(checks.size() + (checks.size() == 1 ? " check" : " checks"));
        }
        if (checks.isEmpty()) {
            return ExitStatus.OK;
        }
        return which.unassigned ? ExitStatus.CRITICAL : which.expired ? ExitStatus.WARNING : ExitStatus.OK;
    }

    private String question() {
        return which.node != null ? "of_node" : which.expired ? "overdue" : which.unassigned ? "unassigned" : "all";
    }

    private static String line(CheckView check) {
        return check.object() + ": "
                + (check.runner().isEmpty() ? Colours.bad("nobody runs it") : check.runner())
                + (check.next().isEmpty() ? "" : ", then " + check.next())
                + (check.overdueSeconds() == 0
                        ? ""
                        : Colours.warning(", no result for " + NodeStatusText.duration(check.overdueSeconds())));
    }
}
