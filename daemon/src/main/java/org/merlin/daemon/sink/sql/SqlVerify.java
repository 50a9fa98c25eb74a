package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;

/** Whether what a database holds fits together. Reads all of it once. */
public final class SqlVerify {
    /** Clocks of nodes may differ by so much. */
    private static final long FUTURE_SECONDS = 60;

    private static final int MOST_EXAMPLES = 10;
    private static final int AT_ONCE = 1_000;

    /** Tables whose rows are of events, and their name's columns. */
    private static final Map<String, String> NAMED = new TreeMap<>(Map.of(
            "report_data", "origin, epoch, sequence, part",
            "notification", "origin, epoch, sequence",
            "perfdata", "origin, epoch, sequence"));

    private final long nowSeconds;
    private final List<Difference> differences = new ArrayList<>();

    /** Rows that do not fit, and the first of them. */
    public record Difference(String what, long rows, List<String> examples) {}

    /**
     * All of it.
     *
     * @param objects hosts and services that were compared with their history
     */
    public record Report(String database, long objects, List<Difference> differences) {}

    private SqlVerify(long nowSeconds) {
        this.nowSeconds = nowSeconds;
    }

    /** Looks; changes nothing. */
    public static Report of(SqlSession session, long nowSeconds) throws HistoryException {
        SqlVerify verify = new SqlVerify(nowSeconds);
        for (Map.Entry<String, String> table : NAMED.entrySet()) {
            session.run(connection -> verify.beyondProgress(connection, table.getKey()));
            session.run(connection -> verify.twice(connection, table.getKey(), table.getValue()));
        }
        long objects = session.run(verify::states);
        session.run(verify::future);
        return new Report(session.database(), objects, List.copyOf(verify.differences));
    }

    private void found(String what, long rows, List<String> examples) {
        if (rows > 0) {
            differences.add(new Difference(what, rows, List.copyOf(examples)));
        }
    }

    /** Progress is written with the rows it covers: no row is further. */
    private Void beyondProgress(Connection connection, String table) throws SQLException {
        long count = 0;
        List<String> examples = new ArrayList<>();
        for (List<String> run : SqlSession.rows(connection, "SELECT origin, epoch, sequence FROM sink_progress")) {
            List<String> beyond = SqlSession.rows(
                            connection,
                            "SELECT COUNT(*), COALESCE(MAX(sequence), 0) FROM " + table
                                    + " WHERE origin = ? AND epoch = ? AND sequence > ?",
                            Long.parseLong(run.get(0)),
                            Long.parseLong(run.get(1)),
                            Long.parseLong(run.get(2)))
                    .get(0);
            long rows = Long.parseLong(beyond.get(0));
            count += rows;
            if (rows > 0 && examples.size() < MOST_EXAMPLES) {
                examples.add("origin " + run.get(0) + " epoch " + run.get(1) + ": written up to " + run.get(2)
                        + ", rows up to " + beyond.get(1));
            }
        }
        found("rows of " + table + " beyond what sink_progress says was written", count, examples);
        return null;
    }

    private Void twice(Connection connection, String table, String name) throws SQLException {
        List<List<String>> twice = SqlSession.rows(
                connection,
                "SELECT " + name + ", COUNT(*) FROM " + table + " GROUP BY " + name
                        + " HAVING COUNT(*) > 1 LIMIT 1000");
        found(
                "names of events that " + table + " has more than once: its unique index was removed",
                twice.size(),
                twice.stream()
                        .limit(MOST_EXAMPLES)
                        .map(row -> String.join("/", row.subList(0, row.size() - 1)))
                        .toList());
        return null;
    }

    /** Each change of state has a row: the newest one that is not newer than the last check tells the present state. */
    private long states(Connection connection) throws SQLException {
        String newest =
                " FROM report_data n WHERE n.host_name = s.host_name AND n.service_description = s.service_description"
                        + " AND n.event_type = CASE WHEN s.service_description = '' THEN " + RowMaker.HOST_CHECK
                        + " ELSE "
                        + RowMaker.SERVICE_CHECK + " END ORDER BY n.timestamp DESC, n.id DESC LIMIT 1)";
        long objects = 0;
        long differ = 0;
        List<String> examples = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT s.host_name, s.service_description, s.state, s.last_check, (SELECT n.state" + newest
                        + ", (SELECT n.timestamp" + newest + " FROM object_state s")) {
            statement.setFetchSize(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    objects++;
                    int now = rows.getInt(3);
                    LocalDateTime checked = rows.getObject(4, LocalDateTime.class);
                    int told = rows.getInt(5);
                    long at = rows.getLong(6);
                    boolean none = rows.wasNull() || checked == null;
                    if (!none && told != now && at <= checked.toEpochSecond(ZoneOffset.UTC)) {
                        differ++;
                        if (examples.size() < MOST_EXAMPLES) {
                            examples.add(rows.getString(1)
                                    + (rows.getString(2).isEmpty() ? "" : ";" + rows.getString(2)) + ": state " + now
                                    + ", but its newest row of report_data says " + told);
                        }
                    }
                }
            }
        }
        found("hosts and services whose state is not what report_data says last", differ, examples);
        return objects;
    }

    private Void future(Connection connection) throws SQLException {
        long limit = nowSeconds + FUTURE_SECONDS;
        LocalDateTime date = RowMaker.ofSeconds(limit);
        future(connection, "report_data", "timestamp", limit);
        future(connection, "notification", "start_time", limit);
        future(connection, "perfdata", "timestamp", limit);
        future(connection, "object_state", "last_check", date);
        future(connection, "node_history", "happened", date);
        return null;
    }

    private void future(Connection connection, String table, String time, Object limit) throws SQLException {
        List<String> row = SqlSession.rows(
                        connection,
                        "SELECT COUNT(*), MAX(" + time + ") FROM " + table + " WHERE " + time + " > ?",
                        limit)
                .get(0);
        found(
                "rows of " + table + " that are to happen yet: a node's clock is wrong, or was",
                Long.parseLong(row.get(0)),
                List.of("the latest is of " + row.get(1)));
    }
}
