package org.merlin.protocol.slot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.Digests;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.node.Selection;

/**
 * The places of all checks: two bytewise sorted lists, hosts by name and services by {@code host;service}, each numbered from
 * 0, pollers' objects included; and for every poller group two lists of its own objects alone. Immutable.
 *
 * <p>An object's <em>index</em> is its place in the collection that this was built from; its <em>slot</em> is its place in
 * the sorted list.
 */
public final class SlotTable {
    private final List<MonitoredObject> objects;
    private final long[] keys;
    private final int[] slots;
    private final int[] groupSlots;
    private final int[] groups;
    private final Map<Integer, Long> hashes = new LinkedHashMap<>();

    private SlotTable(List<MonitoredObject> objects, long[] keys, int[] groups, List<Integer> selections) {
        this.objects = objects;
        this.keys = keys;
        this.groups = groups;
        slots = new int[objects.size()];
        groupSlots = new int[objects.size()];
        List<Integer> sorted = IntStream.range(0, objects.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> objects.get(i).isHost() ? 0 : 1)
                        .thenComparing(i -> objects.get(i).name(), NameOrder.BYTEWISE))
                .toList();
        number(sorted, slots);
        hashes.put(Selection.NONE, hash(sorted));
        for (int selection : selections) {
            List<Integer> own =
                    sorted.stream().filter(i -> groups[i] == selection).toList();
            number(own, groupSlots);
            hashes.put(selection, hash(own));
        }
    }

    /**
     * Numbers objects.
     *
     * @param objects hosts and services as the scheduler has loaded them, each once
     * @param hostgroups by index, the groups of the host, or of the service's host
     * @param selections of the poller groups, in the order of merlin.conf; of two that claim a host the first gets it
     * @throws IllegalArgumentException if two objects share a key, naming both
     */
    public static SlotTable of(
            List<MonitoredObject> objects, List<List<String>> hostgroups, List<Selection> selections) {
        long[] keys = objects.stream().mapToLong(MonitoredObject::key).toArray();
        requireDistinctKeys(objects, keys);
        Map<String, Integer> selectionOfGroup = new HashMap<>();
        for (Selection selection : selections) {
            selection.hostgroups().forEach(group -> selectionOfGroup.putIfAbsent(group, selection.id()));
        }
        List<Integer> ids = selections.stream().map(Selection::id).distinct().toList();
        int[] groups = new int[objects.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = groupOf(hostgroups.get(i), selectionOfGroup, ids);
        }
        return new SlotTable(List.copyOf(objects), keys, groups, ids);
    }

    private static int groupOf(List<String> hostgroups, Map<String, Integer> selectionOfGroup, List<Integer> order) {
        int best = order.size();
        for (String hostgroup : hostgroups) {
            Integer selection = selectionOfGroup.get(hostgroup);
            if (selection != null) {
                best = Math.min(best, order.indexOf(selection));
            }
        }
        return best == order.size() ? Selection.NONE : order.get(best);
    }

    private static void requireDistinctKeys(List<MonitoredObject> objects, long[] keys) {
        Map<Long, MonitoredObject> byKey = new HashMap<>();
        for (int index = 0; index < keys.length; index++) {
            MonitoredObject object = objects.get(index);
            MonitoredObject other = byKey.putIfAbsent(keys[index], object);
            if (other != null) {
                throw new IllegalArgumentException(
                        other.equals(object)
                                ? object + " is there twice"
                                : other + " and " + object + " have the same hash: rename one of them");
            }
        }
    }

    private void number(List<Integer> sorted, int[] into) {
        int hosts = 0;
        int services = 0;
        for (int index : sorted) {
            into[index] = objects.get(index).isHost() ? hosts++ : services++;
        }
    }

    private long hash(List<Integer> sorted) {
        List<String> names = new ArrayList<>();
        for (int index : sorted) {
            names.add((objects.get(index).isHost() ? "h" : "s")
                    + objects.get(index).name());
        }
        return Digests.hash64(names);
    }

    /** How many objects there are. */
    public int size() {
        return objects.size();
    }

    public MonitoredObject object(int index) {
        return objects.get(index);
    }

    /** What {@link MonitoredObject#key} says of an object, ready made. */
    public long key(int index) {
        return keys[index];
    }

    /** Place among all hosts, or among all services. */
    public int slot(int index) {
        return slots[index];
    }

    /** Place among the hosts, or the services, of its poller group; 0 for objects of none. */
    public int groupSlot(int index) {
        return groupSlots[index];
    }

    /** Selection of the poller group whose hostgroups the object's host is in; {@link Selection#NONE} for none. */
    public int group(int index) {
        return groups[index];
    }

    /** The keys of a group's part of the lists, ascending; {@link Selection#NONE} for all of them. Made anew at each call. */
    public long[] sortedKeys(int selection) {
        return IntStream.range(0, keys.length)
                .filter(index -> selection == Selection.NONE || groups[index] == selection)
                .mapToLong(index -> keys[index])
                .sorted()
                .toArray();
    }

    /** By selection, the hash of that group's part of the lists; {@link Selection#NONE} for all of them. */
    public Map<Integer, Long> hashes() {
        return Map.copyOf(hashes);
    }
}
