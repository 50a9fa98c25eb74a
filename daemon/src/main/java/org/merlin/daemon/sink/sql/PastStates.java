package org.merlin.daemon.sink.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;
import org.merlin.protocol.event.MonitoredObject;

/**
 * What was last told of each object, of the 200,000 used last; what it does not remember the database does. Confined to one thread.
 */
final class PastStates {
    private static final int MOST = 200_000;

    private final SqlSession session;
    private final ImportedRows rows;
    private final long oldest;
    private final Map<MonitoredObject, Past> past = new LinkedHashMap<>(1_024, 0.75f, true);
    private boolean forgot;

    /** An object's state, whether it is hard, and the depth of its downtimes; state -1 is none. */
    static final class Past {
        private int state = -1;
        private int hard;
        private int depth;

        /**
         * Takes a state.
         *
         * @return whether it is another one
         */
        boolean becomes(int next, int nextHard) {
            boolean other = state != next || hard != nextHard;
            state = next;
            hard = nextHard;
            return other;
        }

        void deepens(int next) {
            depth = next;
        }

        /** The state; 0 where none is known. */
        int state() {
            return Math.max(0, state);
        }

        int hard() {
            return hard;
        }

        int depth() {
            return depth;
        }
    }

    PastStates(SqlSession session, ImportedRows rows) throws HistoryException {
        this.session = session;
        this.rows = rows;
        String least = session.run(connection -> SqlSession.rows(connection, "SELECT MIN(timestamp) FROM report_data")
                .get(0)
                .get(0));
        this.oldest = least.isEmpty() ? Long.MAX_VALUE : Long.parseLong(least);
    }

    /** What was told of an object before this second. */
    Past of(MonitoredObject object, long seconds) throws HistoryException {
        Past known = past.get(object);
        if (known != null) {
            return known;
        }
        Past found = new Past();
        if (forgot) {
            rows.flush();
        }
        if (forgot || seconds > oldest) {
            look(object, seconds, found);
        }
        past.put(object, found);
        if (past.size() > MOST) {
            past.remove(past.keySet().iterator().next());
            forgot = true;
        }
        return found;
    }

    private void look(MonitoredObject object, long seconds, Past into) throws HistoryException {
        List<String> state =
                newest(object, seconds, "= " + (object.isHost() ? RowMaker.HOST_CHECK : RowMaker.SERVICE_CHECK));
        if (!state.isEmpty()) {
            into.becomes(Integer.parseInt(state.get(0)), Integer.parseInt(state.get(1)));
        }
        List<String> downtime =
                newest(object, seconds, "IN (" + RowMaker.DOWNTIME_START + ", " + RowMaker.DOWNTIME_STOP + ")");
        if (!downtime.isEmpty()) {
            into.deepens(Integer.parseInt(downtime.get(2)));
        }
    }

    private List<String> newest(MonitoredObject object, long seconds, String types) throws HistoryException {
        String sql =
                "SELECT state, hard, downtime_depth FROM report_data WHERE host_name = ? AND service_description = ?"
                        + " AND event_type " + types + " AND timestamp < ? ORDER BY timestamp DESC, id DESC LIMIT 1";
        List<List<String>> found =
                session.run(connection -> SqlSession.rows(connection, sql, object.host(), object.service(), seconds));
        return found.isEmpty() ? List.of() : found.get(0);
    }
}
