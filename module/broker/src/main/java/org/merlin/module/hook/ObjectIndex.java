package org.merlin.module.hook;

import java.util.OptionalInt;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.slot.SlotTable;

/** Finds an object's index by its name or by the key that packets carry. Immutable. */
public final class ObjectIndex {
    private final SlotTable slots;
    private final NameTable names;
    /** As {@link NameTable} has it, by key. */
    private final int[] places;

    public ObjectIndex(SlotTable slots) {
        this.slots = slots;
        names = new NameTable(slots.size(), slots::object);
        places = new int[NameTable.placesFor(slots.size())];
        for (int index = 0; index < slots.size(); index++) {
            int place = first(slots.key(index));
            while (places[place] != 0) {
                place = NameTable.next(place, places.length);
            }
            places[place] = index + 1;
        }
    }

    private int first(long key) {
        return NameTable.first(Long.hashCode(key), places.length);
    }

    public MonitoredObject object(int index) {
        return slots.object(index);
    }

    /** The key that packets carry for an object. */
    public long key(int index) {
        return slots.key(index);
    }

    /** Empty if this scheduler has not loaded such an object. */
    public OptionalInt byKey(long key) {
        int place = first(key);
        while (places[place] != 0) {
            int index = places[place] - 1;
            if (slots.key(index) == key) {
                return OptionalInt.of(index);
            }
            place = NameTable.next(place, places.length);
        }
        return OptionalInt.empty();
    }

    /** Takes {@code host} or {@code host;service}. */
    public OptionalInt byName(String name) {
        int index = names.find(name);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }
}
