package org.merlin.module.hook;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.Rings.GroupRing;
import org.merlin.protocol.slot.Differences;

/**
 * What the daemon told of objects that others have not loaded: by group the last plan of which it told, and who lacks what. A bit per
 * object and node. Confined to the sender's thread.
 */
public final class ToldDifferences {
    private final ObjectIndex objects;
    private final Map<Integer, Told> byGroup = new HashMap<>();

    private record Told(long plan, Map<String, BitSet> lacking) {}

    public ToldDifferences(ObjectIndex objects) {
        this.objects = objects;
    }

    /** Takes what the daemon tells before the rings that name the plan. */
    public void onLacking(Lacking part) {
        Told told = byGroup.get(part.selection());
        if (told == null || told.plan != part.plan()) {
            told = new Told(part.plan(), new HashMap<>());
            byGroup.put(part.selection(), told);
        }
        for (String node : part.nodes()) {
            BitSet indexes = told.lacking.computeIfAbsent(node, any -> new BitSet());
            part.keys().forEach(key -> objects.byKey(key).ifPresent(indexes::set));
        }
    }

    /** In what the lists of a ring's members differ from ours. */
    public Differences of(GroupRing group) {
        if (!group.lists().differ()) {
            byGroup.remove(group.selection());
            return Differences.NONE;
        }
        Told told = byGroup.get(group.selection());
        return group.lists().plan() == 0
                        || told == null
                        || told.plan != group.lists().plan()
                ? Differences.UNKNOWN
                : Differences.of(told.lacking);
    }
}
