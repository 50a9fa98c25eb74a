package org.merlin.protocol.slot;

import java.util.Map;
import org.merlin.protocol.node.Selection;

/**
 * Who runs a check, as one node sees it.
 *
 * @param self this node's name
 * @param own the ring of its own peer group
 * @param pollers by selection, the rings of its poller groups; empty for a node without pollers
 * @param takeover by selection, whether masters run the group's checks while its ring is empty
 */
public record RunnerRule(String self, RingView own, Map<Integer, RingView> pollers, Map<Integer, Boolean> takeover) {
    public RunnerRule {
        pollers = Map.copyOf(pollers);
        takeover = Map.copyOf(takeover);
    }

    /** Whether this node runs the check of an object. */
    public boolean runs(SlotTable slots, int index) {
        RingView below = pollers.get(slots.group(index));
        if (below == null) {
            return own.runs(self, slots.slot(index));
        }
        if (!takesOver(slots.group(index)) || !below.maybeEmpty()) {
            return false;
        }
        boolean peersMayNotKnow = below.current().isEmpty() && !below.agreed();
        return peersMayNotKnow || own.runs(self, slots.slot(index));
    }

    /** The k-th in line for an object by the present rings, the runner being the 0th; empty if nobody may run it. */
    public String inLine(SlotTable slots, int index, int k) {
        int group = slots.group(index);
        RingView below = pollers.get(group);
        if (below != null && !below.current().isEmpty()) {
            return below.current().inLine(slots.groupSlot(index), k);
        }
        boolean ours = group == Selection.NONE || below == null || takesOver(group);
        return ours && !own.current().isEmpty() ? own.current().inLine(slots.slot(index), k) : "";
    }

    private boolean takesOver(int group) {
        return takeover.getOrDefault(group, true);
    }
}
