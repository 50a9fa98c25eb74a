package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.merlin.daemon.sink.Table;

/**
 * The statements that put many rows into a table, whatever is there. H2 takes MariaDB's, but throws and catches an exception for each row
 * that is there already: where that is the rule it gets a MERGE, whose parameters need types. Confined to one thread.
 */
final class Upserts {
    private final Connection connection;
    private final boolean merges;
    private final Map<Table, Map<String, String>> types = new HashMap<>();

    Upserts(Connection connection) throws SQLException {
        this.connection = connection;
        this.merges = connection.getMetaData().getDatabaseProductName().equals("H2");
    }

    String of(Table table, int rows) throws SQLException {
        return merges && table.clash() != Table.Clash.KEEP ? merge(table, rows) : insert(table, rows);
    }

    private static String insert(Table table, int rows) {
        String row = table.columns().stream().map(any -> "?").collect(Collectors.joining(", ", "(", ")"));
        return "INSERT INTO " + table.title() + " (" + String.join(", ", table.columns()) + ") VALUES "
                + times(rows, row, ", ") + " ON DUPLICATE KEY UPDATE " + onClash(table);
    }

    private static String onClash(Table table) {
        String first = table.columns().get(0);
        return switch (table.clash()) {
            case KEEP -> first + " = " + table.title() + "." + first;
            case REPLACE ->
                values(table).stream()
                        .map(column -> column + " = VALUES(" + column + ")")
                        .collect(Collectors.joining(", "));
            case NEWER ->
                // revision is the last column, and changes last: the ones before compare with the row that is there
                values(table).stream()
                        .map(column -> column + " = CASE WHEN VALUES(revision) >= " + table.title()
                                + ".revision THEN VALUES(" + column + ") ELSE " + table.title() + "." + column + " END")
                        .collect(Collectors.joining(", "));
        };
    }

    private static List<String> values(Table table) {
        return table.columns().subList(table.keys(), table.columns().size());
    }

    private String merge(Table table, int rows) throws SQLException {
        Map<String, String> typesHere = typesOf(table);
        String row = table.columns().stream()
                .map(column -> "CAST(? AS " + typesHere.get(column) + ")")
                .collect(Collectors.joining(", ", "(", ")"));
        String same = table.columns().subList(0, table.keys()).stream()
                .map(column -> "t." + column + " = s." + column)
                .collect(Collectors.joining(" AND "));
        String set =
                values(table).stream().map(column -> column + " = s." + column).collect(Collectors.joining(", "));
        return "MERGE INTO " + table.title() + " t USING (VALUES " + times(rows, row, ", ") + ") s("
                + String.join(", ", table.columns()) + ") ON " + same + " WHEN MATCHED"
                + (table.clash() == Table.Clash.NEWER ? " AND s.revision >= t.revision" : "") + " THEN UPDATE SET "
                + set
                + " WHEN NOT MATCHED THEN INSERT (" + String.join(", ", table.columns()) + ") VALUES ("
                + table.columns().stream().map(column -> "s." + column).collect(Collectors.joining(", ")) + ")";
    }

    private static String times(int rows, String text, String between) {
        return IntStream.range(0, rows).mapToObj(i -> text).collect(Collectors.joining(between));
    }

    private Map<String, String> typesOf(Table table) throws SQLException {
        Map<String, String> known = types.get(table);
        if (known != null) {
            return known;
        }
        Map<String, String> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ?")) {
            statement.setString(1, table.title());
            try (ResultSet columns = statement.executeQuery()) {
                while (columns.next()) {
                    String type = columns.getString(2);
                    found.put(columns.getString(1), type.equals("TIMESTAMP") ? "TIMESTAMP(6)" : type);
                }
            }
        }
        types.put(table, found);
        return found;
    }
}
