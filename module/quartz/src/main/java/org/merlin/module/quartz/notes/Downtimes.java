package org.merlin.module.quartz.notes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.merlin.protocol.event.Downtime;

/** All downtimes by number, by object, by trigger and by the time of what happens next. Confined to the core's thread. */
final class Downtimes {
    private final Map<Long, Outage> byId = new LinkedHashMap<>();
    private final Map<Integer, Set<Long>> byObject = new HashMap<>();
    private final Map<Long, Set<Long>> byTrigger = new HashMap<>();
    private final TreeMap<Long, Set<Long>> due = new TreeMap<>();
    private final Map<Integer, Integer> depths = new HashMap<>();
    private long lastId;

    int size() {
        return byId.size();
    }

    long lastId() {
        return lastId;
    }

    /** Never gives a number again that an earlier run has given. */
    void seen(long id) {
        lastId = Math.max(lastId, id);
    }

    Outage add(int index, Downtime downtime, long triggeredBy) {
        Outage outage = new Outage(++lastId, index, downtime, triggeredBy, 0, 0);
        put(outage);
        return outage;
    }

    /** Puts in a downtime, in the place of the one of its number. */
    void put(Outage outage) {
        remove(outage.id());
        seen(outage.id());
        byId.put(outage.id(), outage);
        add(byObject, outage.index(), outage.id());
        add(due, outage.dueSeconds(), outage.id());
        if (outage.triggeredBy() != 0) {
            add(byTrigger, outage.triggeredBy(), outage.id());
        }
        if (outage.isInEffect()) {
            depths.merge(outage.index(), 1, Integer::sum);
        }
    }

    private static <K> void add(Map<K, Set<Long>> map, K key, long id) {
        map.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(id);
    }

    Optional<Outage> get(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Takes a downtime out; returns it, if it was there. */
    Optional<Outage> remove(long id) {
        Outage outage = byId.remove(id);
        if (outage == null) {
            return Optional.empty();
        }
        byObject.computeIfPresent(outage.index(), (index, ids) -> without(ids, id));
        due.computeIfPresent(outage.dueSeconds(), (second, ids) -> without(ids, id));
        byTrigger.computeIfPresent(outage.triggeredBy(), (trigger, ids) -> without(ids, id));
        if (outage.isInEffect()) {
            depths.computeIfPresent(outage.index(), (index, depth) -> depth == 1 ? null : depth - 1);
        }
        return Optional.of(outage);
    }

    private static Set<Long> without(Set<Long> ids, long id) {
        ids.remove(id);
        return ids.isEmpty() ? null : ids;
    }

    /** How many downtimes of an object are in effect. */
    int depth(int index) {
        return depths.getOrDefault(index, 0);
    }

    List<Outage> of(int index) {
        return of(byObject.get(index));
    }

    List<Outage> triggeredBy(long id) {
        return of(byTrigger.get(id));
    }

    private List<Outage> of(Set<Long> ids) {
        return ids == null ? List.of() : ids.stream().map(byId::get).toList();
    }

    /** Those to which something happens now. */
    List<Outage> due(long nowSeconds) {
        List<Outage> found = new ArrayList<>();
        due.headMap(nowSeconds, true).values().forEach(ids -> ids.forEach(id -> found.add(byId.get(id))));
        return found;
    }

    List<Outage> all() {
        return List.copyOf(byId.values());
    }
}
