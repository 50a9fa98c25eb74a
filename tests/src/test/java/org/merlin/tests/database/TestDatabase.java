package org.merlin.tests.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.merlin.protocol.conf.MerlinConf;

/** A database of a test's own, as its reader sees it. */
public interface TestDatabase extends AutoCloseable {
    /** The section {@code database} that leads to it. */
    MerlinConf.Database conf();

    /** Where an embedded one lies. */
    java.nio.file.Path folder();

    String url();

    /** Rows as text, columns between bars. */
    default List<String> rows(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), conf().user(), conf().pass());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            ResultSetMetaData columns = rows.getMetaData();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                found.add(String.join("|", row));
            }
            return found;
        }
    }

    default void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), conf().user(), conf().pass());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    void close();
}
