package org.merlin.confsync.objects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes the attributes of blocks that do not change with a part, one a line, in an order of their own: by name; of timeperiods
 * alias and exclusions, then days in the file's order, since the scheduler goes by the first that fits, then weekdays. What is a
 * set is sorted. Lines that are alike are one text in memory. Confined to one thread.
 */
final class Lines {
    /** They are put together for each part, or have become members of groups. */
    private static final Set<String> NOT_HERE = Set.of(
            "host_name",
            "hostgroup_name",
            "dependent_host_name",
            "dependent_hostgroup_name",
            "parents",
            "members",
            "hostgroups",
            "servicegroups",
            "contactgroups",
            "hostgroup_members",
            "servicegroup_members",
            "contactgroup_members");

    private static final Set<String> SETS = Set.of(
            "contacts",
            "contact_groups",
            "exclude",
            // all of them are started; Nagios turns their order round whenever it reads them
            "host_notification_commands",
            "service_notification_commands");

    private final Map<String, String> pool = new HashMap<>();

    /** The one text in memory that equals this one. */
    String pooled(String text) {
        return pool.computeIfAbsent(text, same -> same);
    }

    String[] of(Kind kind, ObjectBlock block) {
        List<String> lines = new ArrayList<>(block.attributes().size());
        if (kind == Kind.TIMEPERIOD) {
            ofTimeperiod(block, lines);
        } else {
            new TreeMap<>(block.attributes()).forEach((attribute, value) -> {
                if (!NOT_HERE.contains(attribute) && !attribute.equals(kind.nameAttribute())) {
                    add(lines, attribute, canonical(attribute, value));
                }
            });
        }
        return lines.toArray(String[]::new);
    }

    private void ofTimeperiod(ObjectBlock block, List<String> lines) {
        add(lines, "alias", block.get("alias"));
        add(lines, "exclude", sorted(block.get("exclude")));
        block.attributes().forEach((days, times) -> {
            if (!ObjectReader.NO_DAYS.contains(days) && !ObjectReader.WEEKDAYS.contains(days)) {
                add(lines, days, sorted(times));
            }
        });
        new TreeMap<>(block.attributes()).forEach((day, times) -> {
            if (ObjectReader.WEEKDAYS.contains(day)) {
                add(lines, day, sorted(times));
            }
        });
    }

    private void add(List<String> lines, String attribute, String value) {
        if (!value.isEmpty()) {
            lines.add(pooled("\t" + attribute + "\t" + value + "\n"));
        }
    }

    private static String canonical(String attribute, String value) {
        boolean set = SETS.contains(attribute)
                || !attribute.startsWith("_") && (attribute.endsWith("_options") || attribute.endsWith("_criteria"));
        return set ? sorted(value) : value;
    }

    private static String sorted(String list) {
        return list.indexOf(',') < 0
                ? list
                : ObjectBlock.split(list).stream().distinct().sorted().collect(Collectors.joining(","));
    }
}
