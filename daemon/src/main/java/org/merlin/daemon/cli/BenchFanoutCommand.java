package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.daemon.bench.BenchFanout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mon bench fanout}: results from one daemon to many nodes. */
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description = {
            "Send results from one daemon to many nodes: a scheduler without checks, its daemon, and a process that plays the nodes,",
            "checks the order of what it gets, and acknowledges it. Loopback, the event log written, nothing left behind."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  mon bench fanout --nodes 100 --events 200000", "  mon bench fanout --nodes 100 --tls -o json"},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:all arrived, once and in order",
            "1:something was lost, doubled or late in its order",
            "64:usage"
        })
final class BenchFanoutCommand implements Callable<Integer> {
    private static final int MOST_NODES = 1000;

    @Mixin
    private BenchOptions options;

    @Option(names = "--nodes", defaultValue = "100", description = "How many nodes (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Override
    public Integer call() throws IOException {
        List<String> problems = nodes < 1 || nodes > MOST_NODES
                ? List.of("--nodes " + nodes + ": it is 1 to " + MOST_NODES)
                : List.of();
        return options.run(problems, (settings, log) -> BenchFanout.run(settings, nodes, log));
    }
}
