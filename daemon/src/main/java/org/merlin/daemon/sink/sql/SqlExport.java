package org.merlin.daemon.sink.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;

/** Reads a table from its first row to its last, a thousand rows in memory at most. */
public final class SqlExport {
    private static final int AT_ONCE = 1_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

    /** Columns that hold a row's time: seconds since 1970. */
    private static final Map<String, String> SECONDS =
            Map.of("report_data", "timestamp", "notification", "start_time", "perfdata", "timestamp");

    /** The same where it is a date. */
    private static final Map<String, String> DATES = Map.of(
            "object_state", "last_check",
            "comment", "entry_time",
            "downtime", "start_time",
            "acknowledgement", "entry_time",
            "deleted", "deleted_at",
            "program_status", "updated",
            "node_history", "happened",
            "oconf_generation", "since");

    /** Where rows go. */
    public interface Rows {
        /** Names of the columns; told first. */
        void begin(List<String> columns) throws IOException;

        /** One row: numbers, texts, times as text in UTC; null where there is none. */
        void row(List<Object> values) throws IOException;
    }

    private SqlExport() {}

    /** Tables that can be read. */
    public static List<String> tables() {
        return List.copyOf(Columns.all().keySet());
    }

    /** Whether rows of a table have a time. */
    public static boolean hasTime(String table) {
        return SECONDS.containsKey(table) || DATES.containsKey(table);
    }

    /**
     * Reads.
     *
     * @param table one of {@link #tables}
     * @param from seconds since 1970, inclusive; only with a table that has a time
     * @param to the same, exclusive
     * @return how many rows there were
     */
    public static long read(SqlSession session, String table, OptionalLong from, OptionalLong to, Rows rows)
            throws HistoryException, IOException {
        try {
            return session.run(connection -> read(connection, session.isEmbedded(), table, from, to, rows));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long read(
            Connection connection, boolean embedded, String table, OptionalLong from, OptionalLong to, Rows rows)
            throws SQLException {
        if (embedded) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LAZY_QUERY_EXECUTION 1");
            }
        }
        List<Object> values = new ArrayList<>();
        String sql = sql(table, from, to, values);
        try (PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(AT_ONCE);
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            try (ResultSet found = statement.executeQuery()) {
                return copy(found, rows);
            }
        }
    }

    private static String sql(String table, OptionalLong from, OptionalLong to, List<Object> values) {
        String time = Optional.ofNullable(SECONDS.get(table)).orElseGet(() -> DATES.getOrDefault(table, ""));
        List<String> conditions = new ArrayList<>();
        from.ifPresent(seconds -> {
            conditions.add(time + " >= ?");
            values.add(value(table, seconds));
        });
        to.ifPresent(seconds -> {
            conditions.add(time + " < ?");
            values.add(value(table, seconds));
        });
        return "SELECT * FROM " + table + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + (SECONDS.containsKey(table) ? " ORDER BY " + time : "");
    }

    private static Object value(String table, long seconds) {
        return DATES.containsKey(table) ? RowMaker.ofSeconds(seconds) : seconds;
    }

    private static long copy(ResultSet found, Rows rows) throws SQLException {
        ResultSetMetaData columns = found.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
        long count = 0;
        try {
            rows.begin(names);
            while (found.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= names.size(); i++) {
                    row.add(value(found, columns.getColumnType(i), i));
                }
                rows.row(row);
                count++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    /** A value as people and programs read it: number, text, time as text in UTC; null where there is none. */
    static Object value(ResultSet found, int type, int column) throws SQLException {
        return switch (type) {
            case Types.DECIMAL, Types.NUMERIC -> {
                BigDecimal number = found.getBigDecimal(column);
                yield number == null ? null : number.scale() <= 0 ? (Object) number.longValue() : number.doubleValue();
            }
            case Types.TIMESTAMP -> {
                LocalDateTime time = found.getObject(column, LocalDateTime.class);
                yield time == null ? null : TIME.format(time);
            }
            case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.DOUBLE -> found.getObject(column);
            default -> found.getString(column);
        };
    }
}
