package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.Route;

/**
 * Whose events this node passes on, and to whom: to a neighbour that does not see their origin itself. Of several nodes that
 * could, the first by name does, as far as each knows; what comes twice is dropped by marks. Between tiers it is always passed.
 *
 * <p>Nothing is passed to a neighbour that is owed more of the origin than we are: it would take for covered what we never got.
 * Confined to the cluster loop.
 */
final class PassingOn {
    /** For how long a neighbour must have missed an origin: after its start it is about to connect with it. */
    static final long GRACE_NANOS = 2_000_000_000L;

    private final NodeId self;
    private final List<Node> nodes;
    private final Sources sources;
    private final Map<Long, Node> neighbours = new HashMap<>();
    private final Map<Node, Map<Long, Long>> missedSince = new HashMap<>();
    private final Map<Node, Set<Long>> passed = new HashMap<>();
    /** Origins that {@link #passed} speaks of: before it does, between tiers all is passed. */
    private final Set<Long> reckoned = new HashSet<>();
    /** Nodes below our neighbours, by origin. */
    private Map<Long, String> below = Map.of();

    /** What the log knows of origins. */
    interface Sources {
        /** Origins of all streams that were ever taken. */
        Collection<Long> origins();

        /** Name of the node that brought an origin's events last; empty if none did. */
        String lastBrought(long origin);
    }

    /**
     * What a neighbour is to an origin, and so which of its packets it is owed.
     *
     * @param anySelection whether what is meant for pollers of any selection is meant for it: masters say by selection what our
     *     group alone has, which concerns our peers, and may concern our pollers, whose group the masters do not know
     */
    record Relation(NodeRole role, int selection, boolean anySelection) {
        boolean includes(PacketCursor packet) {
            return anySelection && (packet.route() & Route.SELECTION) != 0
                    || Route.includes(packet.route(), packet.selection(), role, selection);
        }

        /** As a record's own, which method handles compute: many times slower where only the first compiler runs. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Relation that
                    && role == that.role
                    && selection == that.selection
                    && anySelection == that.anySelection;
        }

        @Override
        public int hashCode() {
            return 31 * (31 * role.ordinal() + selection) + Boolean.hashCode(anySelection);
        }
    }

    /** Says nothing yet of nodes that are added to the list later. */
    PassingOn(NodeId self, List<Node> nodes, Sources sources) {
        this.self = self;
        this.nodes = nodes;
        this.sources = sources;
    }

    /** All neighbours are in the list now, as they are configured now. */
    void begin() {
        neighbours.clear();
        missedSince.keySet().retainAll(nodes);
        passed.keySet().retainAll(nodes);
        nodes.forEach(node -> neighbours.put(node.id().origin(), node));
    }

    // --- who is what to whom
    // ----------------------------------------------------------------------------------------------

    private Optional<NodeRole> roleOf(long origin) {
        Node neighbour = neighbours.get(origin);
        if (neighbour != null) {
            return Optional.of(neighbour.conf().role());
        }
        return below.containsKey(origin) ? Optional.of(NodeRole.POLLER) : Optional.empty();
    }

    private String nameOf(long origin) {
        Node neighbour = neighbours.get(origin);
        return neighbour != null ? neighbour.id().name() : below.getOrDefault(origin, "");
    }

    /** What a neighbour is to an origin; empty if it must not have its events from us. */
    Optional<Relation> relation(Node to, long origin) {
        NodeRole role = to.conf().role();
        int selection = to.conf().selection().id();
        if (origin == self.origin()) {
            return Optional.of(new Relation(role, selection, false));
        }
        if (origin == to.id().origin()) {
            return Optional.empty();
        }
        return roleOf(origin).flatMap(is -> switch (is) {
            case PEER -> Optional.of(new Relation(role, selection, false));
            case POLLER ->
                role == NodeRole.POLLER ? Optional.empty() : Optional.of(new Relation(NodeRole.MASTER, 0, false));
            case MASTER ->
                role == NodeRole.MASTER
                        ? Optional.empty()
                        : Optional.of(new Relation(NodeRole.POLLER, selection, true));
        });
    }

    /** Whether a neighbour may know an item of our state table; what it told us once it may, too, should it have lost it. */
    boolean mayKnow(Node to, PacketCursor item) {
        long origin = item.origin();
        if (origin == to.id().origin()) {
            return true;
        }
        Relation ofOurs = new Relation(to.conf().role(), to.conf().selection().id(), false);
        boolean known = origin == self.origin() || roleOf(origin).isPresent();
        return (known ? relation(to, origin) : Optional.of(ofOurs)) // who is configured no more left states behind
                .filter(relation -> relation.includes(item))
                .isPresent();
    }

    /** Whether we stand between the two, so that nobody but nodes of our tier can pass it. */
    boolean isTier(Node to, long origin) {
        NodeRole role = to.conf().role();
        return roleOf(origin)
                .filter(is -> is == NodeRole.POLLER && role == NodeRole.MASTER
                        || is == NodeRole.MASTER && role == NodeRole.POLLER)
                .isPresent();
    }

    /** Whether a neighbour may bring an origin's events: peers and masters any but ours, pollers those of nodes below them. */
    boolean mayBring(Node from, long origin) {
        if (origin == from.id().origin()) {
            return true;
        }
        if (origin == self.origin()) {
            return false;
        }
        return from.conf().role() != NodeRole.POLLER || below.containsKey(origin) && from.brings(below.get(origin));
    }

    /** Names of the nodes below us, for our pulses: pollers, and those below them. */
    List<String> below() {
        Set<String> names = new TreeSet<>();
        for (Node node : nodes) {
            if (node.conf().role() == NodeRole.POLLER) {
                names.add(node.id().name());
                names.addAll(node.below());
            }
        }
        return List.copyOf(names);
    }

    // --- what is passed
    // ---------------------------------------------------------------------------------------------------

    /** Whether we pass an origin's events on to a neighbour now. */
    boolean passes(Node to, long origin) {
        Set<Long> now = passed.get(to);
        return now == null || !reckoned.contains(origin) ? isTier(to, origin) : now.contains(origin);
    }

    /** Names of those whose events we pass on to a neighbour, in words. */
    String toldOf(Node to) {
        Set<String> names = new TreeSet<>();
        passed.getOrDefault(to, Set.of()).forEach(origin -> names.add(nameOf(origin)));
        return names.isEmpty() ? "nobody" : String.join(", ", names);
    }

    /** A neighbour said what it sees, or went. */
    void onPulse() {
        Map<Long, String> now = new HashMap<>();
        for (Node node : nodes) {
            for (String name : node.below()) {
                long origin = NodeId.of(name).origin();
                if (origin != self.origin() && !neighbours.containsKey(origin)) {
                    now.put(origin, name);
                }
            }
        }
        below = now;
    }

    /** Computes anew what is passed; returns for whom it changed. */
    List<Node> update(long nowNanos) {
        Map<NodeRole, List<Long>> origins = new LinkedHashMap<>();
        for (long origin : sources.origins()) {
            roleOf(origin).ifPresent(role -> {
                reckoned.add(origin);
                origins.computeIfAbsent(role, any -> new ArrayList<>()).add(origin);
            });
        }
        List<Node> changed = new ArrayList<>();
        for (Node to : nodes) {
            Set<Long> now = new HashSet<>();
            origins.forEach((role, all) -> {
                if (role != NodeRole.POLLER || to.conf().role() != NodeRole.POLLER) {
                    all.stream()
                            .filter(origin -> relation(to, origin).isPresent() && isDue(to, origin, nowNanos))
                            .forEach(now::add);
                }
            });
            Set<Long> before = passed.put(to, now);
            if (!now.equals(before == null ? Set.of() : before)) {
                changed.add(to);
            }
        }
        return changed;
    }

    private boolean isDue(Node to, long origin, long nowNanos) {
        boolean tier = isTier(to, origin);
        Map<Long, Long> since = missedSince.computeIfAbsent(to, any -> new HashMap<>());
        boolean there = to.arrives() && to.pulse().isPresent();
        if (!there || to.sees(nameOf(origin))) {
            since.remove(origin);
            return !there && tier;
        }
        long missed = nowNanos - since.computeIfAbsent(origin, any -> nowNanos);
        return (tier || missed >= GRACE_NANOS) && isOurs(to, origin);
    }

    /** Whether no other node that it sees would rather do it. */
    private boolean isOurs(Node to, long origin) {
        String name = nameOf(origin);
        Node itself = neighbours.get(origin);
        List<Node> below = nodes.stream().filter(node -> node.brings(name)).toList();
        List<String> bringers = below.stream().map(node -> node.id().name()).toList();
        boolean weSee = itself != null ? itself.arrives() : below.stream().anyMatch(Node::arrives);
        for (Node peer : nodes) {
            boolean could = peer.conf().role() == NodeRole.PEER
                    && peer != to
                    && peer != itself
                    && peer.arrives()
                    && (itself != null ? peer.sees(name) : bringers.stream().anyMatch(peer::sees))
                    && to.sees(peer.id().name());
            if (could && (!weSee || NameOrder.BYTEWISE.compare(peer.id().name(), self.name()) < 0)) {
                return false;
            }
        }
        return weSee || !sources.lastBrought(origin).equals(to.id().name());
    }
}
