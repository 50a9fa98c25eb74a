package org.merlin.daemon.sink.sql;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.merlin.daemon.sink.Table;

/** Puts many rows a statement into a table, over one connection. Confined to one thread. */
final class ManyRows {
    /** Rows a statement; statements are prepared once for each of these. */
    private static final int[] ROWS = {500, 100, 20, 4, 1};

    private static final int MOST_PARAMETERS = 60_000;

    private final Connection connection;
    private final Upserts upserts;
    private final Map<Table, Map<Integer, PreparedStatement>> ofRows = new EnumMap<>(Table.class);

    ManyRows(Connection connection) throws SQLException {
        this.connection = connection;
        this.upserts = new Upserts(connection);
    }

    /** Writes rows, each with its values in the order of the table's columns. */
    void insert(Table table, Collection<Object[]> rows) throws SQLException {
        Iterator<Object[]> next = rows.iterator();
        int left = rows.size();
        while (left > 0) {
            int count = rowsAtOnce(left, table.columns().size());
            PreparedStatement statement = prepare(table, count);
            for (; left >= count; left -= count) {
                int parameter = 1;
                for (int i = 0; i < count; i++) {
                    for (Object value : next.next()) {
                        set(statement, parameter++, value);
                    }
                }
                statement.addBatch();
            }
            execute(statement);
        }
    }

    /** The driver makes the bytes of the next statement while the server works on the last one. */
    private static void execute(PreparedStatement batch) throws SQLException {
        try {
            batch.executeBatch();
        } catch (BatchUpdateException e) {
            throw e.getCause() instanceof SQLException cause ? cause : e; // which says what kind of trouble it is
        }
    }

    /** Sets a value by its own method: the driver looks for the way to write a mere object. */
    static void set(PreparedStatement statement, int parameter, Object value) throws SQLException {
        if (value instanceof String text) {
            statement.setString(parameter, text);
        } else if (value instanceof Long number) {
            statement.setLong(parameter, number);
        } else if (value instanceof Integer number) {
            statement.setInt(parameter, number);
        } else if (value instanceof Double number) {
            statement.setDouble(parameter, number);
        } else {
            statement.setObject(parameter, value);
        }
    }

    private static int rowsAtOnce(int left, int columns) {
        for (int rows : ROWS) {
            if (rows <= left && rows * columns <= MOST_PARAMETERS) {
                return rows;
            }
        }
        return 1;
    }

    private PreparedStatement prepare(Table table, int count) throws SQLException {
        Map<Integer, PreparedStatement> ofTable = ofRows.computeIfAbsent(table, any -> new HashMap<>());
        PreparedStatement statement = ofTable.get(count);
        if (statement == null) {
            statement = connection.prepareStatement(upserts.of(table, count));
            ofTable.put(count, statement);
        }
        return statement;
    }

    /** Lets go of its statements. */
    void close() {
        List<PreparedStatement> all = new ArrayList<>();
        ofRows.values().forEach(ofTable -> all.addAll(ofTable.values()));
        close(all);
        ofRows.clear();
    }

    static void close(Collection<PreparedStatement> statements) {
        for (PreparedStatement statement : statements) {
            try {
                statement.close();
            } catch (SQLException e) {
                // the connection is closed next
            }
        }
    }
}
