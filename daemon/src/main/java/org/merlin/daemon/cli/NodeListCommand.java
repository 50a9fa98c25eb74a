package org.merlin.daemon.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.node.NodeRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon node list}: names of the configured nodes, for scripts. Needs no daemon. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the names of the configured nodes, sorted. Needs no running daemon.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:listed", "64:usage", "78:bad configuration"})
final class NodeListCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--type",
            split = ",",
            paramLabel = "TYPE",
            description = "Only nodes of these types: master, peer, poller.")
    private List<String> types;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    NodeListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ConfException {
        if (types != null) {
            for (String type : types) {
                if (List.of(NodeRole.values()).stream()
                        .noneMatch(role -> role.word().equals(type))) {
                    spec.commandLine().getErr().println("--type=" + type + ": a type is master, peer or poller");
                    return ExitStatus.USAGE;
                }
            }
        }
        List<MerlinConf.Node> nodes = context.conf().nodes().stream()
                .filter(node -> types == null || types.contains(node.role().word()))
                .sorted((a, b) -> NameOrder.BYTEWISE.compare(a.name(), b.name()))
                .toList();
        if (format == OutputFormat.json) {
            spec.commandLine()
                    .getOut()
                    .println(Json.pretty(nodes.stream()
                            .map(node -> new Listed(node.name(), node.role().word(), node.address(), node.port()))
                            .toList()));
        } else {
            nodes.forEach(node -> spec.commandLine().getOut().println("  " + node.name()));
        }
        return ExitStatus.OK;
    }

    /** One node in JSON. */
    record Listed(String name, String type, String address, int port) {}
}
