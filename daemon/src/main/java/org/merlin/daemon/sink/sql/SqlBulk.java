package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.Table;

/** Many rows for an empty database, with no regard to writers: nothing but a measurement needs it. Confined to one thread. */
public final class SqlBulk {
    private static final int A_STATEMENT = 200;
    private static final int A_TRANSACTION = 10_000;

    private final SqlSession session;
    private final Map<Table, List<Object[]>> waiting = new EnumMap<>(Table.class);
    private final Map<Table, Long> counts = new EnumMap<>(Table.class);
    private int rows;

    /** Writes by this session. */
    public SqlBulk(SqlSession session) {
        this.session = session;
    }

    /** Takes a row, with a value for each column of its table; it is written with many others. */
    public void add(Table table, Object... row) throws HistoryException {
        waiting.computeIfAbsent(table, any -> new ArrayList<>()).add(row);
        counts.merge(table, 1L, Long::sum);
        if (++rows >= A_TRANSACTION) {
            flush();
        }
    }

    /** Writes what waits, in one transaction. */
    public void flush() throws HistoryException {
        session.insist(connection -> {
            for (Map.Entry<Table, List<Object[]>> some : waiting.entrySet()) {
                insert(connection, some.getKey(), some.getValue());
            }
            return null;
        });
        waiting.clear();
        rows = 0;
    }

    /** Rows that were taken. */
    public Map<Table, Long> counts() {
        return Collections.unmodifiableMap(counts);
    }

    private static void insert(Connection connection, Table table, List<Object[]> all) throws SQLException {
        int whole = all.size() / A_STATEMENT * A_STATEMENT;
        if (whole > 0) {
            insert(connection, table, all.subList(0, whole), A_STATEMENT);
        }
        if (whole < all.size()) {
            insert(connection, table, all.subList(whole, all.size()), all.size() - whole);
        }
    }

    private static void insert(Connection connection, Table table, List<Object[]> all, int atOnce) throws SQLException {
        String row = "(" + String.join(", ", Collections.nCopies(table.columns().size(), "?")) + ")";
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table.title() + " ("
                + String.join(", ", table.columns()) + ") VALUES "
                + String.join(", ", Collections.nCopies(atOnce, row)))) {
            int parameter = 1;
            for (int i = 0; i < all.size(); i++) {
                for (Object value : all.get(i)) {
                    statement.setObject(parameter++, value);
                }
                if ((i + 1) % atOnce == 0) {
                    statement.executeUpdate();
                    parameter = 1;
                }
            }
        }
    }

    /** Has the server look anew at what the tables hold, so that its plans are those of a database of some age. */
    public void analyze() throws HistoryException {
        session.run(connection -> {
            for (Table table : counts.keySet()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("ANALYZE TABLE " + table.title());
                }
            }
            return null;
        });
    }
}
