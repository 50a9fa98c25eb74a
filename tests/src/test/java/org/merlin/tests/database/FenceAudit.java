package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Has the database itself note each transaction of data that it commits, in their order, with its fence and session: of two writers at a
 * time one would follow the other with the fence of before.
 */
public final class FenceAudit {
    public static final String TABLE =
            "CREATE TABLE fence_audit (slot INT, n BIGINT, fence BIGINT, session VARCHAR(64), taken INT,"
                    + " PRIMARY KEY (slot, n)) ENGINE=InnoDB";
    public static final String TRIGGER = "CREATE TRIGGER fence_audit AFTER UPDATE ON sink_fence FOR EACH ROW"
            + " INSERT INTO fence_audit VALUES (NEW.slot, NEW.n, NEW.fence, CONCAT(@@port, '/', CONNECTION_ID()),"
            + " NEW.fence <> OLD.fence)";
    public static final String ROWS = "SELECT slot, fence, session, taken, n FROM fence_audit ORDER BY slot, n";

    private FenceAudit() {}

    /** Says how many writers there were, one after another; fails if two were at the same time. */
    public static int writers(List<String> rows) {
        Set<Long> writers = new HashSet<>();
        Map<String, String> sessions = new HashMap<>();
        Map<String, Long> fences = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (String row : rows) {
            String[] columns = row.split("\\|");
            String slot = columns[0];
            long fence = Long.parseLong(columns[1]);
            if (fence < fences.getOrDefault(slot, 0L)) {
                wrong.add("a later writer was there before " + row);
            }
            fences.put(slot, fence);
            if (columns[3].equals("1")) {
                continue; // the takeover itself, which one connection does for all slots
            }
            writers.add(fence);
            String known = sessions.putIfAbsent(slot + " " + fence, columns[2]);
            if (known != null && !known.equals(columns[2])) {
                wrong.add(known + " has the same fence as " + row);
            }
        }
        assertThat(wrong).isEmpty();
        return writers.size();
    }
}
