package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;

/**
 * Removes history that is older than wanted, a piece at a time, each in a transaction of its own: at most 5,000 rows, found by an index
 * on their time and removed by primary key, so that nobody waits for it. Of {@code report_data} the last row of each object and kind of
 * event stays, however old: it says what has been so ever since. Confined to one thread.
 */
public final class SqlPurge {
    private static final int PIECE = 5_000;

    /** In the order in which they are done. */
    private static final List<Old> TABLES = List.of(
            new Old("report_data", "timestamp", false, List.of("id")),
            new Old("notification", "start_time", false, List.of("id")),
            new Old("perfdata", "timestamp", false, List.of("origin", "epoch", "sequence")),
            new Old("node_history", "happened", true, List.of("node", "happened", "state")),
            new Old("deleted", "deleted_at", true, List.of("kind", "origin", "epoch", "sequence")));

    /** Old rows from a place on; the last column says whether a later one of its kind follows. */
    private static final String OLD_REPORTS =
            "SELECT r.timestamp, r.id, CASE WHEN r.id = (SELECT n.id FROM report_data n"
                    + " WHERE n.host_name = r.host_name AND n.service_description = r.service_description"
                    + " AND n.event_type = r.event_type ORDER BY n.timestamp DESC, n.id DESC LIMIT 1) THEN 1 ELSE 0 END"
                    + " FROM report_data r WHERE r.timestamp < ? AND r.timestamp >= ? AND (r.timestamp > ? OR r.id > ?)"
                    + " ORDER BY r.timestamp, r.id LIMIT " + PIECE;

    private final boolean dry;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private int table;
    private long passedTime = Long.MIN_VALUE;
    private long passedId = Long.MIN_VALUE;

    /** A table, its time, whether that is a date or seconds, and what names a row. */
    private record Old(String title, String time, boolean isDate, List<String> key) {
        Object before(long seconds) {
            return isDate ? RowMaker.ofSeconds(seconds) : seconds;
        }

        String removal() {
            return "DELETE FROM " + title + " WHERE "
                    + key.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND "));
        }
    }

    /**
     * Makes one.
     *
     * @param dry whether it counts only
     */
    public SqlPurge(boolean dry) {
        this.dry = dry;
        TABLES.forEach(old -> counts.put(old.title(), 0L));
    }

    /** Removes all there is, in as many pieces as that takes. */
    public static Map<String, Long> all(SqlSession session, long beforeSeconds, boolean dry) throws HistoryException {
        SqlPurge purge = new SqlPurge(dry);
        while (session.insist(connection -> purge.step(connection, beforeSeconds))) {}
        return purge.counts();
    }

    /** How many rows were removed of each table since this was made. */
    public Map<String, Long> counts() {
        return new LinkedHashMap<>(counts);
    }

    /**
     * Does the next piece, and commits. After an error nothing of it counts, and the same may be tried again.
     *
     * @param beforeSeconds since 1970; what happened then or later stays
     * @return whether there is more to do now; if not, the next call begins anew
     */
    public boolean step(Connection connection, long beforeSeconds) throws SQLException {
        try {
            return step(connection, TABLES.get(table), beforeSeconds);
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private boolean step(Connection connection, Old old, long beforeSeconds) throws SQLException {
        boolean more = old.title().equals("report_data")
                ? reports(connection, old, beforeSeconds)
                : dry ? count(connection, old, beforeSeconds) : rows(connection, old, beforeSeconds);
        if (!more) {
            table = (table + 1) % TABLES.size();
            passedTime = Long.MIN_VALUE;
            passedId = Long.MIN_VALUE;
        }
        return more || table > 0;
    }

    private boolean reports(Connection connection, Old old, long beforeSeconds) throws SQLException {
        List<Object[]> doomed = new ArrayList<>();
        long time = passedTime;
        long id = passedId;
        int seen = 0;
        try (PreparedStatement statement = connection.prepareStatement(OLD_REPORTS)) {
            statement.setLong(1, beforeSeconds);
            statement.setLong(2, passedTime);
            statement.setLong(3, passedTime);
            statement.setLong(4, passedId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    seen++;
                    time = rows.getLong(1);
                    id = rows.getLong(2);
                    if (rows.getInt(3) == 0) {
                        doomed.add(new Object[] {id});
                    }
                }
            }
        }
        remove(connection, old, doomed);
        passedTime = time;
        passedId = id;
        return seen == PIECE;
    }

    private boolean rows(Connection connection, Old old, long beforeSeconds) throws SQLException {
        List<Object[]> doomed = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + String.join(", ", old.key()) + " FROM " + old.title()
                        + " WHERE " + old.time() + " < ? ORDER BY " + old.time() + " LIMIT " + PIECE)) {
            statement.setObject(1, old.before(beforeSeconds));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Object[] key = new Object[old.key().size()];
                    for (int i = 0; i < key.length; i++) {
                        key[i] = rows.getObject(i + 1);
                    }
                    doomed.add(key);
                }
            }
        }
        remove(connection, old, doomed);
        return doomed.size() == PIECE;
    }

    private void remove(Connection connection, Old old, List<Object[]> keys) throws SQLException {
        if (!dry && !keys.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(old.removal())) {
                for (Object[] key : keys) {
                    for (int i = 0; i < key.length; i++) {
                        statement.setObject(i + 1, key[i]);
                    }
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        }
        connection.commit();
        counts.merge(old.title(), (long) keys.size(), Long::sum);
    }

    private boolean count(Connection connection, Old old, long beforeSeconds) throws SQLException {
        String sql = "SELECT COUNT(*) FROM " + old.title() + " WHERE " + old.time() + " < ?";
        String rows = SqlSession.rows(connection, sql, old.before(beforeSeconds))
                .get(0)
                .get(0);
        connection.commit();
        counts.put(old.title(), Long.parseLong(rows));
        return false;
    }
}
