package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon assign show HOST[;SERVICE]}: who runs a check, why, and who would be next. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Say who runs a check, why, and who would be next.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:somebody runs it",
            "1:no such host or service",
            "2:nobody runs it",
            "64:usage",
            "69:no daemon or no module answers",
            "78:bad configuration"
        })
final class AssignShowCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "HOST[;SERVICE]", description = "The check; mind the shell: quote the semicolon.")
    private String object;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    AssignShowCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        if (object.isBlank()) {
            throw new ParameterException(spec.commandLine(), "the name of a host or service is missing");
        }
        PrintWriter out = spec.commandLine().getOut();
        JsonNode answer = AdminClient.mapper().readTree(context.daemon().ask("assign " + object));
        String error = answer.path("error").asText();
        boolean known = answer.path("known").asBoolean();
        if (format == OutputFormat.json) {
            out.println(answer.toPrettyString());
        } else if (known) {
            print(out, answer);
        }
        if (!known) {
            spec.commandLine().getErr().println(object + ": " + error);
            return error.contains("does not answer") ? ExitStatus.NO_DAEMON : ExitStatus.FAILED;
        }
        return answer.path("unassigned").asBoolean() ? ExitStatus.CRITICAL : ExitStatus.OK;
    }

    private void print(PrintWriter out, JsonNode answer) {
        List<String> inLine = new ArrayList<>();
        answer.path("in_line").forEach(name -> inLine.add(name.asText()));
        out.println(object + ": "
                + (inLine.isEmpty() ? Colours.bad("nobody runs it") : Colours.good(inLine.get(0) + " runs it")));
        out.println("  Why:  " + answer.path("why").asText());
        out.println("  Slot: " + answer.path("slot").asLong() + " of "
                + answer.path("slots").asLong());
        out.println("  Next: " + (inLine.size() < 2 ? "nobody" : String.join(", ", inLine.subList(1, inLine.size()))));
        if (answer.path("handover").asBoolean()) {
            out.println("  " + Colours.warning("A handover is under way: more than one node may run it now."));
        }
    }
}
