package org.merlin.daemon.sink.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.daemon.sink.HistoryException;

/** How much a database holds. */
public final class SqlSize {
    private SqlSize() {}

    /** Refuses a database that has a history already. */
    public static void requireEmpty(SqlSession session) throws HistoryException {
        boolean empty = session.run(connection -> SqlSession.rows(connection, "SELECT id FROM report_data LIMIT 1")
                .isEmpty());
        if (!empty) {
            throw new HistoryException(
                    HistoryException.Kind.ROWS, "the database has a history already: give an empty one", null);
        }
    }

    /** Bytes on disk: of each larger table, its rows and its indexes, as the server says; of an embedded database its file's. */
    public static Map<String, Long> bytes(SqlSession session) throws HistoryException {
        Map<String, Long> bytes = new LinkedHashMap<>();
        if (session.isEmbedded()) {
            session.run(connection -> connection.createStatement().execute("CHECKPOINT SYNC"));
            bytes.put("file", session.fileBytes());
            return bytes;
        }
        List<List<String>> rows = session.run(
                connection -> SqlSession.rows(
                        connection,
                        "SELECT table_name, data_length, index_length FROM information_schema.tables"
                                + " WHERE table_schema = DATABASE() AND data_length + index_length > 1048576 ORDER BY table_name"));
        for (List<String> row : rows) {
            bytes.put(row.get(0) + " rows", Long.parseLong(row.get(1)));
            bytes.put(row.get(0) + " indexes", Long.parseLong(row.get(2)));
        }
        return bytes;
    }
}
