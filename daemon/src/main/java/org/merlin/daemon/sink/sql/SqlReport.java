package org.merlin.daemon.sink.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.merlin.daemon.sink.HistoryException;

/**
 * A documented query of the history or the current state, as its resource {@code NAME.sql} in {@code org/merlin/daemon/sink/report} says:
 * SQL that MariaDB and H2 both understand, with parameters such as {@code :from}.
 */
public enum SqlReport {
    /** {@code host} or {@code *}, {@code from}, {@code to}. */
    AVAILABILITY("availability"),
    /** {@code from}, {@code to}, {@code limit}. */
    TOP_ALERTS("top-alerts"),
    /** {@code contact}, {@code from}, {@code to}, {@code limit}. */
    NOTIFICATIONS_OF_CONTACT("notifications-of-contact"),
    /** {@code host}, {@code service} or {@code *}, {@code from}, {@code to}, {@code limit}. */
    NOTIFICATIONS_OF_OBJECT("notifications-of-object"),
    /** Nothing. */
    PROBLEMS("problems");

    private static final String FOLDER = "/org/merlin/daemon/sink/report/";
    private static final Pattern PARAMETER = Pattern.compile(":([a-z]+)");

    private final String title;
    private final String text;

    SqlReport(String title) {
        this.title = title;
        this.text = read(FOLDER + title + ".sql");
    }

    /**
     * What a query found.
     *
     * @param rows values in the order of the columns: numbers, texts, times as text in UTC; null where there is none
     */
    public record Found(List<String> columns, List<List<Object>> rows) {}

    /**
     * What the server is going to read of a table.
     *
     * @param access {@code ALL} for all of it
     * @param key the index; empty if none
     */
    public record Step(String table, String access, String key, long rows, String extra) {}

    private static String read(String resource) {
        try (InputStream in = SqlReport.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its name, which is its file's. */
    public String title() {
        return title;
    }

    /** The resource as it is, comments and all. */
    public String text() {
        return text;
    }

    /**
     * Runs it.
     *
     * @param values of all of its parameters: numbers or texts
     */
    public Found run(SqlSession session, Map<String, Object> values) throws HistoryException {
        return session.run(connection -> query(connection, "", values));
    }

    /** How the server is going to do it; only MariaDB can say. */
    public List<Step> plan(SqlSession session, Map<String, Object> values) throws HistoryException {
        Found found = session.run(connection -> query(connection, "EXPLAIN ", values));
        return found.rows().stream()
                .map(row -> new Step(
                        cell(found, row, "table"),
                        cell(found, row, "type"),
                        cell(found, row, "key"),
                        Long.parseLong("0" + cell(found, row, "rows")),
                        cell(found, row, "Extra")))
                .toList();
    }

    private static String cell(Found found, List<Object> row, String column) {
        Object value = row.get(found.columns().indexOf(column));
        return value == null ? "" : value.toString();
    }

    /** Numbers stand in the text, where the server's planner sees them; texts are given beside it. */
    private Found query(Connection connection, String before, Map<String, Object> values) throws SQLException {
        String bare =
                text.lines().filter(line -> !line.strip().startsWith("--")).reduce(before, (a, b) -> a + b + "\n");
        List<String> texts = new ArrayList<>();
        String sql = PARAMETER.matcher(bare).replaceAll(found -> {
            Object value = values.get(found.group(1));
            if (value instanceof Number number) {
                return Long.toString(number.longValue());
            }
            if (value == null) {
                throw new IllegalArgumentException(title + " lacks a value for " + found.group());
            }
            texts.add(value.toString());
            return "?";
        });
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < texts.size(); i++) {
                statement.setString(i + 1, texts.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                return found(rows);
            }
        }
    }

    private static Found found(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(meta.getColumnLabel(i));
        }
        List<List<Object>> all = new ArrayList<>();
        while (rows.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(SqlExport.value(rows, meta.getColumnType(i), i));
            }
            all.add(row);
        }
        return new Found(List.copyOf(columns), all);
    }

    /** The one of this name. */
    public static Optional<SqlReport> named(String title) {
        return Stream.of(values()).filter(report -> report.title.equals(title)).findFirst();
    }

    /** Parameters that it takes. */
    public List<String> parameters() {
        Matcher found = PARAMETER.matcher(text);
        return found.results().map(one -> one.group(1)).distinct().toList();
    }
}
