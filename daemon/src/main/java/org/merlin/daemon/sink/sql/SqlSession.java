package org.merlin.daemon.sink.sql;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.protocol.conf.MerlinConf;

/**
 * A command's own connection with the database of merlin.conf. It works beside the writer, whose lease it neither needs nor takes, and
 * is patient: a statement may take ten minutes. Confined to one thread.
 */
public final class SqlSession implements AutoCloseable {
    private static final int PATIENCE_MILLIS = (int) TimeUnit.MINUTES.toMillis(10);
    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 100;

    private final MerlinConf.Database conf;
    private final Path folder;
    private final SqlServer server;
    private Optional<Connection> open;

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private SqlSession(MerlinConf.Database conf, Path folder, SqlServer server, Connection connection) {
        this.conf = conf;
        this.folder = folder;
        this.server = server;
        this.open = Optional.of(connection);
    }

    /**
     * Connects with a database that is there, whatever its schema.
     *
     * @param folder where an embedded database lies
     * @param names finds the servers' addresses
     * @throws HistoryException if it cannot be reached, or there is no embedded one yet
     */
    public static SqlSession open(MerlinConf.Database conf, Path folder, HostNames names) throws HistoryException {
        if (isEmbedded(conf) && !file(folder).exists()) {
            throw new HistoryException(
                    HistoryException.Kind.AWAY,
                    "there is no " + file(folder)
                            + " yet: merlind makes it at its first start, 'mon db migrate' at once",
                    null);
        }
        return create(conf, folder, names);
    }

    /** The same; an embedded database is made where there is none. */
    public static SqlSession create(MerlinConf.Database conf, Path folder, HostNames names) throws HistoryException {
        SqlServer server = SqlServer.open(conf, folder, Addresses.of(conf, names));
        try {
            return new SqlSession(conf, folder, server, patient(conf, server.connect()));
        } catch (SQLException e) {
            server.close();
            throw SqlTrouble.of(e);
        }
    }

    private static boolean isEmbedded(MerlinConf.Database conf) {
        return conf.type() == MerlinConf.Database.Type.EMBEDDED;
    }

    private static File file(Path folder) {
        return folder.resolve("merlin.mv.db").toFile();
    }

    private static Connection patient(MerlinConf.Database conf, Connection connection) throws SQLException {
        if (!isEmbedded(conf)) {
            connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET SESSION idle_transaction_timeout = 0, net_write_timeout = 3600");
            }
            connection.commit();
        }
        return connection;
    }

    /** The database's name, for people. */
    public String database() {
        return conf.toString();
    }

    boolean isEmbedded() {
        return isEmbedded(conf);
    }

    /** Bytes of an embedded database. */
    long fileBytes() {
        return file(folder).length();
    }

    SqlServer server() {
        return server;
    }

    /** Does something with the connection, and commits. */
    <T> T run(Work<T> work) throws HistoryException {
        try {
            return work(work);
        } catch (SQLException e) {
            throw SqlTrouble.of(e);
        }
    }

    private <T> T work(Work<T> work) throws SQLException {
        Connection connection = open.isPresent() ? open.get() : patient(conf, server.connect());
        open = Optional.of(connection);
        try {
            T result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        }
    }

    /** The same, of what has no effect until it is committed: again after a deadlock, or a conflict with another node of the cluster. */
    <T> T insist(Work<T> work) throws HistoryException {
        for (int i = 1; ; i++) {
            try {
                return run(work);
            } catch (HistoryException e) {
                if (e.kind() != HistoryException.Kind.AGAIN || i == TRIES) {
                    throw e;
                }
                pause(PAUSE_MILLIS);
            }
        }
    }

    static void pause(long millis) throws HistoryException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HistoryException(HistoryException.Kind.AWAY, "interrupted", e);
        }
    }

    /** Rows of a query as text; null is the empty text. */
    static List<List<String>> rows(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                List<List<String>> rows = new ArrayList<>();
                int columns = found.getMetaData().getColumnCount();
                while (found.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        String value = found.getString(i);
                        row.add(value == null ? "" : value);
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }

    /**
     * Brings the schema to this release's version.
     *
     * @return how many steps that took
     * @throws HistoryException if it is a newer release's, or another program's
     */
    public int migrate() throws HistoryException {
        try {
            release();
            return server.migrate();
        } catch (SQLException e) {
            throw SqlTrouble.of(e);
        }
    }

    /** Which version of the schema is there. */
    public SqlServer.Schema schema() throws HistoryException {
        try {
            release();
            return server.schema();
        } catch (SQLException e) {
            throw SqlTrouble.of(e);
        }
    }

    /** Gives the connection back: there are two, and migrations take both. */
    private void release() throws SQLException {
        if (open.isPresent()) {
            open.get().close();
            open = Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            release();
        } catch (SQLException e) {
            // it was broken
        }
        server.close();
    }
}
