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
        RingView below = pollers.get(slots.group(index));
        if (below == null) {
            return own.runs(self, slots.slot(index), node -> blocks(node, index));
        }
        if (!takesOver(slots.group(index)) || !below.maybeEmpty()) {
            return false;
        }
        boolean peersMayNotKnow = below.current().isEmpty() && !below.agreed();
        return peersMayNotKnow || own.runs(self, slots.slot(index), node -> blocks(node, index));
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
        RingView below = pollers.get(group);
        if (below != null && !below.current().isEmpty()) {
            return inLine(below.current(), slots.groupSlot(index), index, k);
        }
        boolean ours = group == Selection.NONE || below == null || takesOver(group);
        return ours ? inLine(own.current(), slots.slot(index), index, k) : "";
    }

    private String inLine(PeerRing ring, int slot, int index, int k) {
        int left = k;
        for (int place = 0; place < ring.names().size(); place++) {
            String node = ring.inLine(slot, place);
            if (!blocks(node, index) && left-- == 0) {
                return node;
            }
        }
        return "";
    }

    /** The same once a node has gone and all agree on it. */
    public RunnerRule without(String node) {
        Map<Integer, RingView> fewer = new HashMap<>();
        pollers.forEach((selection, view) -> fewer.put(selection, without(view, node)));
        return new RunnerRule(self, without(own, node), fewer, takeover, blocked);
    }

    private static RingView without(RingView view, String node) {
        return RingView.settled(PeerRing.of(view.current().names().stream()
                .filter(name -> !name.equals(node))
                .toList()));
    }

    private boolean takesOver(int group) {
        return takeover.getOrDefault(group, true);
    }
}
