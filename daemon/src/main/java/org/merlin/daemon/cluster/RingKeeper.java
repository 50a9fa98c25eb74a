package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.GroupDigest;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.Handover;
import org.merlin.protocol.slot.PeerRing;

/**
 * The rings of our own peer group and of our poller groups, and what we announce about them. Confined to the cluster
 * loop.
 */
final class RingKeeper {
    private final String self;
    private final Journal journal;
    private final RingMemory memory;
    private final ListPlans plans;
    private final Map<Integer, Handover> groups = new LinkedHashMap<>();
    private final Map<Integer, String> titles = new LinkedHashMap<>();
    private final Map<Integer, Boolean> agreedBefore = new LinkedHashMap<>();
    private final Damping damping;
    private final Set<Node> keptOut = new LinkedHashSet<>();

    RingKeeper(MerlinConf conf, RingMemory memory, ListPlans plans, Journal journal, long nowNanos) {
        this.self = conf.nodeName();
        this.journal = journal;
        this.memory = memory;
        this.damping = new Damping(conf.sharing().damping().toNanos());
        this.plans = plans;
        Map<Integer, List<String>> configured = configured(conf);
        Map<Integer, List<String>> stored = memory.load();
        configured.forEach((selection, names) -> {
            List<String> known = stored.getOrDefault(selection, names).stream()
                    .filter(names::contains)
                    .toList();
            groups.put(
                    selection,
                    new Handover(self, PeerRing.of(known), conf.dataTimeout().toNanos(), nowNanos));
        });
    }

    /** By selection, the names of a group's nodes; and what people call it. */
    private Map<Integer, List<String>> configured(MerlinConf conf) {
        Map<Integer, List<String>> configured = new LinkedHashMap<>();
        List<String> own = new ArrayList<>(List.of(self));
        conf.nodes(NodeRole.PEER).forEach(peer -> own.add(peer.name()));
        configured.put(Selection.NONE, own);
        titles.put(Selection.NONE, "peers");
        for (MerlinConf.Node poller : conf.nodes(NodeRole.POLLER)) {
            int selection = poller.selection().id();
            configured.computeIfAbsent(selection, any -> new ArrayList<>()).add(poller.name());
            titles.put(selection, "pollers of " + poller.selection());
        }
        return configured;
    }

    /**
     * Goes by another configuration. The objects of a group that goes are our own again; those of one that comes are as long as its
     * pollers do not show that they know of them. {@link #update} follows.
     */
    void configure(MerlinConf conf, long nowNanos) {
        long dataTimeoutNanos = conf.dataTimeout().toNanos();
        Map<Integer, List<String>> configured = configured(conf);
        groups.keySet().retainAll(configured.keySet());
        titles.keySet().retainAll(configured.keySet());
        agreedBefore.keySet().retainAll(configured.keySet());
        groups.values().forEach(group -> group.dataTimeout(dataTimeoutNanos));
        configured
                .keySet()
                .forEach(selection -> groups.computeIfAbsent(
                        selection, any -> Handover.ofNewGroup(self, dataTimeoutNanos, nowNanos)));
        damping.leastQuiet(conf.sharing().damping().toNanos());
    }

    /** A node has been removed, or is in another group now. */
    void forget(Node node) {
        onGone(node);
        keptOut.remove(node);
        damping.forget(node);
    }

    /** Takes what our own scheduler has loaded; returns whether it differs from before: announce it. */
    boolean onLists(NodeInfo ours) {
        boolean changed = false;
        for (Map.Entry<Integer, Handover> group : groups.entrySet()) {
            changed |= group.getValue().onLists(ours.listsOf(group.getKey()));
        }
        return changed;
    }

    /** Takes what another node announces. */
    void onDigests(Node node, List<GroupDigest> digests) {
        for (GroupDigest digest : digests) {
            groupOf(node, digest.selection()).onDigest(node.id().name(), digest.ring(), digest.lists(), digest.plan());
        }
    }

    /** A poller's own group is one of our poller groups; a peer's groups are ours; a master's concern us not. */
    private Handover groupOf(Node node, int selection) {
        int here = switch (node.conf().role()) {
            case PEER -> selection;
            case POLLER -> selection == Selection.NONE ? node.conf().selection().id() : -1;
            case MASTER -> -1;
        };
        Handover group = here == -1 ? null : groups.get(here);
        return group != null ? group : new Handover(self, PeerRing.of(), 0, 0);
    }

    void onGone(Node node) {
        groups.values().forEach(group -> group.onGone(node.id().name()));
    }

    /**
     * Computes the rings anew.
     *
     * @param hearsay what is known of nodes that we do not see
     * @param weAreActive whether our own module is
     * @param weAreDrained whether we are to run nothing, as long as anybody else can
     * @return whether one changed: announce it at once
     */
    boolean update(List<Node> nodes, Hearsay hearsay, boolean weAreActive, boolean weAreDrained, long nowNanos) {
        boolean changed = false;
        damp(nodes, hearsay, nowNanos);
        for (Map.Entry<Integer, Handover> group : groups.entrySet()) {
            List<String> active = active(group.getKey(), nodes, hearsay, weAreActive && !weAreDrained, true);
            if (active.isEmpty() && group.getKey() == Selection.NONE && !mastersActive(nodes)) {
                // rather the drained ones than nobody
                active = active(group.getKey(), nodes, hearsay, weAreActive, false);
            }
            PeerRing now = group.getValue().ring();
            active.sort(NameOrder.BYTEWISE);
            changed |= update(
                    group.getKey(),
                    group.getValue(),
                    active.equals(now.names()) ? now : PeerRing.of(active), // a new one is hashed
                    nodes,
                    nowNanos);
        }
        if (changed && weAreActive) { // a ring that we had left tells nothing about who runs our share
            Map<Integer, List<String>> rings = new LinkedHashMap<>();
            groups.forEach(
                    (selection, group) -> rings.put(selection, group.ring().names()));
            memory.save(rings);
        }
        return changed;
    }

    /** Nodes that come and go are kept out of rings for a while. */
    private void damp(List<Node> nodes, Hearsay hearsay, long nowNanos) {
        for (Node node : nodes) {
            damping.update(node, node.activeInRing() || hearsay.of(node).isPresent(), node.wentAsPlanned(), nowNanos);
            long left = damping.leftNanos(node, nowNanos);
            if (left == 0) {
                keptOut.remove(node);
            } else if (keptOut.add(node)) {
                journal.warn(LogEvent.KEPT_OUT, node, Damping.MANY, (left + 999_999_999L) / 1_000_000_000L);
            }
        }
    }

    /** Whether a node is active and kept out of its ring, so that time alone brings it back. */
    boolean keepsOut() {
        return !keptOut.isEmpty();
    }

    /** Whether this one is. */
    boolean keepsOut(Node node) {
        return keptOut.contains(node);
    }

    /** Whether one of our masters is active, and not drained. */
    static boolean mastersActive(List<Node> nodes) {
        return nodes.stream()
                .anyMatch(node -> node.conf().role() == NodeRole.MASTER && node.activeInRing() && !node.drained());
    }

    private List<String> active(int selection, List<Node> nodes, Hearsay hearsay, boolean we, boolean butDrained) {
        List<String> active = new ArrayList<>();
        if (selection == Selection.NONE && we) {
            active.add(self);
        }
        nodes.stream()
                .filter(node -> belongs(node, selection) && !keptOut.contains(node))
                .filter(node -> node.activeInRing()
                        ? !(butDrained && node.drained())
                        : hearsay.of(node)
                                .filter(news -> !(butDrained && news.drained()))
                                .isPresent())
                .forEach(node -> active.add(node.id().name()));
        return active;
    }

    private static boolean belongs(Node node, int selection) {
        return selection == Selection.NONE
                ? node.conf().role() == NodeRole.PEER
                : node.conf().role() == NodeRole.POLLER
                        && node.conf().selection().id() == selection;
    }

    private boolean update(int selection, Handover group, PeerRing active, List<Node> nodes, long nowNanos) {
        PeerRing before = group.ring();
        boolean changed = group.onActive(active, nowNanos);
        changed |= group.onPlan(plans.planFor(group, nodes, nowNanos), nowNanos);
        if (!before.equals(group.ring())) {
            journal.info(LogEvent.RING_CHANGED, titles.get(selection), group.ring(), before);
        }
        if (group.onTick(nowNanos) && group.kept().isEmpty()) {
            journal.info(LogEvent.HANDOVER_OVER, titles.get(selection));
        }
        boolean agreed = agreed(selection);
        if (!Boolean.valueOf(agreed).equals(agreedBefore.put(selection, agreed)) && agreed && !group.assumed()) {
            journal.info(
                    LogEvent.RING_AGREED,
                    titles.get(selection),
                    group.ring() + (group.plan() == 0 ? "" : ", whose lists differ,"));
        }
        return changed;
    }

    /**
     * For a poller group without active pollers, or with objects that they lack, our own peers must know that too before we leave them
     * their share.
     */
    private boolean agreed(int selection) {
        Handover group = groups.get(selection);
        boolean peersMustKnow = selection != Selection.NONE && (group.ring().isEmpty() || group.plan() != 0);
        return group.agreed()
                && (!peersMustKnow
                        || group.alsoSeenBy(groups.get(Selection.NONE).ring()));
    }

    /** What our pulses announce. */
    List<GroupDigest> digests() {
        List<GroupDigest> digests = new ArrayList<>();
        groups.forEach((selection, group) ->
                digests.add(new GroupDigest(selection, group.ring().hash(), group.lists(), group.plan())));
        return digests;
    }

    /**
     * What our module goes by.
     *
     * @param mastersActive whether one of ours is
     * @param blocking who never runs what
     * @param silent whether contacts are told nothing here
     */
    Rings rings(boolean mastersActive, List<Rings.Blocking> blocking, boolean silent) {
        List<Rings.GroupRing> all = new ArrayList<>();
        groups.forEach((selection, group) -> all.add(new Rings.GroupRing(
                selection,
                group.ring().names(),
                agreed(selection),
                group.kept().stream().map(PeerRing::names).toList(),
                new Rings.LoadedLists(group.lists(), group.listsDiffer(), group.plan()))));
        return new Rings(all, mastersActive, blocking, silent, keepsOut());
    }

    /**
     * Tells our module which of its objects others lack, as far as it was not told yet.
     *
     * @param anew whether it was told nothing yet
     */
    void tellLacking(boolean anew, long nowNanos, Consumer<Lacking> to) {
        if (anew) {
            plans.onModule();
        }
        groups.forEach((selection, group) -> plans.tell(selection, group, nowNanos, to));
    }

    /** Whether checks may run twice now: a ring is not agreed on, an old one is still honoured, or the stored one stands. */
    boolean handover() {
        return groups.keySet().stream().anyMatch(this::handover);
    }

    boolean handover(int selection) {
        Handover group = groups.get(selection);
        return group.assumed() || !agreed(selection) || !group.kept().isEmpty();
    }

    /** What people call a group. */
    String title(int selection) {
        return titles.get(selection);
    }

    PeerRing own() {
        return groups.get(Selection.NONE).ring();
    }

    /** Whether what the group that we share with a node has loaded is known, though it differs. */
    boolean knowsListsWith(Node node) {
        return switch (node.conf().role()) {
            case PEER -> groups.get(Selection.NONE).plan() != 0;
            case POLLER -> groups.get(node.conf().selection().id()).plan() != 0;
            case MASTER -> false;
        };
    }

    /** Whether a node has announced other object lists than ours for the group that we share with it. */
    boolean hasOtherLists(Node node) {
        return switch (node.conf().role()) {
            case PEER -> groups.get(Selection.NONE).hasOtherLists(node.id().name());
            case POLLER ->
                groups.get(node.conf().selection().id()).hasOtherLists(node.id().name());
            case MASTER -> false;
        };
    }
}
