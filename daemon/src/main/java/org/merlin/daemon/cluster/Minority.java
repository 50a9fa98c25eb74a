package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.node.NodeRole;

/**
 * Whether this node is one of a minority that is to tell contacts nothing ({@code minority = silent}): what hangs together here is
 * less than half of the configured peers, or exactly half without the one whose name sorts first. Nodes that are drained, or were when
 * they were last seen, do not count. Confined to the cluster loop.
 */
final class Minority {
    private MerlinConf conf;
    private final Set<Node> drained = new HashSet<>();
    private boolean silent;

    Minority(MerlinConf conf) {
        this.conf = conf;
    }

    /** Goes by another configuration. */
    void configure(MerlinConf newConf) {
        conf = newConf;
    }

    void forget(Node node) {
        drained.remove(node);
    }

    /** A node said something of itself. */
    void onPulse(Node node) {
        if (node.pulse().isPresent()) {
            if (node.drained()) {
                drained.add(node);
            } else {
                drained.remove(node);
            }
        }
    }

    /** Looks anew; returns whether it is otherwise than before. */
    boolean update(List<Node> nodes, Hearsay hearsay, boolean weAreDrained) {
        boolean before = silent;
        silent = conf.sharing().silentMinority() && isMinority(nodes, hearsay, weAreDrained);
        return silent != before;
    }

    private boolean isMinority(List<Node> nodes, Hearsay hearsay, boolean weAreDrained) {
        List<String> all = new ArrayList<>();
        Set<String> here = new HashSet<>();
        if (!weAreDrained) {
            all.add(conf.nodeName());
            here.add(conf.nodeName());
        }
        for (Node node : nodes) {
            if (node.conf().role() == NodeRole.PEER && !drained.contains(node)) {
                all.add(node.id().name());
                if (node.arrives() || hearsay.of(node).isPresent()) {
                    here.add(node.id().name());
                }
            }
        }
        all.sort(NameOrder.BYTEWISE);
        int twice = 2 * here.size();
        return !all.isEmpty() && (twice < all.size() || twice == all.size() && !here.contains(all.get(0)));
    }

    /** Whether it is so now. */
    boolean silent() {
        return silent;
    }
}
