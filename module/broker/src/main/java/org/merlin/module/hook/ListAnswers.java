package org.merlin.module.hook;

import java.util.Map;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.slot.SlotTable;

/**
 * Tells the daemon which objects are loaded, part by part. The sorted keys are kept while parts are asked for, 8 bytes each. Confined to the
 * sender's thread.
 */
public final class ListAnswers {
    private final SlotTable slots;
    private long sorted;
    private long[] keys = {};

    public ListAnswers(SlotTable slots) {
        this.slots = slots;
    }

    public ListPart answer(ListQuery query) {
        for (Map.Entry<Integer, Long> group : slots.hashes().entrySet()) {
            if (group.getValue() == query.lists()) {
                return answer(group.getKey(), query);
            }
        }
        return ListPart.unknown(query.lists());
    }

    private ListPart answer(int selection, ListQuery query) {
        if (sorted != query.lists() || query.from() == 0) {
            keys = slots.sortedKeys(selection);
            sorted = query.lists();
        }
        ListPart part = ListPart.of(keys, query);
        if (part.total() <= part.from() + part.keys().size()) {
            keys = new long[0]; // that was the last one
            sorted = 0;
        }
        return part;
    }
}
