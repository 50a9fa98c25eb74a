package org.merlin.module.hook;

import java.util.function.IntFunction;
import org.merlin.protocol.event.MonitoredObject;

/**
 * Finds indexes by name. One array and no object for each entry: all that lives long is gone through by each full collection, while
 * the scheduler stands still. Immutable.
 */
public final class NameTable {
    private final IntFunction<MonitoredObject> objects;
    /** Index plus one, at the first free place from the name's hash on; 0 for none. Half of it is free. */
    private final int[] places;

    /**
     * Takes what there is.
     *
     * @param size how many objects
     * @param objects by index
     */
    public NameTable(int size, IntFunction<MonitoredObject> objects) {
        this.objects = objects;
        places = new int[placesFor(size)];
        for (int index = 0; index < size; index++) {
            int place = first(objects.apply(index).name().hashCode(), places.length);
            while (places[place] != 0) {
                place = next(place, places.length);
            }
            places[place] = index + 1;
        }
    }

    static int placesFor(int size) {
        return Integer.highestOneBit(Math.max(1, size)) * 4;
    }

    static int first(int hash, int places) {
        return (hash ^ hash >>> 16) & places - 1;
    }

    static int next(int place, int places) {
        return place + 1 & places - 1;
    }

    /** Index of {@code host} or {@code host;service}; -1 if there is none. */
    public int find(String name) {
        int place = first(name.hashCode(), places.length);
        while (places[place] != 0) {
            int index = places[place] - 1;
            if (objects.apply(index).isNamed(name)) {
                return index;
            }
            place = next(place, places.length);
        }
        return -1;
    }
}
