package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merlin.protocol.control.NodeNews;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.node.NodeRole;

/**
 * What nodes tell each other of nodes that one of them does not see: so a ring is everything that hangs together, and a cut
 * link costs no check. News have an age and no clock; who told them takes them back by telling them no more.
 *
 * <p>Peers are told of all, pollers of their own group, masters of our peers. Confined to the cluster loop.
 */
final class Hearsay {
    /** News told in one pulse; a node of which more would have to be told has other troubles. */
    private static final int MAX_NEWS = 500;

    /** How much later than a third one's word that a node and we see each other its own may come. */
    private static final long OWN_WORD_NANOS = 1_000_000_000L;

    private final List<Node> nodes;
    private long dataTimeoutNanos;
    private final Map<String, Node> byName = new HashMap<>();
    private final Map<Node, List<Node>> concerned = new HashMap<>();
    /** By the node that it is about, and who told it: as long as one tells it, it holds. */
    private final Map<Node, Map<Node, Heard>> heard = new HashMap<>();

    private final Map<Node, Long> lostNanos = new HashMap<>();
    private final Map<Node, List<NodeNews>> told = new HashMap<>();

    /** News of a node, and when they were fresh. */
    private record Heard(NodeNews news, long freshNanos) {}

    /** Knows of nodes that are added to the list until {@link #begin}. */
    Hearsay(List<Node> nodes, long dataTimeoutNanos) {
        this.nodes = nodes;
        this.dataTimeoutNanos = dataTimeoutNanos;
    }

    /** Goes by another data timeout. */
    void dataTimeout(long newDataTimeoutNanos) {
        dataTimeoutNanos = newDataTimeoutNanos;
    }

    /** A node has left the list; {@link #begin} follows. */
    void forget(Node node) {
        forget((about, by, news) -> by == node || about == node);
        lostNanos.remove(node);
        told.remove(node);
    }

    /** All neighbours are in the list now, as they are configured now. */
    void begin() {
        byName.clear();
        concerned.clear();
        for (Node node : nodes) {
            byName.put(node.id().name(), node);
            concerned.put(
                    node, nodes.stream().filter(about -> concerns(about, node)).toList());
        }
    }

    private static boolean concerns(Node about, Node to) {
        if (about == to) {
            return false;
        }
        NodeRole role = about.conf().role();
        return switch (to.conf().role()) {
            case PEER -> role != NodeRole.MASTER;
            case MASTER -> role == NodeRole.PEER;
            case POLLER ->
                role == NodeRole.POLLER
                        && about.conf().selection().equals(to.conf().selection());
        };
    }

    // --- hearing
    // ----------------------------------------------------------------------------------------------------------

    /**
     * Takes what a node's pulse tells of others.
     *
     * @return of whom it told something, or tells nothing any more
     */
    Set<Node> onPulse(Node by, Pulse pulse, long nowNanos) {
        Map<Node, Heard> fresh = new HashMap<>();
        for (NodeNews news : pulse.others()) {
            Node about = byName.get(news.name());
            if (about != null && about != by && mayTell(by, about)) {
                long age = 1_000_000 * Math.max(0, Math.min(news.ageMillis(), Integer.MAX_VALUE));
                boolean afterLoss = !lostNanos.containsKey(about) || nowNanos - age - lostNanos.get(about) > 0;
                if (age < lifeNanos() && afterLoss) {
                    fresh.put(about, new Heard(news, nowNanos - age));
                }
            }
        }
        Set<Node> concerned = new HashSet<>(fresh.keySet());
        heard.forEach((about, byWhom) -> {
            if (byWhom.containsKey(by)) {
                concerned.add(about);
            }
        });
        concerned.forEach(about -> keep(about, by, fresh.get(about), nowNanos));
        return concerned;
    }

    private void keep(Node about, Node by, Heard now, long nowNanos) {
        if (now != null) {
            heard.computeIfAbsent(about, any -> new HashMap<>()).put(by, now);
        } else if (about.awaitsItsWord()) { // it and we see each other, says who told it: its own word is on its way
            long over = nowNanos - lifeNanos() + OWN_WORD_NANOS;
            heard.getOrDefault(about, Map.of())
                    .computeIfPresent(
                            by,
                            (any, last) -> new Heard(last.news, last.freshNanos - over < 0 ? last.freshNanos : over));
        } else if (heard.containsKey(about)) {
            heard.get(about).remove(by);
        }
    }

    /** The freshest news of a node that was not told by another one. */
    private Optional<Heard> freshest(Node about, Node notBy) {
        Heard best = null;
        for (Map.Entry<Node, Heard> entry : heard.getOrDefault(about, Map.of()).entrySet()) {
            Heard next = entry.getValue();
            if (entry.getKey() != notBy && (best == null || next.freshNanos - best.freshNanos > 0)) {
                best = next;
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean mayTell(Node by, Node about) {
        return switch (by.conf().role()) {
            case PEER -> true;
            case MASTER -> about.conf().role() == NodeRole.PEER;
            case POLLER ->
                about.conf().role() == NodeRole.POLLER
                        && about.conf().selection().equals(by.conf().selection());
        };
    }

    private static boolean differs(NodeNews a, NodeNews b) {
        return a.drained() != b.drained() || !a.digests().equals(b.digests());
    }

    /** A link with a node is gone: older news of it, and what it told, count no more. Returns of whom there is none any more. */
    Set<Node> onGone(Node node, long nowNanos) {
        lostNanos.put(node, nowNanos);
        told.remove(node);
        return forget((about, by, news) -> by == node || about == node);
    }

    /** Forgets what nobody has repeated; returns of whom there is none any more. */
    Set<Node> onTick(long nowNanos) {
        return forget((about, by, news) -> nowNanos - news.freshNanos >= lifeNanos());
    }

    private interface Which {
        boolean test(Node about, Node by, Heard news);
    }

    private Set<Node> forget(Which which) {
        Set<Node> over = new HashSet<>();
        heard.forEach((about, byWhom) -> {
            byWhom.entrySet().removeIf(entry -> which.test(about, entry.getKey(), entry.getValue()));
            if (byWhom.isEmpty()) {
                over.add(about);
            }
        });
        heard.keySet().removeAll(over);
        return over;
    }

    private long lifeNanos() {
        return 2 * dataTimeoutNanos; // each node on the way may add a pulse interval
    }

    /** What others tell of a node that we do not see as active ourselves. */
    Optional<NodeNews> of(Node node) {
        return node.activeInRing() ? Optional.empty() : freshest(node, null).map(Heard::news);
    }

    /** Who tells it. */
    List<String> by(Node node) {
        return of(node).isEmpty()
                ? List.of()
                : heard.get(node).keySet().stream()
                        .map(by -> by.id().name())
                        .sorted()
                        .toList();
    }

    // --- telling
    // ----------------------------------------------------------------------------------------------------------

    /** What a node is told: of those that it and they do not see each other. */
    List<NodeNews> newsFor(Node to, long nowNanos) {
        List<NodeNews> all = new ArrayList<>();
        String name = to.id().name();
        for (Node about : concerned.get(to)) {
            if (all.size() >= MAX_NEWS || to.sees(about.id().name()) && about.sees(name)) {
                continue;
            }
            if (about.activeInRing()) {
                all.add(new NodeNews(
                        about.id().name(),
                        about.drained(),
                        about.silentMillis(nowNanos),
                        about.pulse().orElseThrow().digests()));
            } else {
                freshest(about, to)
                        .ifPresent(known -> all.add(new NodeNews(
                                about.id().name(),
                                known.news.drained(),
                                (nowNanos - known.freshNanos) / 1_000_000,
                                known.news.digests())));
            }
        }
        return all;
    }

    /** Who must be told at once that something is other than it was told. */
    List<Node> toldWrong(long nowNanos) {
        List<Node> wrong = new ArrayList<>();
        for (Node to : nodes) {
            if (to.arrives() && to.pulse().isPresent()) {
                List<NodeNews> now = newsFor(to, nowNanos);
                List<NodeNews> before = told.getOrDefault(to, List.of());
                boolean same = now.size() == before.size();
                for (int i = 0; same && i < now.size(); i++) {
                    same = now.get(i).name().equals(before.get(i).name()) && !differs(now.get(i), before.get(i));
                }
                if (!same) {
                    wrong.add(to);
                }
            }
        }
        return wrong;
    }

    /** What this pulse tells a node; it counts as told. */
    List<NodeNews> tell(Node to, long nowNanos) {
        List<NodeNews> now = newsFor(to, nowNanos);
        told.put(to, now);
        return now;
    }
}
