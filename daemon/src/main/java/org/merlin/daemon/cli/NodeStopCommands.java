package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon node drain}, {@code undrain} and {@code can-stop}: to stop a node without a gap. */
abstract sealed class NodeStopCommands implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NODE", description = "Its name, as in merlin.conf.")
    private String node;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    private NodeStopCommands(CliContext context) {
        this.context = context;
    }

    /** The question to the daemon. */
    abstract String question(String name);

    /** What is so if there are no reasons against it. */
    abstract String done();

    @Override
    public Integer call() throws IOException, ConfException {
        if (node.isBlank() || node.contains(" ") || node.contains("\n")) {
            spec.commandLine().getErr().println("'" + node + "' is no name of a node");
            return ExitStatus.USAGE;
        }
        JsonNode answer = AdminClient.mapper().readTree(context.daemon().ask(question(node)));
        List<String> reasons = new ArrayList<>();
        answer.path("reasons").forEach(reason -> reasons.add(reason.asText()));
        if (answer.has("error")) {
            reasons.add(answer.get("error").asText());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(Map.of("node", node, "ok", reasons.isEmpty(), "reasons", reasons)));
        } else if (reasons.isEmpty()) {
            out.println(node + " " + done());
        } else {
            reasons.forEach(reason -> out.println(node + ": " + reason));
        }
        return reasons.isEmpty() ? ExitStatus.OK : ExitStatus.UNSAFE;
    }

    /** {@code mon node drain NODE}. */
    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description = {
                "Hand a node's checks over before maintenance: it stays connected and knows everything, and runs nothing as long as",
                "another node of its group can. That outlives restarts; 'mon node undrain' ends it. To be asked on the node, a peer or a master."
            },
            footerHeading = "%nExample:%n",
            footer = "  mon node drain monitor2 && until mon node can-stop monitor2; do sleep 1; done",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:done",
                "64:usage",
                "69:no daemon answers",
                "75:not done, with the reasons",
                "78:bad configuration"
            })
    static final class DrainCommand extends NodeStopCommands {
        @Option(
                names = "--force",
                description = "Even if nobody else can run its checks; they go on running there then.")
        private boolean force;

        DrainCommand(CliContext context) {
            super(context);
        }

        @Override
        String question(String name) {
            return "drain " + name + (force ? " force" : "");
        }

        @Override
        String done() {
            return "is drained; 'mon node can-stop' tells when its checks are handed over";
        }
    }

    /** {@code mon node undrain NODE}. */
    @Command(
            name = "undrain",
            mixinStandardHelpOptions = true,
            description = "Let a node that was drained run its share of the checks again.",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:done",
                "64:usage",
                "69:no daemon answers",
                "75:not done, with the reasons",
                "78:bad configuration"
            })
    static final class UndrainCommand extends NodeStopCommands {
        UndrainCommand(CliContext context) {
            super(context);
        }

        @Override
        String question(String name) {
            return "undrain " + name;
        }

        @Override
        String done() {
            return "takes its checks back";
        }
    }

    /** {@code mon node can-stop NODE}. */
    @Command(
            name = "can-stop",
            mixinStandardHelpOptions = true,
            description = {
                "Tell whether a node can be stopped without a gap: it is drained, its checks are handed over, and nothing of it waits for a",
                "node that is connected."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:it can",
                "64:usage",
                "69:no daemon answers",
                "75:not safe now, with the reasons",
                "78:bad configuration"
            })
    static final class CanStopCommand extends NodeStopCommands {
        CanStopCommand(CliContext context) {
            super(context);
        }

        @Override
        String question(String name) {
            return "can-stop " + name;
        }

        @Override
        String done() {
            return "can be stopped";
        }
    }
}
