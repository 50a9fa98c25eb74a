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
        boolean byPollers = rule.byPollers(slots, index);
        RingView ring = byPollers ? pollers : rule.own();
        int slot = byPollers ? slots.groupSlot(index) : slots.slot(index);
        int ofSlots = count(index, byPollers ? group : Selection.NONE);
        List<String> inRing = inLine(rule, index, ring.current());
        RingView.Place place = new RingView.Place(index, slots.key(index), slot);
        return new Assignment(
                query.id(),
                true,
                group,
                slot,
                ofSlots,
                inRing,
                precheck.runsHere(index),
                ring.handover() || pollers != null && pollers.handover(),
                ofPollers(pollers, byPollers, inRing)
                        + (pollers != null && !byPollers && inRing.isEmpty() ? "" : why(place, ofSlots, ring))
                        + blocking(ring.inLine(place, 0, any -> false), inRing));
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
    private static String blocking(String first, List<String> inLine) {
        if (first.isEmpty() || !inLine.isEmpty() && inLine.get(0).equals(first)) {
            return "";
        }
        return ", " + first + ", which blocks its hostgroup"
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
        for (int k = 0; k < Math.max(1, ring.names().size()); k++) {
            String name = rule.inLine(slots, index, k);
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    private static String ofPollers(RingView pollers, boolean byPollers, List<String> inLine) {
        if (pollers == null || byPollers) {
            return "";
        }
        String why = pollers.current().isEmpty()
                ? "its pollers are away"
                : "different lists: none of its pollers " + pollers.current() + " has loaded it";
        return why + (inLine.isEmpty() ? " and takeover = no: nobody runs it" : " and their masters take over; ");
    }

    private String why(RingView.Place place, int ofSlots, RingView ring) {
        if (ring.runsWhereItIsHad(place)) {
            return "different lists: nobody of the ring " + ring.current() + " has loaded it, it runs where it is";
        }
        if (ring.lists().known()) {
            List<String> having = ring.lists().having(ring.current(), place.index());
            return "different lists: by hash among " + having + ": " + Long.toUnsignedString(place.key()) + " mod "
                    + having.size() + " = " + Long.remainderUnsigned(place.key(), having.size());
        }
        String kind = slots.object(place.index()).isHost() ? "hosts" : "services";
        int size = ring.current().names().size();
        return (ring.lists().any() ? "different lists, not all known yet: all that have it run it; " : "")
                + "slot " + place.slot() + " of " + ofSlots + ' ' + kind + ", ring " + ring.current() + ": "
                + place.slot() + " mod " + size + " = " + place.slot() % size;
    }
}
