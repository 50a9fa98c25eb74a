package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Compatibility;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.node.NodeRole;

/**
 * The other nodes as they are configured now, in the order of merlin.conf: how they come, change and go. Who holds {@link #all} sees it
 * change. Confined to the cluster loop.
 */
final class Neighbours {
    private final EventFlow flow;
    private final Life life;
    private final List<Node> nodes = new ArrayList<>();
    private MerlinConf conf;

    /** What comes with a node's coming and going. */
    interface Life {
        Node make(MerlinConf.Node conf, long nowNanos);

        /** The list, or what its nodes are, is another one: whoever keeps tables of them makes them anew. */
        void onListed();

        /** A node came while this daemon runs. */
        void onJoined(Node node);

        /** A node of the list is in other hostgroups than before. */
        void onMoved(Node node);

        /** A node is gone from the list: nobody remembers it. */
        void onLeft(Node node);
    }

    Neighbours(MerlinConf conf, EventFlow flow, Life life) {
        this.conf = conf;
        this.flow = flow;
        this.life = life;
    }

    /** Makes all that are configured; before the log is read. */
    void begin(long nowNanos) {
        for (MerlinConf.Node neighbour : conf.nodes()) {
            Node node = life.make(neighbour, nowNanos);
            node.feedFrom(flow.subscribe(node.subscriber(), neighbour.name(), neighbour.backlog()));
            nodes.add(node);
        }
        life.onListed();
    }

    /**
     * Goes by another configuration, node by node; nodes that are the same in both notice nothing.
     *
     * @return how many events were still owed to nodes that went
     */
    long configure(MerlinConf newConf, long nowNanos) {
        NodeChanges changes = NodeChanges.between(conf, newConf);
        conf = newConf;
        long owed = 0;
        for (MerlinConf.Node removed : changes.removed()) {
            owed += remove(find(removed.name()).orElseThrow(), nowNanos);
        }
        Set<Node> moved = new LinkedHashSet<>();
        for (MerlinConf.Node changed : changes.changed()) {
            Node node = find(changed.name()).orElseThrow();
            if (!node.conf().selection().equals(changed.selection())) {
                moved.add(node);
            }
            node.configure(changed, nowNanos);
        }
        List<Node> added = changes.added().stream()
                .map(fresh -> life.make(fresh, nowNanos))
                .toList();
        nodes.addAll(added);
        inTheFilesOrder();
        life.onListed();
        added.forEach(this::join);
        moved.forEach(node -> {
            flow.onEntitled(node.feed());
            life.onMoved(node);
        });
        Map<Feed, MerlinConf.Backlog> bounds = new HashMap<>();
        nodes.forEach(node -> bounds.put(node.feed(), node.conf().backlog()));
        flow.bounds(conf.logMaxBytes(), bounds);
        return owed;
    }

    private long remove(Node node, long nowNanos) {
        long owed = node.distance().events();
        nodes.remove(node);
        node.leave(
                "you are no node of " + conf.nodeName() + "'s configuration any more: your section was removed",
                nowNanos);
        flow.leave(node.feed());
        life.onLeft(node);
        return owed;
    }

    private void join(Node node) {
        node.feedFrom(flow.join(node.subscriber(), node.id().name(), node.conf().backlog()));
        life.onJoined(node);
    }

    private void inTheFilesOrder() {
        Map<String, Integer> places = new HashMap<>();
        conf.nodes().forEach(node -> places.put(node.name(), places.size()));
        nodes.sort(Comparator.comparing(node -> places.get(node.id().name())));
    }

    // --- what is asked about them -----------------------------------------------------------------------------------

    /** All of them; the same list for ever. */
    List<Node> all() {
        return nodes;
    }

    Optional<Node> find(String name) {
        return nodes.stream().filter(node -> node.id().name().equals(name)).findFirst();
    }

    /** How many there are, and how many of them are active. */
    NodeInfo.Counts counts() {
        return new NodeInfo.Counts(
                conf.nodes(NodeRole.MASTER).size(),
                conf.nodes(NodeRole.PEER).size(),
                conf.nodes(NodeRole.POLLER).size(),
                active(NodeRole.MASTER),
                active(NodeRole.PEER),
                active(NodeRole.POLLER));
    }

    private int active(NodeRole role) {
        return (int) nodes.stream()
                .filter(node -> node.conf().role() == role && node.status() == NodeStatus.ACTIVE)
                .count();
    }

    /** Sentences about how a node differs from what our configuration and our module expect. */
    List<String> warnings(Node node, NodeInfo theirs, Optional<NodeInfo> module) {
        List<String> words = new ArrayList<>(
                Compatibility.disagreements(node.conf().role(), groupSize(node), counts(), theirs.counts()));
        module.ifPresent(ours -> words.addAll(Compatibility.differences(ours, theirs)));
        return words;
    }

    private int groupSize(Node poller) {
        return (int) conf.nodes(NodeRole.POLLER).stream()
                .filter(other -> other.selection().equals(poller.conf().selection()))
                .count();
    }

    /** Which nodes have said that they never run the checks of some hostgroups, this one among them. */
    List<Rings.Blocking> blocking(Optional<NodeInfo> module) {
        List<Rings.Blocking> all = new ArrayList<>();
        module.ifPresent(info -> addBlocking(all, conf.nodeName(), info));
        nodes.forEach(
                node -> node.info().ifPresent(info -> addBlocking(all, node.id().name(), info)));
        return all;
    }

    private static void addBlocking(List<Rings.Blocking> to, String name, NodeInfo info) {
        if (!info.blockedHostgroups().isEmpty()) {
            to.add(new Rings.Blocking(name, info.blockedHostgroups()));
        }
    }
}
