package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.merlin.daemon.status.NodeView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon oconf remote-fetch} and {@code retry}: one question to the daemon for each of some nodes. */
abstract sealed class OconfNodeCommands implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "NODE",
            description = "Names; all nodes that it can be done for if none is given.")
    private List<String> names = List.of();

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    private OconfNodeCommands(CliContext context) {
        this.context = context;
    }

    /** The question to the daemon, without the node's name. */
    abstract String question();

    /** What is so if there are no reasons against it. */
    abstract String done();

    /** Whether a node is meant where no names are given. */
    abstract boolean meant(NodeView node);

    /** Types that names are chosen from as well; all if empty. */
    List<String> types() {
        return List.of();
    }

    @Override
    public Integer call() throws IOException, ConfException {
        AdminClient daemon = context.daemon();
        List<NodeView> known = daemon.cluster().nodes();
        Optional<String> unknown = names.stream()
                .filter(name -> known.stream().noneMatch(node -> node.name().equals(name)))
                .findFirst();
        if (unknown.isPresent()) {
            spec.commandLine().getErr().println("mon: there is no node '" + unknown.get() + "' in " + context.file());
            return ExitStatus.USAGE;
        }
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (String name : chosen(known)) {
            reasons.put(name, ask(daemon, name));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(reasons.entrySet().stream()
                    .map(node ->
                            Map.of("node", node.getKey(), "ok", node.getValue().isEmpty(), "reasons", node.getValue()))
                    .toList()));
        } else if (reasons.isEmpty()) {
            out.println("there is no node to do this for");
        } else {
            reasons.forEach((name, why) -> out.println(why.isEmpty() ? name + " " + done() : name + ": " + why.get(0)));
        }
        boolean all = reasons.values().stream().allMatch(List::isEmpty);
        return all && !reasons.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private List<String> chosen(List<NodeView> known) {
        return known.stream()
                .filter(node -> names.isEmpty() ? meant(node) : names.contains(node.name()))
                .filter(node -> types().isEmpty() || types().contains(node.type()))
                .map(NodeView::name)
                .toList();
    }

    private List<String> ask(AdminClient daemon, String name) throws IOException {
        JsonNode answer = AdminClient.mapper().readTree(daemon.ask(question() + " " + name));
        List<String> reasons = new ArrayList<>();
        answer.path("reasons").forEach(reason -> reasons.add(reason.asText()));
        if (answer.has("error")) {
            reasons.add(answer.get("error").asText());
        }
        return reasons;
    }

    /** {@code mon oconf remote-fetch [NODE...]}. */
    @Command(
            name = "remote-fetch",
            mixinStandardHelpOptions = true,
            description = {
                "Ask peers and pollers to run their own fetch command for this node now, whether anything differs or not. What came of it",
                "is in their logs (MRL-1081, MRL-1082) and in what 'mon node status' says there."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:all were asked",
                "1:one was not, or there is none",
                "64:usage, or no such node",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class RemoteFetchCommand extends OconfNodeCommands {
        @Option(
                names = "--type",
                split = ",",
                paramLabel = "TYPE",
                description = "Only nodes of these types: peer, poller.")
        private List<String> types = List.of();

        RemoteFetchCommand(CliContext context) {
            super(context);
        }

        @Override
        String question() {
            return "remote-fetch";
        }

        @Override
        String done() {
            return "was asked to fetch";
        }

        @Override
        boolean meant(NodeView node) {
            return List.of("peer", "poller").contains(node.type());
        }

        @Override
        List<String> types() {
            return types;
        }
    }

    /** {@code mon oconf retry [NODE...]}. */
    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = {
                "Run the push or fetch command for nodes again that was stopped since it went in a circle (MRL-1083), or is to wait after",
                "the last one; if anything is due."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:done",
                "1:not done for one, or there is none",
                "64:usage, or no such node",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class RetryCommand extends OconfNodeCommands {
        RetryCommand(CliContext context) {
            super(context);
        }

        @Override
        String question() {
            return "hook-retry";
        }

        @Override
        String done() {
            return "is looked at anew";
        }

        @Override
        boolean meant(NodeView node) {
            return !node.config().hook().push().isEmpty()
                    || !node.config().hook().fetch().isEmpty();
        }
    }
}
