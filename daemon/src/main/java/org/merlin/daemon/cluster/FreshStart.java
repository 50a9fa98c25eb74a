package org.merlin.daemon.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.wire.PacketType;

/**
 * The beginnings of a node that was set up anew, was emptied, or has lost its state table: it asks one neighbour for its own, since
 * what others' logs still have to tell it may be little. Of the streams it gets all that they have; what they have not counts as missed
 * by nobody. Confined to the cluster loop.
 */
final class FreshStart {
    /** After which one that was asked and went silent is given up, and those that are not there while all others are new, too. */
    static final long PATIENCE_NANOS = 60_000_000_000L;

    private final List<Node> nodes;
    private final Journal journal;
    private final Set<Node> newToo = new HashSet<>();
    private final Set<Node> joined = new HashSet<>();
    private boolean over = true;
    private boolean knewNothing;
    private Optional<Node> asked = Optional.empty();
    private int lastId;
    private long askedNanos;
    private boolean waitsForOthers;
    private long othersSinceNanos;
    private long items;

    FreshStart(List<Node> nodes, Journal journal) {
        this.nodes = nodes;
        this.journal = journal;
    }

    /**
     * Says what is known of a former run.
     *
     * @param nothing whether this node knows nothing at all
     * @param stateIsWhole whether it has the state table that belongs to its marks
     */
    void begin(boolean nothing, boolean stateIsWhole) {
        knewNothing = nothing;
        over = nodes.isEmpty() || !nothing && stateIsWhole;
    }

    /** Whether this node began without anything, so that nothing of the past can be missed here. */
    boolean knewNothing() {
        return knewNothing;
    }

    /** Whether it still waits for its beginnings. */
    boolean isNew() {
        return !over;
    }

    /** Whether it has nothing to tell others; one that merely lacks a part of its table tells what it has. */
    boolean hasNothing() {
        return !over && knewNothing;
    }

    /** A node has come to the list while we run: what it knows is asked for once it is there, whatever we know ourselves. */
    void onJoined(Node node) {
        joined.add(node);
    }

    /** A node has left the list. */
    void onLeft(Node node) {
        joined.remove(node);
        onGone(node);
    }

    void onTold(Node from, StateTold told) {
        boolean answer = !over
                && told.id() == lastId
                && asked.filter(node -> node == from).isPresent();
        if (answer && told.kind() == StateTold.Kind.END) {
            journal.info(LogEvent.FRESH_START, items, from);
            over = true;
        } else if (answer && told.kind() == StateTold.Kind.NONE) {
            newToo.add(from);
            asked = Optional.empty();
            over = newToo.size() == nodes.size();
        }
    }

    /** Items came. */
    void onItems(Node from, int count) {
        if (!over && asked.filter(node -> node == from).isPresent()) {
            items += count;
        }
    }

    void onGone(Node node) {
        asked = asked.filter(other -> other != node);
        newToo.remove(node);
    }

    /** Asks the next neighbour that is there, one at a time. */
    void onTick(long nowNanos) {
        if (over) {
            askJoined();
            return;
        }
        if (asked.isPresent() && nowNanos - askedNanos >= PATIENCE_NANOS) {
            newToo.add(asked.get());
            asked = Optional.empty();
        }
        if (asked.isEmpty()) {
            asked = nodes.stream()
                    .filter(node -> node.arrives() && !newToo.contains(node))
                    .findFirst();
            asked.ifPresent(node -> {
                askedNanos = nowNanos;
                items = 0;
                node.send(PacketType.STATE_ASK, new StateAsk(--lastId, List.of()).encode());
            });
            over = asked.isEmpty() && (newToo.containsAll(nodes) || othersAreLate(nowNanos));
        }
    }

    /**
     * Whether all who are there are new, too, and the others have not come for a while: they may be set up in a month, and what this node
     * knows itself is wanted before. Should they come they are asked all the same.
     */
    private boolean othersAreLate(long nowNanos) {
        if (!waitsForOthers) {
            othersSinceNanos = nowNanos;
        }
        waitsForOthers = !newToo.isEmpty();
        boolean late = waitsForOthers && nowNanos - othersSinceNanos >= PATIENCE_NANOS;
        if (late) {
            nodes.stream().filter(node -> !newToo.contains(node)).forEach(joined::add);
        }
        return late;
    }

    private void askJoined() {
        joined.removeIf(node -> {
            if (node.arrives()) {
                node.send(PacketType.STATE_ASK, new StateAsk(--lastId, List.of()).encode());
            }
            return node.arrives();
        });
    }
}
