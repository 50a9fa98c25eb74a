package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.merlin.daemon.sink.HistoryException;

/** Whether a database is as the writer needs it: schema, character sets, flush settings, clock, its place in a cluster. */
public final class SqlCheck {
    private final SqlSession session;
    private final LongSupplier wallMicros;
    private final List<Finding> findings = new ArrayList<>();

    /** How bad it is. */
    public enum Severity {
        OK,
        WARNING,
        CRITICAL
    }

    /** One thing that was looked at, with what to do. */
    public record Finding(Severity severity, String what) {}

    /** A table; rows are the server's own estimate, bytes include indexes and are 0 where it does not say. */
    public record Size(String table, long rows, long bytes) {}

    /**
     * All of it.
     *
     * @param schema version of the database's tables; empty if there are none
     * @param release the newest that this release knows
     */
    public record Report(
            String database, String schema, String release, long bytes, List<Finding> findings, List<Size> tables) {
        /** The worst finding. */
        public Severity worst() {
            return findings.stream()
                    .map(Finding::severity)
                    .max(Comparator.naturalOrder())
                    .orElse(Severity.OK);
        }
    }

    private SqlCheck(SqlSession session, LongSupplier wallMicros) {
        this.session = session;
        this.wallMicros = wallMicros;
    }

    /**
     * Looks; changes nothing.
     *
     * @param wallMicros this machine's clock, microseconds since 1970
     */
    public static Report of(SqlSession session, LongSupplier wallMicros) throws HistoryException {
        return new SqlCheck(session, wallMicros).look();
    }

    /** The report about a database that cannot be reached. */
    public static Report unreachable(String database, String why) {
        return new Report(database, "", "", 0, List.of(new Finding(Severity.CRITICAL, why)), List.of());
    }

    private Report look() throws HistoryException {
        SqlServer.Schema schema = session.schema();
        Map<String, Set<String>> there = session.run(SqlCheck::columns);
        version(schema, there);
        if (!schema.version().isEmpty()) {
            missing(there);
            if (there.containsKey("sink_fence")) {
                session.run(this::writable);
            }
        }
        session.run(this::clock);
        if (!session.isEmbedded()) {
            session.run(this::server);
        }
        List<Size> sizes = session.run(this::sizes);
        long bytes = session.isEmbedded()
                ? session.fileBytes()
                : sizes.stream().mapToLong(Size::bytes).sum();
        return new Report(session.database(), schema.version(), schema.release(), bytes, List.copyOf(findings), sizes);
    }

    private Void found(Severity severity, String what) {
        findings.add(new Finding(severity, what));
        return null;
    }

    private void version(SqlServer.Schema schema, Map<String, Set<String>> there) {
        if (schema.version().isEmpty()) {
            found(
                    Severity.CRITICAL,
                    there.isEmpty()
                            ? "no tables yet: merlind makes them at its next start, 'mon db migrate' at once"
                            : "holds tables of another program, of the C original perhaps (" + there.size()
                                    + ", one is " + there.keySet().iterator().next()
                                    + "): give Merlin an empty database; 'mon db import' takes over what is in the old one");
        } else if (schema.isNewer()) {
            found(
                    Severity.CRITICAL,
                    "schema " + schema.version() + " is of a newer release; this one knows " + schema.release()
                            + ": install that release here, too");
        } else if (schema.missing() > 0) {
            found(
                    Severity.CRITICAL,
                    "schema " + schema.version() + " is older than this release's " + schema.release()
                            + ": mon db migrate");
        } else {
            found(Severity.OK, "schema " + schema.version() + ", as this release has it");
        }
    }

    private static Map<String, Set<String>> columns(Connection connection) throws SQLException {
        Map<String, Set<String>> columns = new HashMap<>();
        for (List<String> row : SqlSession.rows(
                connection,
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = SCHEMA()")) {
            columns.computeIfAbsent(row.get(0).toLowerCase(Locale.ROOT), any -> new HashSet<>())
                    .add(row.get(1).toLowerCase(Locale.ROOT));
        }
        return columns;
    }

    private void missing(Map<String, Set<String>> there) {
        List<String> missing = new ArrayList<>();
        Columns.all().forEach((table, columns) -> {
            if (!there.containsKey(table)) {
                missing.add("table " + table);
                return;
            }
            columns.stream()
                    .filter(column -> !there.get(table).contains(column))
                    .map(column -> "column " + table + "." + column)
                    .forEach(missing::add);
        });
        missing.forEach(what -> found(
                Severity.CRITICAL,
                what + " is missing: somebody removed it; restore it from a backup, or begin with an empty database"));
        if (missing.isEmpty()) {
            found(Severity.OK, "all tables and columns are there");
        }
    }

    /** Tries as the writer does: a user without rights, a server that is read-only and a full one say so. */
    private Void writable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE sink_fence SET n = n WHERE slot = -1");
            return found(Severity.OK, "takes writes");
        } catch (SQLException e) {
            return found(
                    Severity.CRITICAL, "takes no writes: " + SqlTrouble.of(e).getMessage());
        }
    }

    private Void clock(Connection connection) throws SQLException {
        findings.add(ServerCheck.clock(connection, session.isEmbedded(), wallMicros));
        return null;
    }

    private Void server(Connection connection) throws SQLException {
        characterSets(connection);
        findings.addAll(ServerCheck.settings(connection));
        return null;
    }

    private void characterSets(Connection connection) throws SQLException {
        String narrow = SqlSession.rows(
                        connection,
                        "SELECT table_name, column_name, character_set_name FROM information_schema.columns"
                                + " WHERE table_schema = SCHEMA() AND character_set_name IS NOT NULL"
                                + " AND character_set_name <> 'utf8mb4' ORDER BY table_name, column_name")
                .stream()
                .filter(row -> Columns.all().containsKey(row.get(0)))
                .map(row -> row.get(0) + "." + row.get(1) + " is " + row.get(2))
                .collect(Collectors.joining(", "));
        if (narrow.isEmpty()) {
            found(Severity.OK, "all text is utf8mb4");
        } else {
            found(
                    Severity.CRITICAL,
                    "not utf8mb4, so that some text is not taken: " + narrow
                            + "; ALTER TABLE ... CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        }
    }

    private List<Size> sizes(Connection connection) throws SQLException {
        String sql = session.isEmbedded()
                ? "SELECT table_name, row_count_estimate, 0 FROM information_schema.tables WHERE table_schema = SCHEMA()"
                : "SELECT table_name, table_rows, COALESCE(data_length, 0) + COALESCE(index_length, 0)"
                        + " FROM information_schema.tables WHERE table_schema = SCHEMA() AND table_type = 'BASE TABLE'";
        return SqlSession.rows(connection, sql).stream()
                .filter(row -> Columns.all().containsKey(row.get(0)))
                .map(row -> new Size(row.get(0), number(row.get(1)), number(row.get(2))))
                .sorted(Comparator.comparing(Size::table))
                .toList();
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
