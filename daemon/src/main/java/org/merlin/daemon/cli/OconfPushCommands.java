package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon oconf push}, {@code rollback} and {@code resolve}: they make a generation and follow its way. */
abstract sealed class OconfPushCommands implements Callable<Integer> {
    private static final Pattern SOAK = Pattern.compile("(\\d{1,6})(s|m|h)?");

    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    @Option(
            names = "--force",
            description = "Also what was refused before; and go on without the nodes that refuse it.")
    private boolean force;

    private OconfPushCommands(CliContext context) {
        this.context = context;
    }

    /** What is asked of the daemon; empty if the words were wrong, which has been said. */
    abstract Optional<Map<String, Object>> wish(AdminClient daemon) throws IOException;

    @Override
    public Integer call() throws IOException, ConfException {
        AdminClient daemon = context.daemon();
        Optional<Map<String, Object>> wish = wish(daemon);
        if (wish.isEmpty()) {
            return ExitStatus.USAGE;
        }
        Map<String, Object> whole = new HashMap<>(wish.get());
        whole.put("force", force);
        ByCommand.tell(context, spec.commandLine().getErr());
        return new PushFollower(daemon, spec, format).follow(whole);
    }

    void complain(String what) {
        spec.commandLine().getErr().println("mon: " + what);
    }

    /** {@code mon oconf push}. */
    @Command(
            name = "push",
            mixinStandardHelpOptions = true,
            description = {
                "Send this node's object configuration to its peers and pollers, over the nodes' own links. The scheduler's own check tries it",
                "here and at all connected peers first; if one refuses it, nobody runs it. Then it is tried here, and the others follow;",
                "pollers get their parts. What a scheduler does not survive is taken back by itself. To be asked on a node without masters."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  mon oconf push --note 'new switches in Oslo'", "  mon oconf push --canary 2 --soak 5m"},
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:all connected nodes run it",
                "1:they do not, with the reasons",
                "64:usage, or no such node or generation",
                "69:no daemon answers",
                "75:not to be done here: this node has masters, takes no part, or has nothing to resolve",
                "78:bad configuration"
            })
    static final class PushCommand extends OconfPushCommands {
        @Parameters(
                arity = "0..*",
                paramLabel = "NODE",
                description = "Only these are to run it for now, and this node; all by default.")
        private List<String> names = List.of();

        @Option(names = "--canary", paramLabel = "N", description = "So many nodes run it first, pollers before peers.")
        private Integer canary;

        @Option(
                names = "--soak",
                paramLabel = "TIME",
                description = "With --canary or names: watch these so long, e.g. 5m, then all others follow.")
        private String soak = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "Why, for the history.")
        private String note = "";

        @Option(names = "--dry-run", description = "Only tell what would go where, as 'mon oconf plan'.")
        private boolean dryRun;

        PushCommand(CliContext context) {
            super(context);
        }

        @Override
        public Integer call() throws IOException, ConfException {
            return dryRun ? new OconfPlan(super.context.daemon(), super.spec, super.format).show(names) : super.call();
        }

        @Override
        Optional<Map<String, Object>> wish(AdminClient daemon) throws IOException {
            Matcher time = SOAK.matcher(soak.isEmpty() ? "0" : soak);
            if (!time.matches() || canary != null && canary < 1) {
                complain("--soak takes a time such as 90s or 5m, --canary how many nodes, at least 1");
                return Optional.empty();
            }
            List<String> only = new ArrayList<>(names);
            if (canary != null) {
                List<String> others = canaries(daemon);
                others.removeAll(names);
                if (others.size() < canary) {
                    complain("--canary " + canary + ": there are " + others.size()
                            + " other nodes that could run it first" + (others.isEmpty() ? "" : ": ")
                            + String.join(", ", others));
                    return Optional.empty();
                }
                only.addAll(others.subList(0, canary));
            }
            if (only.isEmpty() && !soak.isEmpty()) {
                complain("--soak goes with names of nodes that run it first, or with --canary");
                return Optional.empty();
            }
            return Optional.of(
                    Map.of("only", only, "soak_seconds", seconds(time), "note", note.isEmpty() ? "pushed" : note));
        }

        private static long seconds(Matcher time) {
            long number = Long.parseLong(time.group(1));
            return "m".equals(time.group(2))
                    ? Duration.ofMinutes(number).toSeconds()
                    : "h".equals(time.group(2)) ? Duration.ofHours(number).toSeconds() : number;
        }

        /** Nodes that are connected and take part, pollers before peers. */
        private static List<String> canaries(AdminClient daemon) throws IOException {
            List<String> pollers = new ArrayList<>();
            List<String> peers = new ArrayList<>();
            for (JsonNode node :
                    AdminClient.mapper().readTree(daemon.ask("oconf-status")).path("nodes")) {
                boolean here = !Set.of("away", "no_part")
                        .contains(node.path("state_word").asText());
                if (here && node.path("role").asText().equals("poller")) {
                    pollers.add(node.path("name").asText());
                } else if (here && node.path("role").asText().equals("peer")) {
                    peers.add(node.path("name").asText());
                }
            }
            pollers.addAll(peers);
            return pollers;
        }
    }

    /** {@code mon oconf rollback GENERATION}. */
    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = {
                "Run the files of an earlier generation again, on all nodes. That is a new generation with old files, so that nodes that are",
                "away take it, too, when they come back; changes in the folder that were not pushed are kept in the history."
            },
            footerHeading = "%nExample:%n",
            footer = "  mon oconf history && mon oconf rollback 3f2a",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:all connected nodes run it",
                "1:they do not, with the reasons",
                "64:usage, or no such node or generation",
                "69:no daemon answers",
                "75:not to be done here: this node has masters, takes no part, or has nothing to resolve",
                "78:bad configuration"
            })
    static final class RollbackCommand extends OconfPushCommands {
        @Parameters(
                paramLabel = "GENERATION",
                description = "The first digits of its hash, as 'mon oconf history' shows them.")
        private String generation;

        RollbackCommand(CliContext context) {
            super(context);
        }

        @Override
        Optional<Map<String, Object>> wish(AdminClient daemon) {
            return Optional.of(Map.of("generation", generation, "note", "back to the files of " + generation));
        }
    }

    /** {@code mon oconf resolve [GENERATION]}. */
    @Command(
            name = "resolve",
            mixinStandardHelpOptions = true,
            description = {
                "Choose between generations that masters made of the same one: all nodes that went another way take the chosen one in the place",
                "of theirs, and keep theirs in the history. Without a name this node's own folder is chosen, as it is now; merge by hand first what",
                "the others changed."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:all connected nodes run it",
                "1:they do not, with the reasons",
                "64:usage, or no such node or generation",
                "69:no daemon answers",
                "75:not to be done here: this node has masters, takes no part, or has nothing to resolve",
                "78:bad configuration"
            })
    static final class ResolveCommand extends OconfPushCommands {
        @Parameters(
                arity = "0..1",
                paramLabel = "GENERATION",
                description = "The first digits of its hash, as 'mon oconf status' shows them.")
        private String generation = "";

        ResolveCommand(CliContext context) {
            super(context);
        }

        @Override
        Optional<Map<String, Object>> wish(AdminClient daemon) {
            return Optional.of(Map.of(
                    "generation",
                    generation,
                    "join",
                    true,
                    "note",
                    generation.isEmpty() ? "chosen" : "chosen: " + generation));
        }
    }
}
