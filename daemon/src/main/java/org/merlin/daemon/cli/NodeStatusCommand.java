package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.merlin.daemon.status.ClusterView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon node status}: one screen that says whether all is well. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the nodes of this cluster, what they share and how far they are behind.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:all nodes active",
            "1:one away or out of sync",
            "2:work unassigned, our own scheduler or all other nodes away",
            "64:usage",
            "69:no daemon answers",
            "78:bad configuration"
        })
final class NodeStatusCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    @Option(
            names = {"-w", "--watch"},
            arity = "0..1",
            fallbackValue = "1",
            paramLabel = "SECONDS",
            description = "Show it anew every second, or every SECONDS, until interrupted.")
    private Double watchSeconds;

    NodeStatusCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, InterruptedException {
        AdminClient daemon = context.daemon();
        if (watchSeconds == null) {
            return show(daemon, spec.commandLine().getOut());
        }
        LiveScreen screen = new LiveScreen(spec.commandLine().getOut());
        while (!spec.commandLine().getOut().checkError()) { // until whoever reads us has gone
            if (format == OutputFormat.json) {
                watch(daemon, spec.commandLine().getOut());
            } else {
                screen.show(out -> watch(daemon, out));
            }
            Thread.sleep((long) (1000 * Math.max(0.1, watchSeconds)));
        }
        return ExitStatus.OK;
    }

    private void watch(AdminClient daemon, PrintWriter out) {
        try {
            show(daemon, out);
        } catch (IOException e) {
            out.println(e.getMessage()); // it may come back: that is what watching is for
        }
        out.flush();
    }

    private int show(AdminClient daemon, PrintWriter out) throws IOException {
        String answer = daemon.ask("nodes");
        ClusterView cluster = AdminClient.mapper().readValue(answer, ClusterView.class);
        if (format == OutputFormat.json) {
            JsonNode tree = AdminClient.mapper().readTree(answer);
            out.println(watchSeconds == null ? tree.toPrettyString() : tree.toString());
        } else {
            NodeStatusText.print(out, cluster);
        }
        return cluster.verdict();
    }
}
