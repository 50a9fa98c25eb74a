package org.merlin.module.hook;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.slot.SlotTable;

/** Finds an object's index by its name or by the key that packets carry. Immutable. */
public final class ObjectIndex {
    private final Map<Long, Integer> byKey = new HashMap<>();
    private final Map<String, Integer> byName = new HashMap<>();
    private final long[] keys;
    private final SlotTable slots;

    public ObjectIndex(SlotTable slots) {
        this.slots = slots;
        keys = new long[slots.size()];
        for (int index = 0; index < keys.length; index++) {
            keys[index] = slots.key(index);
            byKey.put(keys[index], index);
            byName.put(slots.object(index).name(), index);
        }
    }

    public MonitoredObject object(int index) {
        return slots.object(index);
    }

    /** The key that packets carry for an object. */
    public long key(int index) {
        return keys[index];
    }

    /** Empty if this scheduler has not loaded such an object. */
    public OptionalInt byKey(long key) {
        Integer index = byKey.get(key);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** Takes {@code host} or {@code host;service}. */
    public OptionalInt byName(String name) {
        Integer index = byName.get(name);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }
}
