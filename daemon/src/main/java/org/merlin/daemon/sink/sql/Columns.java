package org.merlin.daemon.sink.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merlin.daemon.sink.Table;

/** What columns the schema has beside those that a {@link Table} fills: the writer's own, and the C original's that nobody fills. */
final class Columns {
    private static final Map<String, List<String>> OTHERS = Map.of(
            "report_data", List.of("id", "flags", "attrib"),
            "notification", List.of("id", "instance_id", "contacts_notified"),
            "import_progress", List.of("source", "reached"),
            "sink_lease", List.of("id", "holder", "fence", "beat"),
            "sink_fence", List.of("slot", "fence", "n"));

    private Columns() {}

    /** Columns by table. */
    static Map<String, List<String>> all() {
        Map<String, List<String>> all = new TreeMap<>();
        for (Table table : Table.values()) {
            all.put(table.title(), new ArrayList<>(table.columns()));
        }
        OTHERS.forEach((table, columns) ->
                all.computeIfAbsent(table, any -> new ArrayList<>()).addAll(columns));
        return all;
    }
}
