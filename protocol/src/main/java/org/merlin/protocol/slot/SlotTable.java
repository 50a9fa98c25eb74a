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
 * 0, pollers' objects included; and for every poller group two lists of its own objects alone. Objects and their places never
 * change; into which poller groups they are divided may, as a whole and from any thread.
 *
 * <p>An object's <em>index</em> is its place in the collection that this was built from; its <em>slot</em> is its place in
 * the sorted list.
 */
public final class SlotTable {
    private final List<MonitoredObject> objects;
    private final long[] keys;
    private final int[] slots;
    private final long hash;
    private volatile Grouping grouping;

    /** By index, an object's group and its place there; by selection, the hash of the group's part of the lists. */
    private record Grouping(int[] groups, int[] places, Map<Integer, Long> hashes) {}

    private SlotTable(List<MonitoredObject> objects, long[] keys) {
        this.objects = objects;
        this.keys = keys;
        slots = new int[objects.size()];
        List<Integer> sorted = IntStream.range(0, objects.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> objects.get(i).isHost() ? 0 : 1)
                        .thenComparing(i -> objects.get(i).name(), NameOrder.BYTEWISE))
                .toList();
        number(sorted, slots);
        hash = hash(sorted);
    }

    /** Divides the objects among other poller groups; the parameters are those of {@link #of}. */
    public void regroup(List<List<String>> hostgroups, List<Selection> selections) {
        Map<String, Integer> selectionOfGroup = new HashMap<>();
        for (Selection selection : selections) {
            selection.hostgroups().forEach(group -> selectionOfGroup.putIfAbsent(group, selection.id()));
        }
        List<Integer> ids = selections.stream().map(Selection::id).distinct().toList();
        int[] groups = new int[objects.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = groupOf(hostgroups.get(i), selectionOfGroup, ids);
        }
        int[] places = new int[objects.size()];
        Map<Integer, Long> hashes = new LinkedHashMap<>();
        hashes.put(Selection.NONE, hash);
        for (int selection : ids) {
            List<Integer> own = inOrder(groups, selection);
            number(own, places);
            hashes.put(selection, hash(own));
        }
        grouping = new Grouping(groups, places, Map.copyOf(hashes));
    }

    private List<Integer> inOrder(int[] groups, int selection) {
        return IntStream.range(0, groups.length)
                .filter(index -> groups[index] == selection)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> objects.get(i).isHost() ? 0 : 1)
                        .thenComparing(i -> slots[i]))
                .toList();
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
        SlotTable table = new SlotTable(List.copyOf(objects), keys);
        table.regroup(hostgroups, selections);
        return table;
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
        return grouping.places[index];
    }

    /** Selection of the poller group whose hostgroups the object's host is in; {@link Selection#NONE} for none. */
    public int group(int index) {
        return grouping.groups[index];
    }

    /** The keys of a group's part of the lists, ascending; {@link Selection#NONE} for all of them. Made anew at each call. */
    public long[] sortedKeys(int selection) {
        int[] groups = grouping.groups;
        return IntStream.range(0, keys.length)
                .filter(index -> selection == Selection.NONE || groups[index] == selection)
                .mapToLong(index -> keys[index])
                .sorted()
                .toArray();
    }

    /** By selection, the hash of that group's part of the lists; {@link Selection#NONE} for all of them. */
    public Map<Integer, Long> hashes() {
        return grouping.hashes;
    }
}
