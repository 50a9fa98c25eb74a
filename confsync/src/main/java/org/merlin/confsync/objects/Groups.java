package org.merlin.confsync.objects;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who is in which group, whichever side says so: the group, its member, or another group. Confined to one thread. */
final class Groups {
    private final Map<Kind, Map<String, ObjectBlock>> defined = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, List<String>>> joined = new EnumMap<>(Kind.class);

    Groups() {
        for (Kind kind : List.of(Kind.CONTACTGROUP, Kind.HOSTGROUP, Kind.SERVICEGROUP)) {
            defined.put(kind, new TreeMap<>());
            joined.put(kind, new HashMap<>());
        }
    }

    /** Takes a group; false if there is one of the name. */
    boolean define(Kind kind, ObjectBlock block) {
        return defined.get(kind).putIfAbsent(block.get(kind.nameAttribute()), block) == null;
    }

    void join(Kind kind, List<String> groups, String member) {
        groups.forEach(group -> joined.get(kind)
                .computeIfAbsent(group, name -> new ArrayList<>())
                .add(member));
    }

    Map<Kind, Map<String, ObjectBlock>> defined() {
        return defined;
    }

    /** Sorted; services as {@code host,service}. */
    List<String> members(Kind kind, String group) {
        Set<String> members = new HashSet<>();
        collect(kind, group, members, new HashSet<>());
        return members.stream()
                .sorted(kind == Kind.SERVICEGROUP ? Catalogue.BY_HOST : Comparator.naturalOrder())
                .toList();
    }

    private void collect(Kind kind, String group, Set<String> into, Set<String> seen) {
        if (!seen.add(group)) {
            return;
        }
        into.addAll(joined.get(kind).getOrDefault(group, List.of()));
        ObjectBlock block = defined.get(kind).get(group);
        if (block != null) {
            List<String> names = block.names("members");
            into.addAll(kind == Kind.SERVICEGROUP ? pairs(names) : names);
            block.names(kind.word() + "_members").forEach(other -> collect(kind, other, into, seen));
        }
    }

    /** Names of hosts and services in turn as {@code host,service}, sorted. */
    static List<String> pairs(List<String> names) {
        List<String> pairs = new ArrayList<>(names.size() / 2);
        for (int i = 0; i + 1 < names.size(); i += 2) {
            pairs.add(names.get(i) + "," + names.get(i + 1));
        }
        pairs.sort(Catalogue.BY_HOST);
        return pairs;
    }
}
