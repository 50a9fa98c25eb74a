package org.merlin.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.Precheck;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentList;
import org.merlin.protocol.control.AssignmentListQuery;
import org.merlin.protocol.control.AssignmentListQuery.Which;
import org.merlin.protocol.control.AssignmentQuery;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/** Says who runs a check and why. Confined to the sender's thread. */
final class Assignments {
    /** Objects looked at for one answer, so that events do not wait for it. */
    private static final int LOOKED_AT = 20_000;
    /** Characters of an answer's texts: well below what a packet may hold. */
    private static final int ANSWER_CHARACTERS = 24_000;

    private final SlotTable slots;
    private final ObjectIndex objects;
    private final Precheck precheck;

    Assignments(SlotTable slots, ObjectIndex objects, Precheck precheck) {
        this.slots = slots;
        this.objects = objects;
        this.precheck = precheck;
    }

    Assignment answer(AssignmentQuery query, RunnerRule rule) {
        OptionalInt found = objects.byName(query.object());
        if (found.isEmpty()) {
            return Assignment.unknown(query.id());
        }
        int index = found.getAsInt();
        int group = slots.group(index);
        RingView pollers = rule.pollers().get(group);
        boolean byPollers = pollers != null && !pollers.current().isEmpty();
        RingView ring = byPollers ? pollers : rule.own();
        int slot = byPollers ? slots.groupSlot(index) : slots.slot(index);
        int ofSlots = count(index, byPollers ? group : Selection.NONE);
        List<String> inRing = inLine(rule, index, ring.current());
        return new Assignment(
                query.id(),
                true,
                group,
                slot,
                ofSlots,
                inRing,
                precheck.runsHere(index),
                ring.handover() || pollers != null && pollers.handover(),
                why(index, slot, ofSlots, ring.current(), inRing, pollers != null && !byPollers)
                        + blocking(ring.current(), slot, inRing));
    }

    /** Some of the checks that were asked for. */
    AssignmentList answer(AssignmentListQuery query, RunnerRule rule) {
        RunnerRule then = query.which() == Which.WITHOUT ? rule.without(query.node()) : rule;
        List<AssignmentList.Row> rows = new ArrayList<>();
        int characters = 0;
        int index = Math.max(0, query.from());
        int end = (int) Math.min(slots.size(), (long) index + LOOKED_AT);
        for (; index < end && characters < ANSWER_CHARACTERS; index++) {
            Optional<AssignmentList.Row> row = row(query, index, rule, then);
            if (row.isPresent()) {
                rows.add(row.get());
                characters += row.get().object().length()
                        + row.get().runner().length()
                        + row.get().next().length()
                        + Integer.BYTES * Integer.BYTES;
            }
        }
        return new AssignmentList(query.id(), rows, index < slots.size() ? index : -1);
    }

    private Optional<AssignmentList.Row> row(AssignmentListQuery query, int index, RunnerRule rule, RunnerRule then) {
        String runner = rule.inLine(slots, index, 0);
        int overdue = precheck.overdue(index);
        boolean wanted = switch (query.which()) {
            case ALL -> true;
            case OF_NODE, WITHOUT -> runner.equals(query.node());
            case OVERDUE -> overdue > 0;
            case UNASSIGNED -> runner.isEmpty();
        };
        if (!wanted) {
            return Optional.empty();
        }
        String next = runner.isEmpty() || then == rule ? rule.inLine(slots, index, 1) : then.inLine(slots, index, 0);
        return Optional.of(new AssignmentList.Row(slots.object(index).name(), runner, next, overdue));
    }

    /** Who would run it but blocks its hostgroup. */
    private static String blocking(PeerRing ring, int slot, List<String> inLine) {
        if (ring.isEmpty() || !inLine.isEmpty() && inLine.get(0).equals(ring.runner(slot))) {
            return "";
        }
        return ", " + ring.runner(slot) + ", which blocks its hostgroup"
                + (inLine.isEmpty() ? "; so do all: nobody runs it" : ": the next in line runs it");
    }

    private int count(int index, int group) {
        boolean host = slots.object(index).isHost();
        int count = 0;
        for (int other = 0; other < slots.size(); other++) {
            boolean same = group == Selection.NONE || slots.group(other) == group;
            count += same && slots.object(other).isHost() == host ? 1 : 0;
        }
        return count;
    }

    private List<String> inLine(RunnerRule rule, int index, PeerRing ring) {
        List<String> names = new ArrayList<>();
        for (int k = 0; k < ring.names().size(); k++) {
            String name = rule.inLine(slots, index, k);
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    private String why(int index, int slot, int ofSlots, PeerRing ring, List<String> inLine, boolean groupAway) {
        String kind = slots.object(index).isHost() ? "hosts" : "services";
        StringBuilder why = new StringBuilder();
        if (groupAway) {
            why.append("its pollers are away and ")
                    .append(inLine.isEmpty() ? "takeover = no: nobody runs it" : "their masters take over; ");
        }
        if (!groupAway || !inLine.isEmpty()) {
            int size = ring.names().size();
            why.append("slot ").append(slot).append(" of ").append(ofSlots).append(' ');
            why.append(kind).append(", ring ").append(ring).append(": ");
            why.append(slot).append(" mod ").append(size).append(" = ").append(slot % size);
        }
        return why.toString();
    }
}
