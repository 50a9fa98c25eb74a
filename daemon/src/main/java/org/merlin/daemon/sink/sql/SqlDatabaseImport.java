package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;

/**
 * Takes over {@code report_data} and {@code notification} of the C original's database, 5,000 rows at a time in the order of their
 * numbers. A row is named by its number there; how far it came is written with the rows, so that it goes on where it was ended, and a
 * second time brings only what is new. Columns that an old schema lacks are 0 or empty. Confined to one thread.
 */
public final class SqlDatabaseImport {
    private static final int AT_ONCE = 5_000;
    private static final int MOST_NAME = 255;
    private static final int TIMEOUT_MILLIS = 600_000;
    private static final long MICROS = 1_000_000;

    private static final List<String> REPORT = List.of(
            "timestamp",
            "event_type",
            "flags",
            "attrib",
            "host_name",
            "service_description",
            "state",
            "hard",
            "retry",
            "downtime_depth",
            "output",
            "long_output");
    private static final List<String> NOTIFICATION = List.of(
            "instance_id",
            "notification_type",
            "start_time",
            "start_time_usec",
            "end_time",
            "end_time_usec",
            "contact_name",
            "host_name",
            "service_description",
            "command_name",
            "reason_type",
            "state",
            "output",
            "ack_author",
            "ack_data",
            "escalated",
            "contacts_notified");

    /** Columns of text; those that name something are bounded. */
    private static final Set<String> NAMES =
            Set.of("host_name", "service_description", "contact_name", "command_name", "ack_author");

    private static final Set<String> TEXTS = Set.of("output", "long_output", "ack_data");

    private final SqlSession session;
    private final Connection from;
    private final String name;

    /**
     * Where the old database is.
     *
     * @param url of JDBC
     * @param name tells several old databases apart; empty for the only one
     */
    public record Source(String url, String user, String password, String name) {
        /** Without parameters and password. */
        @Override
        public String toString() {
            return url.replaceAll("[?;].*", "");
        }
    }

    /** What came of a table: rows read now, how many of these are new. */
    public record Result(String table, long read, long fresh) {}

    private SqlDatabaseImport(SqlSession session, Connection from, String name) {
        this.session = session;
        this.from = from;
        this.name = name;
    }

    /**
     * Copies what was not copied yet.
     *
     * @throws HistoryException if either database does not do its part; what was written is kept, and the next call goes on there
     */
    public static List<Result> run(SqlSession session, Source source) throws HistoryException {
        try (Connection from = connect(source)) {
            SqlDatabaseImport copier = new SqlDatabaseImport(session, from, source.name());
            return List.of(copier.copy("report_data", REPORT), copier.copy("notification", NOTIFICATION));
        } catch (SQLException e) {
            throw new HistoryException(
                    HistoryException.Kind.AWAY,
                    source + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("it fails"),
                    e);
        }
    }

    private static Connection connect(Source source) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", source.user());
        login.setProperty("password", source.password());
        if (source.url().startsWith("jdbc:mariadb:")) {
            login.setProperty("connectTimeout", "10000");
            login.setProperty("socketTimeout", String.valueOf(TIMEOUT_MILLIS));
        }
        Connection connection = DriverManager.getConnection(source.url(), login);
        connection.setAutoCommit(true); // each part is read by itself: the old writer waits for nothing
        return connection;
    }

    private Result copy(String table, List<String> wanted) throws SQLException, HistoryException {
        Set<String> there = columns(table);
        if (!there.containsAll(List.of("id", "host_name", "service_description"))) {
            throw new SQLException("its table " + table
                    + " has no id, host_name and service_description: this is not a database of the C original");
        }
        ImportedRows rows = new ImportedRows(session, ("imported " + name).strip() + " " + table);
        int target = rows.table(table, columnsOf(table, wanted));
        long last = rows.progress().orElse(Long.MIN_VALUE);
        long read = 0;
        while (true) {
            List<Map<String, Object>> part = read(table, wanted, there, last);
            for (Map<String, Object> row : part) {
                last = (long) row.get("id");
                rows.add(target, values(table, wanted, row));
                rows.reach(last);
            }
            rows.flush();
            read += part.size();
            if (part.size() < AT_ONCE) {
                return new Result(table, read, rows.fresh());
            }
        }
    }

    private Set<String> columns(String table) throws SQLException {
        try (PreparedStatement statement = from.prepareStatement("SELECT * FROM " + table + " WHERE 1 = 0");
                ResultSet none = statement.executeQuery()) {
            Set<String> columns = new HashSet<>();
            ResultSetMetaData found = none.getMetaData();
            for (int i = 1; i <= found.getColumnCount(); i++) {
                columns.add(found.getColumnLabel(i).toLowerCase(Locale.ROOT));
            }
            return columns;
        }
    }

    private List<Map<String, Object>> read(String table, List<String> wanted, Set<String> there, long after)
            throws SQLException {
        List<String> columns = new ArrayList<>(wanted);
        columns.retainAll(there);
        try (PreparedStatement statement = from.prepareStatement("SELECT id, " + String.join(", ", columns) + " FROM "
                + table + " WHERE id > ? ORDER BY id LIMIT " + AT_ONCE)) {
            statement.setLong(1, after);
            try (ResultSet found = statement.executeQuery()) {
                List<Map<String, Object>> rows = new ArrayList<>();
                while (found.next()) {
                    Map<String, Object> row = new HashMap<>();
                    row.put("id", found.getLong("id"));
                    for (String column : columns) {
                        row.put(column, value(found, column));
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }

    private static Object value(ResultSet found, String column) throws SQLException {
        if (!NAMES.contains(column) && !TEXTS.contains(column)) {
            return found.getLong(column);
        }
        String text = found.getString(column);
        String given = text == null ? "" : text;
        return NAMES.contains(column) && given.length() > MOST_NAME ? given.substring(0, MOST_NAME) : given;
    }

    private List<String> columnsOf(String table, List<String> wanted) {
        List<String> columns = new ArrayList<>(List.of("origin", "epoch", "sequence"));
        if (table.equals("report_data")) {
            columns.addAll(List.of("part", "happened"));
        }
        columns.addAll(wanted);
        return columns;
    }

    private Object[] values(String table, List<String> wanted, Map<String, Object> row) {
        List<Object> values = new ArrayList<>(
                List.of(ImportedRows.origin(("imported " + name).strip()), ImportedRows.EPOCH, row.get("id")));
        if (table.equals("report_data")) {
            values.add(0);
            values.add(RowMaker.time((long) row.getOrDefault("timestamp", 0L) * MICROS));
        }
        wanted.forEach(column -> values.add(row.getOrDefault(
                column, NAMES.contains(column) || TEXTS.contains(column) ? "" : (Object) defaultOf(column))));
        return values.toArray();
    }

    private static long defaultOf(String column) {
        return column.equals("contacts_notified") ? 1 : 0;
    }
}
