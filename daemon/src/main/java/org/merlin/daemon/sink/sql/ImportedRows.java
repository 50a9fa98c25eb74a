package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.protocol.node.Digests;
import org.merlin.protocol.node.NodeId;

/**
 * Rows of history from elsewhere, written many at a time in one transaction with how far that came. A row whose name is there is left
 * out; that no text is cut with it is up to who adds them: names fit their columns. Their epoch is 0, which no scheduler's run has. Confined to one thread.
 */
final class ImportedRows {
    static final long EPOCH = 0;
    private static final int AT_ONCE = 2_000;
    private static final int A_STATEMENT = 200;

    private final SqlSession session;
    private final String source;
    private final List<Rows> tables = new ArrayList<>();
    private long reached = Long.MIN_VALUE;
    private long fresh;
    private long known;

    /** What is to be written into one table. */
    private record Rows(String title, List<String> columns, List<Object[]> waiting) {}

    /**
     * Makes it.
     *
     * @param source under which name progress is kept
     */
    ImportedRows(SqlSession session, String source) {
        this.session = session;
        this.source = source;
    }

    /** A number for the origin of rows that no node has made. */
    static long origin(String of) {
        return NodeId.of(of).origin();
    }

    /** A positive number that stands for a text. */
    static long hash(String text) {
        return Digests.hash64(text) & Long.MAX_VALUE;
    }

    /** Takes a table, to be filled with rows of these columns. */
    int table(String title, List<String> columns) {
        tables.add(new Rows(title, List.copyOf(columns), new ArrayList<>()));
        return tables.size() - 1;
    }

    void add(int table, Object... row) throws HistoryException {
        List<Object[]> waiting = tables.get(table).waiting();
        waiting.add(row);
        if (waiting.size() >= AT_ONCE) {
            flush();
        }
    }

    /** How far the source was read; written with the rows. */
    void reach(long position) {
        reached = Math.max(reached, position);
    }

    /** How far it was before. */
    OptionalLong progress() throws HistoryException {
        List<List<String>> rows = session.run(connection ->
                SqlSession.rows(connection, "SELECT reached FROM import_progress WHERE source = ?", source));
        return rows.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(rows.get(0).get(0)));
    }

    /** Writes what waits. */
    void flush() throws HistoryException {
        long all = tables.stream().mapToLong(rows -> rows.waiting().size()).sum();
        if (all == 0 && reached == Long.MIN_VALUE) {
            return;
        }
        long added = session.insist(connection -> {
            long count = 0;
            for (Rows rows : tables) {
                count += insert(connection, rows);
            }
            if (reached != Long.MIN_VALUE) {
                progress(connection);
            }
            return count;
        });
        fresh += added;
        known += all - added;
        tables.forEach(rows -> rows.waiting().clear());
    }

    private static long insert(Connection connection, Rows rows) throws SQLException {
        long count = 0;
        for (int from = 0; from < rows.waiting().size(); from += A_STATEMENT) {
            List<Object[]> some = rows.waiting()
                    .subList(from, Math.min(from + A_STATEMENT, rows.waiting().size()));
            String row =
                    "(" + String.join(", ", Collections.nCopies(rows.columns().size(), "?")) + ")";
            try (PreparedStatement statement = connection.prepareStatement("INSERT IGNORE INTO " + rows.title() + " ("
                    + String.join(", ", rows.columns()) + ") VALUES "
                    + String.join(", ", Collections.nCopies(some.size(), row)))) {
                int parameter = 1;
                for (Object[] values : some) {
                    for (Object value : values) {
                        statement.setObject(parameter++, value);
                    }
                }
                count += statement.executeUpdate();
            }
        }
        return count;
    }

    private void progress(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO import_progress (source, reached) VALUES (?, ?)"
                        + " ON DUPLICATE KEY UPDATE reached = GREATEST(import_progress.reached, VALUES(reached))")) {
            statement.setString(1, source);
            statement.setLong(2, reached);
            statement.executeUpdate();
        }
    }

    /** Rows that were not there. */
    long fresh() {
        return fresh;
    }

    /** Rows whose names were there. */
    long known() {
        return known;
    }
}
