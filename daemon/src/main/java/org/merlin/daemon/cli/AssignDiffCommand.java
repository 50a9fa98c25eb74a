package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.merlin.daemon.ipc.AdminAnswers.CheckView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon assign diff --without NODE}: who would run the checks of a node if it were gone. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Show who would run a node's own checks if it were gone. The others' checks move too, since shares are dealt out anew",
            "among those who are left; 'mon assign show' tells for each."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:somebody would run each of them",
            "2:nobody would run some of them",
            "64:usage",
            "69:no daemon or no module answers",
            "78:bad configuration"
        })
final class AssignDiffCommand implements Callable<Integer> {
    private static final String NOBODY = "nobody";

    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(names = "--without", paramLabel = "NODE", required = true, description = "The node that would be gone.")
    private String node;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    AssignDiffCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        CheckList list = new CheckList(context.daemon());
        if (!list.isNode(node)) {
            spec.commandLine().getErr().println("mon: there is no node '" + node + "' in " + context.file());
            return ExitStatus.USAGE;
        }
        List<CheckView> checks = list.all("without", node);
        Map<String, Integer> to = new TreeMap<>();
        checks.forEach(check -> to.merge(check.next().isEmpty() ? NOBODY : check.next(), 1, Integer::sum));
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(Map.of("without", node, "moved", checks.size(), "to", to, "checks", checks)));
        } else {
            checks.forEach(check -> out.println(check.object() + ": " + node + " -> "
                    + (check.next().isEmpty() ? Colours.bad(NOBODY) : check.next())));
            out.println(checks.isEmpty() ? node + " runs nothing" : "Without " + node + ": " + words(to));
        }
        return to.containsKey(NOBODY) ? ExitStatus.CRITICAL : ExitStatus.OK;
    }

    private static String words(Map<String, Integer> to) {
        StringBuilder words = new StringBuilder();
        to.forEach((name, count) -> words.append(words.isEmpty() ? "" : ", ")
                .append(count)
                .append(count == 1 ? " check to " : " checks to ")
                .append(name));
        return words.toString();
    }
}
