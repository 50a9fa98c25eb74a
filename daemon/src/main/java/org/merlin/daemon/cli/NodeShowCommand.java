package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon node show}: all that is known of nodes, as {@code KEY=value} lines. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show everything that the daemon knows of nodes, as KEY=value lines.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:shown", "1:a name is unknown", "64:usage", "69:no daemon answers", "78:bad configuration"})
final class NodeShowCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names; all nodes if none is given.")
    private List<String> names = List.of();

    @Option(names = "--type", split = ",", paramLabel = "TYPE", description = "Only nodes of these types.")
    private List<String> types;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    NodeShowCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode all =
                AdminClient.mapper().readTree(context.daemon().ask("nodes")).get("nodes");
        ArrayNode chosen = AdminClient.mapper().createArrayNode();
        for (JsonNode node : all) {
            boolean named = names.isEmpty() || names.contains(node.get("name").asText());
            boolean typed = types == null || types.contains(node.get("type").asText());
            if (named && typed) {
                chosen.add(node);
            }
        }
        if (format == OutputFormat.json) {
            out.println(chosen.toPrettyString());
        } else {
            chosen.forEach(node -> {
                out.println("# " + node.get("name").asText());
                print(out, "", node);
                out.println();
            });
        }
        return complainOfUnknown(all) ? ExitStatus.FAILED : ExitStatus.OK;
    }

    private static void print(PrintWriter out, String prefix, JsonNode fields) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String key = prefix + field.getKey().toUpperCase(Locale.ROOT);
            if (field.getValue().isObject()) {
                print(out, key + "_", field.getValue());
            } else {
                out.println(key + "=" + text(field.getValue()));
            }
        }
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText().replace("\n", "\\n"); // one line each, though a command printed more
        }
        StringBuilder joined = new StringBuilder();
        value.forEach(element -> joined.append(joined.isEmpty() ? "" : ",").append(element.asText()));
        return joined.toString();
    }

    private boolean complainOfUnknown(JsonNode all) {
        boolean unknown = false;
        for (String name : names) {
            boolean known = false;
            for (JsonNode node : all) {
                known |= node.get("name").asText().equals(name);
            }
            if (!known) {
                spec.commandLine().getErr().println(name + ": no such node; mon node list names them");
                unknown = true;
            }
        }
        return unknown;
    }
}
