package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Drain;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.wire.PacketType;

/**
 * Who is drained: connected and given everything, but in no ring while anybody else could run its checks; they are handed over as
 * when a node comes or goes. A node says it of itself, in its pulses; others can ask it to. Confined to the cluster loop.
 */
final class Drains {
    private static final long PATIENCE_NANOS = 3_000_000_000L;
    /** What has waited for less is on its way. */
    private static final long OWED_MILLIS = 2_000;

    private final Cluster cluster;
    private final RingMemory memory;
    private final Journal journal;
    private final List<Question> questions = new ArrayList<>();
    private boolean on;
    private long owedMillis;

    /** Somebody waits for another node to say that it is so. */
    private record Question(Node node, boolean on, long untilNanos, Consumer<List<String>> refused) {}

    Drains(Cluster cluster, RingMemory memory, Journal journal) {
        this.cluster = cluster;
        this.memory = memory;
        this.journal = journal;
        this.on = memory.drained();
    }

    /** Whether this node is drained. */
    boolean on() {
        return on;
    }

    /** Another node asks us to; pollers may not ask their masters. */
    void onAsked(Node node, boolean wanted, long nowNanos) {
        if (node.conf().role() == NodeRole.POLLER) {
            journal.warnLimited(LogEvent.DRAIN_DENIED, node);
        } else {
            set(wanted, node.toString(), nowNanos);
        }
    }

    private void set(boolean wanted, String by, long nowNanos) {
        if (on != wanted) {
            on = wanted;
            memory.drained(wanted);
            journal.info(LogEvent.DRAINED, wanted ? "this node is drained" : "this node is drained no more", by);
            cluster.onDrained(nowNanos);
        }
    }

    /**
     * Drains a node, or undoes it.
     *
     * @param force though it is not safe
     * @param refused told why it was not done, each reason in a sentence; an empty list once the node says that it is so
     */
    void ask(String name, boolean wanted, boolean force, long nowNanos, Consumer<List<String>> refused) {
        if (wanted && !force && alone(name)) {
            refused.accept(List.of("no other node could run its checks (--force drains it all the same)"));
            return;
        }
        if (name.equals(cluster.selfName())) {
            set(wanted, "mon", nowNanos);
            refused.accept(List.of());
            return;
        }
        Optional<Node> node = find(name);
        if (node.isEmpty()) {
            refused.accept(List.of(unknown(name)));
        } else if (!node.get().arrives()) {
            refused.accept(List.of("it is not connected; ask it on its own machine"));
        } else if (cluster.conf().nodes(NodeRole.MASTER).stream()
                .anyMatch(master -> master.name().equals(name))) {
            refused.accept(List.of("it is a master of this node; ask it, or one of its peers"));
        } else {
            questions.add(new Question(node.get(), wanted, nowNanos + PATIENCE_NANOS, refused));
            node.get().send(PacketType.DRAIN, new Drain(wanted).encode());
        }
    }

    private String unknown(String name) {
        return "no node " + name + " is in " + cluster.conf().file();
    }

    void onPulse(Node node) {
        questions.removeIf(question -> {
            boolean done = question.node == node && node.arrives() && node.drained() == question.on;
            if (done) {
                question.refused.accept(List.of());
            }
            return done;
        });
    }

    /** A node has been removed. */
    void forget(Node node) {
        questions.removeIf(question -> {
            boolean about = question.node == node;
            if (about) {
                question.refused.accept(List.of(
                        "it has just been removed from " + cluster.conf().file()));
            }
            return about;
        });
    }

    void onTick(long nowNanos, long nowMicros) {
        owedMillis = oldestOwedMillis(nowMicros);
        questions.removeIf(question -> {
            boolean over = nowNanos - question.untilNanos >= 0;
            if (over) {
                question.refused.accept(List.of("it does not answer within 3 s; an older release does not know how"));
            }
            return over;
        });
    }

    // --- whether it may be stopped
    // ------------------------------------------------------------------------------------

    /** Why a node should not be stopped now, each in a sentence. */
    List<String> whyNotStop(String name) {
        boolean self = name.equals(cluster.selfName());
        Optional<Node> node = find(name);
        List<String> reasons = new ArrayList<>();
        if (!self && node.isEmpty()) {
            return List.of(unknown(name));
        }
        if (!self && !node.get().arrives()) {
            return List.of("it is not connected: what it has not delivered yet is not known here");
        }
        if (!(self ? on : node.get().drained())) {
            reasons.add("it is not drained: mon node drain " + name);
        }
        if (alone(name)) {
            reasons.add("no other node could run its checks");
        }
        if (group(name).filter(cluster.rings()::handover).isPresent()) {
            reasons.add("its checks are being handed over: see mon node status");
        }
        long owed = self
                ? owedMillis
                : node.flatMap(Node::pulse).map(Pulse::figures).orElseThrow().getOrDefault("owed_oldest_ms", 0L);
        if (owed >= OWED_MILLIS) {
            reasons.add("events of it have waited for " + owed / 1000 + " s to go to a node that is connected");
        }
        return reasons;
    }

    /** How long the oldest event waited at the last tick that is owed to a node that is connected, in milliseconds. */
    long owedMillis() {
        return owedMillis;
    }

    private long oldestOwedMillis(long nowMicros) {
        return cluster.nodes().stream()
                .filter(Node::arrives)
                .map(Node::distance)
                .filter(distance -> distance.events() > 0 && distance.oldestMicros() > 0)
                .mapToLong(distance -> Math.max(0, nowMicros - distance.oldestMicros()) / 1000)
                .max()
                .orElse(0);
    }

    /** Whether nobody else would run the checks of a node: none of its group, and for a poller no master. */
    private boolean alone(String name) {
        Optional<Integer> group = group(name);
        if (group.isEmpty()) {
            return false; // unknown, or a master of ours: its peers know
        }
        if (group.get() != Selection.NONE
                && takenOver(group.get())
                && cluster.module().active()) {
            return false;
        }
        boolean ours = group.get() == Selection.NONE && !name.equals(cluster.selfName());
        if (ours && cluster.module().active() && !on) {
            return false;
        }
        return cluster.nodes().stream()
                .filter(node -> node.activeInRing() && !node.drained())
                .noneMatch(node -> !node.id().name().equals(name)
                        && group(node.id().name()).equals(group));
    }

    private boolean takenOver(int selection) {
        return cluster.conf().nodes(NodeRole.POLLER).stream()
                .filter(poller -> poller.selection().id() == selection)
                .allMatch(MerlinConf.Node::takeover);
    }

    /** The ring that a node's place is in, among those that we keep. */
    private Optional<Integer> group(String name) {
        if (name.equals(cluster.selfName())) {
            return Optional.of(Selection.NONE);
        }
        return find(name).flatMap(node -> switch (node.conf().role()) {
            case PEER -> Optional.of(Selection.NONE);
            case POLLER -> Optional.of(node.conf().selection().id());
            case MASTER -> Optional.empty();
        });
    }

    private Optional<Node> find(String name) {
        return cluster.nodes().stream()
                .filter(node -> node.id().name().equals(name))
                .findFirst();
    }
}
