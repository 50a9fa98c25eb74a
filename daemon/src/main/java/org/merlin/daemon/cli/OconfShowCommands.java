package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon oconf status}, {@code history}, {@code plan} and {@code fetch}: they ask the daemon once. */
abstract sealed class OconfShowCommands implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    private OconfShowCommands(CliContext context) {
        this.context = context;
    }

    abstract String question();

    /** Shows the answer; returns the exit status. */
    abstract int show(JsonNode answer, PrintWriter out);

    long patienceSeconds() {
        return AdminClient.PATIENCE.toSeconds();
    }

    /** Whether it changes something. */
    boolean acts() {
        return false;
    }

    /** Whether who is left out has to be named. */
    boolean ofAllNodes() {
        return false;
    }

    /** The exit status of an answer that is shown as JSON. */
    abstract int status(JsonNode answer);

    @Override
    public Integer call() throws IOException, ConfException {
        JsonNode answer = AdminClient.mapper().readTree(context.daemon().ask(question(), patienceSeconds()));
        if (AnswerError.is(answer)) {
            return AnswerError.tell(answer, spec, acts());
        }
        if (ofAllNodes()) {
            ByCommand.tell(context, spec.commandLine().getErr());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(answer));
            return status(answer);
        }
        return show(answer, out);
    }

    void complain(String what) {
        spec.commandLine().getErr().println("mon: " + what);
    }

    static String shown(JsonNode hash) {
        String text = hash.asText();
        return text.isEmpty() ? "-" : text.substring(0, Math.min(12, text.length()));
    }

    private static String line(JsonNode generation) {
        long seconds = generation.path("seconds").asLong();
        return shown(generation.path("hash")) + "  "
                + (seconds == 0 ? "-" : Instant.ofEpochSecond(seconds).truncatedTo(ChronoUnit.SECONDS)) + "  "
                + (generation.path("author").asText().isEmpty()
                        ? "-"
                        : generation.path("author").asText()) + "  "
                + generation.path("note").asText();
    }

    /** {@code mon oconf status}. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Which generation of the object configuration each node runs, as this one knows it, and why if it is another one.",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:all connected nodes are in sync",
                "1:one is not yet",
                "2:one refuses it, has gone another way, or was edited",
                "3:this node takes no part",
                "64:usage",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class StatusCommand extends OconfShowCommands {
        private static final Set<String> BAD = Set.of("refused", "apart", "edited");

        StatusCommand(CliContext context) {
            super(context);
        }

        @Override
        String question() {
            return "oconf-status";
        }

        @Override
        boolean ofAllNodes() {
            return true;
        }

        @Override
        int show(JsonNode answer, PrintWriter out) {
            JsonNode runs = answer.path("runs");
            out.println(runs.isNull() ? "this node has no configuration yet" : "this node runs " + line(runs));
            List<String> only = new ArrayList<>();
            runs.path("only").forEach(node -> only.add(node.asText()));
            if (!only.isEmpty()) {
                out.println("  for now only for " + String.join(", ", only));
            }
            if (answer.path("edited").asBoolean()) {
                out.println(
                        Colours.warning("  " + answer.path("folder").asText() + " holds changes that were not pushed"));
            }
            if (!answer.path("doing").asText().isEmpty()) {
                out.println("  " + answer.path("doing").asText());
            }
            if (!answer.path("refused_why").asText().isEmpty()) {
                out.println(Colours.warning("  refused last:"));
                answer.path("refused_why").asText().lines().forEach(why -> out.println("    " + why));
            }
            for (JsonNode node : answer.path("nodes")) {
                String state = node.path("state").asText();
                out.println(node.path("role").asText() + " "
                        + node.path("name").asText() + ": "
                        + (good(node.path("state_word").asText()) ? state : Colours.warning(state)) + "  (runs "
                        + shown(node.path("runs"))
                        + (node.path("wanted").asText().equals(node.path("runs").asText())
                                        || node.path("wanted").asText().isEmpty()
                                ? ""
                                : ", is to run " + shown(node.path("wanted")))
                        + ")");
                if (state.equals("refuses it")) {
                    node.path("why").asText().lines().forEach(why -> out.println("    " + why));
                }
            }
            return status(answer);
        }

        private static boolean good(String word) {
            return word.equals("in_sync") || word.equals("no_offer");
        }

        @Override
        int status(JsonNode answer) {
            int status = answer.path("edited").asBoolean()
                    ? ExitStatus.CRITICAL
                    : answer.path("runs").isNull() ? ExitStatus.FAILED : ExitStatus.OK;
            for (JsonNode node : answer.path("nodes")) {
                String word = node.path("state_word").asText();
                if (BAD.contains(word)) {
                    return ExitStatus.CRITICAL;
                }
                if (!good(word) && !word.equals("away") && !word.equals("no_part")) {
                    status = Math.max(status, ExitStatus.FAILED);
                }
            }
            return status;
        }
    }

    /** {@code mon oconf history}. */
    @Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = {
                "The generations that this node knows, the newest first: hash, time, author, why. 'mon oconf rollback' runs the files of one again.",
                "The first word: 'runs', this node runs it; 'ran', it did; 'kept', it never did, and its files are kept to look at: refused, put aside,",
                "or a trial that was cut off; 'known', others ran it on the way to what is run, and its files may not be here."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:ok",
                "3:this node takes no part",
                "64:usage",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class HistoryCommand extends OconfShowCommands {
        HistoryCommand(CliContext context) {
            super(context);
        }

        @Override
        String question() {
            return "oconf-history";
        }

        @Override
        int show(JsonNode answer, PrintWriter out) {
            answer.path("generations")
                    .forEach(generation ->
                            out.printf("%-5s  %s%n", generation.path("state").asText(), line(generation)));
            return ExitStatus.OK;
        }

        @Override
        int status(JsonNode answer) {
            return ExitStatus.OK;
        }
    }

    /** {@code mon oconf diff NODE}, or {@code diff GENERATION GENERATION}. */
    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = {
                "How what a node is to run differs from what it runs: blocks that would go (-) and come (+). What is not here of that is fetched.",
                "With two generations: how the second differs from the first."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:nothing differs",
                "1:something does",
                "3:it cannot be told",
                "64:usage, or no such node or generation",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class DiffCommand extends OconfShowCommands {
        private static final long FETCHING_SECONDS = 120;

        @Parameters(
                arity = "1..2",
                paramLabel = "NODE",
                description = "A peer or poller of this node; or first digits of the hashes of two generations.")
        private List<String> names;

        DiffCommand(CliContext context) {
            super(context);
        }

        @Override
        String question() {
            return names.size() == 1
                    ? "oconf-diff " + AdminClient.word(names.get(0))
                    : "oconf-compare " + AdminClient.word(names.get(0)) + " " + AdminClient.word(names.get(1));
        }

        @Override
        long patienceSeconds() {
            return FETCHING_SECONDS;
        }

        @Override
        int show(JsonNode answer, PrintWriter out) {
            answer.path("lines").forEach(line -> out.println(line.asText()));
            return status(answer);
        }

        @Override
        int status(JsonNode answer) {
            return answer.path("lines").isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
        }
    }

    /** {@code mon oconf fetch}. */
    @Command(
            name = "fetch",
            mixinStandardHelpOptions = true,
            description = {
                "Take what peers and masters offer now, if it follows what this node runs; without being asked nodes do that by themselves.",
                "With --force changes in the folder that were not pushed are put aside first: they are kept in the history."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:asked; 'mon oconf status' tells what comes of it",
                "1:changes in the folder that were not pushed are in the way",
                "64:usage, or no such node",
                "69:no daemon answers",
                "75:this node takes no part",
                "78:bad configuration"
            })
    static final class FetchCommand extends OconfShowCommands {
        @Parameters(
                arity = "0..1",
                paramLabel = "NODE",
                description = "Taken as the C original takes it; any node that has it gives it.")
        private String from = "";

        @Option(names = "--sync", description = "The same; the scheduler always reads what was taken.")
        private boolean sync;

        @Option(names = "--force", description = "Put changes aside that were not pushed.")
        private boolean force;

        FetchCommand(CliContext context) {
            super(context);
        }

        @Override
        String question() {
            return force ? "oconf-fetch force" : "oconf-fetch";
        }

        @Override
        public Integer call() throws IOException, ConfException {
            boolean known = from.isEmpty()
                    || super.context.conf().nodes().stream()
                            .anyMatch(node -> node.name().equals(from));
            if (!known) {
                complain("there is no node '" + from + "' in " + super.context.file());
                return ExitStatus.USAGE;
            }
            return super.call();
        }

        @Override
        boolean acts() {
            return true;
        }

        @Override
        int show(JsonNode answer, PrintWriter out) {
            if (status(answer) != ExitStatus.OK) {
                complain(answer.path("blocked").asText());
                return status(answer);
            }
            out.println(
                    answer.path("put_aside").asBoolean()
                            ? "changes that were not pushed are put aside, see 'mon oconf history'; looking at what others offer"
                            : "looking at what others offer");
            return ExitStatus.OK;
        }

        @Override
        int status(JsonNode answer) {
            return answer.path("blocked").asText().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
        }
    }
}
