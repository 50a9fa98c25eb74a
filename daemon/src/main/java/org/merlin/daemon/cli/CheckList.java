package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.merlin.daemon.ipc.AdminAnswers.AssignmentsView;
import org.merlin.daemon.ipc.AdminAnswers.CheckView;
import org.merlin.protocol.node.NameOrder;

/** Fetches lists of checks from a daemon, part by part. */
final class CheckList {
    private final AdminClient daemon;
    private final ObjectMapper json = AdminClient.mapper();

    CheckList(AdminClient daemon) {
        this.daemon = daemon;
    }

    /** Whether the daemon knows a node of that name. */
    boolean isNode(String name) throws IOException {
        return daemon.cluster().nodes().stream().anyMatch(node -> node.name().equals(name));
    }

    /** All checks of a kind, sorted by name. */
    List<CheckView> all(String which, String node) throws IOException {
        List<CheckView> all = new ArrayList<>();
        int from = 0;
        while (from >= 0) {
            AssignmentsView part =
                    json.readValue(daemon.ask("assign-list " + which + " " + node + " " + from), AssignmentsView.class);
            if (!part.error().isEmpty()) {
                throw new AdminClient.NoDaemonException(part.error());
            }
            all.addAll(part.checks());
            from = part.next();
        }
        all.sort(Comparator.comparing(CheckView::object, NameOrder.BYTEWISE));
        return all;
    }
}
