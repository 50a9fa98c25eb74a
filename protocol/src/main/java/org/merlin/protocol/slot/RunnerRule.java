package org.merlin.protocol.slot;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.merlin.protocol.node.Selection;

/**
 * Who runs a check, as one node sees it.
 *
 * @param self this node's name
 * @param own the ring of its own peer group
 * @param pollers by selection, the rings of its poller groups; empty for a node without pollers
 * @param takeover by selection, whether masters run the group's checks while its ring is empty
 * @param blocked by node, the indexes of what it never runs: the next in line does
 */
public record RunnerRule(
        String self,
        RingView own,
        Map<Integer, RingView> pollers,
        Map<Integer, Boolean> takeover,
        Map<String, BitSet> blocked) {
    public RunnerRule {
        pollers = Map.copyOf(pollers);
        takeover = Map.copyOf(takeover);
        Map<String, BitSet> copies = new HashMap<>();
        blocked.forEach((node, indexes) -> copies.put(node, (BitSet) indexes.clone()));
        blocked = Map.copyOf(copies);
    }

    /** Where nobody blocks anything. */
    public RunnerRule(String self, RingView own, Map<Integer, RingView> pollers, Map<Integer, Boolean> takeover) {
        this(self, own, pollers, takeover, Map.of());
    }

    /** Whether this node runs the check of an object. */
    public boolean runs(SlotTable slots, int index) {
        if (blocks(self, index)) {
            return false;
        }
        int group = slots.group(index);
        RingView below = pollers.get(group);
        if (below == null) {
            return own.runs(self, place(slots, index), node -> blocks(node, index));
        }
        if (!takesOver(group) || !below.maybeNobody(groupPlace(slots, index))) {
            return false;
        }
        boolean peersMayNotKnow = below.current().isEmpty() && !below.agreed();
        return peersMayNotKnow || own.runs(self, place(slots, index), node -> blocks(node, index));
    }

    private static RingView.Place place(SlotTable slots, int index) {
        return new RingView.Place(index, slots.key(index), slots.slot(index));
    }

    private static RingView.Place groupPlace(SlotTable slots, int index) {
        return new RingView.Place(index, slots.key(index), slots.groupSlot(index));
    }

    private boolean blocks(String node, int index) {
        if (blocked.isEmpty()) {
            return false;
        }
        BitSet indexes = blocked.get(node);
        return indexes != null && indexes.get(index);
    }

    /** The k-th in line for an object by the present rings, the runner being the 0th; empty if nobody may run it. */
    public String inLine(SlotTable slots, int index, int k) {
        int group = slots.group(index);
        if (byPollers(slots, index)) {
            return pollers.get(group).inLine(groupPlace(slots, index), k, node -> blocks(node, index));
        }
        boolean ours = group == Selection.NONE || !pollers.containsKey(group) || takesOver(group);
        return ours ? ofOwnRing(slots, index, k) : "";
    }

    /** Whether the runner of an object is one of its pollers: there are some, and one has it. */
    public boolean byPollers(SlotTable slots, int index) {
        RingView below = pollers.get(slots.group(index));
        return below != null && !below.current().isEmpty() && !below.runsWhereItIsHad(groupPlace(slots, index));
    }

    /** The k-th in line of this node's own peer group, whatever its pollers run. */
    public String ofOwnRing(SlotTable slots, int index, int k) {
        RingView.Place place = place(slots, index);
        if (own.runsWhereItIsHad(place)) {
            return k > 0 || blocks(self, index) ? "" : self;
        }
        return own.inLine(place, k, node -> blocks(node, index));
    }

    /** Who of this node's own peer group speaks for an object whose pollers do not: the runner's place, also where nobody may run it. */
    public String speaker(SlotTable slots, int index) {
        String first = ofOwnRing(slots, index, 0);
        if (!first.isEmpty()) {
            return first;
        }
        RingView.Place place = place(slots, index);
        return own.runsWhereItIsHad(place) ? self : own.inLine(place, 0, node -> false);
    }

    /** The same once a node has gone and all agree on it. */
    public RunnerRule without(String node) {
        Map<Integer, RingView> fewer = new HashMap<>();
        pollers.forEach((selection, view) -> fewer.put(selection, view.without(node)));
        return new RunnerRule(self, own.without(node), fewer, takeover, blocked);
    }

    private boolean takesOver(int group) {
        return takeover.getOrDefault(group, true);
    }
}
