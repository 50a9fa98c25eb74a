package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merlin.protocol.node.NodeRole;

/**
 * Which pollers are silent for so long that they are to be removed, {@code auto_delete}. What an administrator would fear is ruled out:
 * <ul>
 * <li>Silent is a poller that nobody hears, by whatever way we know of it: not we, not a peer, not another poller.
 * <li>Time counts only while all our peers are there to say so, and anew after our start, after we slept, and after a peer was away:
 *     who is cut off deletes nobody.
 * <li>The last one of a group stays, and all of them do while none of the group is active: it may be the network.
 * <li>One that was drained when it was last heard is away on purpose.
 * </ul>
 * Confined to the cluster loop.
 */
final class AutoDelete {
    private static final long LOOK_NANOS = 1_000_000_000L;
    /** Who was not asked for so long has slept: what it did not hear meanwhile tells nothing. */
    private static final long SLEPT_NANOS = 5_000_000_000L;

    private final List<Node> nodes;
    private final Hearsay hearsay;
    private final Map<Node, Long> silentSince = new HashMap<>();
    private final Set<Node> drained = new HashSet<>();
    private Optional<Long> wholeSince = Optional.empty();
    private long lookedNanos;

    AutoDelete(List<Node> nodes, Hearsay hearsay, long nowNanos) {
        this.nodes = nodes;
        this.hearsay = hearsay;
        this.lookedNanos = nowNanos;
    }

    /** A node has been removed. */
    void forget(Node node) {
        silentSince.remove(node);
        drained.remove(node);
    }

    /** Names of those whose time is over; each again after as long, should it still be there. */
    List<String> onTick(long nowNanos) {
        long passed = nowNanos - lookedNanos;
        if (passed < LOOK_NANOS) {
            return List.of();
        }
        lookedNanos = nowNanos;
        if (passed >= SLEPT_NANOS) {
            silentSince.clear();
            wholeSince = Optional.empty();
        }
        boolean whole = nodes.stream()
                .filter(node -> node.conf().role() == NodeRole.PEER)
                .allMatch(peer -> peer.arrives() || hearsay.of(peer).isPresent());
        wholeSince = whole ? wholeSince.or(() -> Optional.of(nowNanos)) : Optional.empty();
        List<String> due = new ArrayList<>();
        for (Node node : nodes) {
            look(node, nowNanos);
            if (isDue(node, nowNanos)) {
                due.add(node.id().name());
                silentSince.put(node, nowNanos);
            }
        }
        return due;
    }

    private void look(Node node, long nowNanos) {
        if (node.pulse().isPresent()) {
            if (node.drained()) {
                drained.add(node);
            } else {
                drained.remove(node);
            }
        }
        if (isHeard(node)) {
            silentSince.remove(node);
        } else {
            silentSince.putIfAbsent(node, nowNanos);
        }
    }

    private boolean isHeard(Node node) {
        String name = node.id().name();
        return node.arrives() || hearsay.of(node).isPresent() || nodes.stream().anyMatch(other -> other.sees(name));
    }

    private boolean isDue(Node node, long nowNanos) {
        long allowed = node.conf().autoDelete().toNanos();
        return allowed > 0
                && node.conf().role() == NodeRole.POLLER
                && silentSince.containsKey(node)
                && nowNanos - silentSince.get(node) >= allowed
                && wholeSince.filter(since -> nowNanos - since >= allowed).isPresent()
                && !drained.contains(node)
                && othersOfItsGroupRun(node);
    }

    private boolean othersOfItsGroupRun(Node node) {
        return nodes.stream()
                .anyMatch(other -> other != node
                        && other.conf().role() == NodeRole.POLLER
                        && other.conf().selection().equals(node.conf().selection())
                        && other.activeInRing());
    }
}
