package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.slot.Handover;

/**
 * What a group's nodes do while their lists differ: once this node knows the lists of all of them it has a plan, and tells its module
 * which of its objects the others lack. Whom no link leads to is asked through whoever has the same list; if there is nobody, there is
 * no plan. Confined to the cluster loop.
 */
final class ListPlans {
    private final ObjectLists lists;
    private final ListPartner module;
    private final Map<Integer, Long> told = new HashMap<>();

    ListPlans(ObjectLists lists, ListPartner module) {
        this.lists = lists;
        this.module = module;
    }

    /** The plan for a group as it is now; 0 where lists are the same, or not all known. */
    long planFor(Handover group, List<Node> nodes, long nowNanos) {
        List<Long> all = group.listsDiffer() ? group.listsOfMembers() : List.of();
        int known = 0;
        for (long hash : all) {
            known += lists.keys(hash, holders(hash, group, nodes), nowNanos).isPresent() ? 1 : 0;
        }
        return all.isEmpty() || known < all.size() ? 0 : group.planToBe();
    }

    private List<ListPartner> holders(long hash, Handover group, List<Node> nodes) {
        List<ListPartner> holders = new ArrayList<>();
        if (hash == group.lists()) {
            holders.add(module);
            return holders;
        }
        nodes.stream()
                .filter(node ->
                        node.arrives() && group.ring().contains(node.id().name()))
                .filter(node -> group.listsOf(node.id().name()) == hash)
                .forEach(holders::add);
        return holders;
    }

    /** A module connected: it knows nothing yet. */
    void onModule() {
        told.clear();
    }

    /** Tells our module what it has not been told yet. Before the rings that name the plan. */
    void tell(int selection, Handover group, long nowNanos, Consumer<Lacking> to) {
        long plan = group.plan();
        if (plan == 0) {
            told.remove(selection); // our module forgets what it needs no more
            return;
        }
        if (Long.valueOf(plan).equals(told.put(selection, plan))) {
            return;
        }
        to.accept(new Lacking(selection, plan, List.of(), List.of()));
        long[] ours = lists.keys(group.lists(), List.of(), nowNanos).orElseThrow();
        for (long hash : group.listsOfMembers()) {
            List<String> nodes = group.ring().names().stream()
                    .filter(name -> hash != group.lists() && group.listsOf(name) == hash)
                    .toList();
            if (!nodes.isEmpty()) {
                long[] theirs = lists.keys(hash, List.of(), nowNanos).orElseThrow();
                tell(selection, plan, nodes, ObjectLists.lacking(ours, theirs), to);
            }
        }
    }

    private static void tell(int selection, long plan, List<String> nodes, long[] keys, Consumer<Lacking> to) {
        for (int from = 0; from < keys.length; from += ListPart.MAX_KEYS) {
            long[] some = Arrays.copyOfRange(keys, from, Math.min(keys.length, from + ListPart.MAX_KEYS));
            to.accept(new Lacking(
                    selection, plan, nodes, LongStream.of(some).boxed().toList()));
        }
    }
}
