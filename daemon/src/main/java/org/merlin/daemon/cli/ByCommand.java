package org.merlin.daemon.cli;

import java.io.PrintWriter;
import java.util.List;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;

/** Nodes that the built-in sync leaves alone, since merlin.conf names commands for them, or none: they are named wherever all are meant. */
final class ByCommand {
    private ByCommand() {}

    static void tell(CliContext context, PrintWriter err) throws ConfException {
        List<String> names = context.conf().nodes().stream()
                .filter(node -> !node.objectConfig().builtIn())
                .map(MerlinConf.Node::name)
                .toList();
        if (!names.isEmpty()) {
            err.println("mon: not by this: " + String.join(", ", names)
                    + ", for which object_config stands in merlin.conf; mon node status tells of them");
        }
    }
}
