package org.merlin.daemon.sink.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.merlin.protocol.conf.MerlinConf;

/**
 * The database as a server that one can connect with: its address, two connections, its schema. Thread-safe; each call may block for
 * as long as its time limits say.
 */
public final class SqlServer implements AutoCloseable {
    /** A connection that nothing is heard of for so long is given up. */
    private static final int SOCKET_MILLIS = 10_000;

    private static final int CONNECT_MILLIS = 3_000;
    private static final int CONNECTIONS = 2;
    private static final String HISTORY = "merlin_schema";

    private final MerlinConf.Database conf;
    private final HikariDataSource pool;

    private SqlServer(MerlinConf.Database conf, HikariDataSource pool) {
        this.conf = conf;
        this.pool = pool;
    }

    /**
     * Names the server; connects with nothing yet.
     *
     * @param folder where an embedded database lies
     * @param hosts addresses, tried in this order, each {@code host} or {@code host:port}
     */
    public static SqlServer open(MerlinConf.Database conf, Path folder, List<String> hosts) {
        HikariConfig settings = new HikariConfig();
        if (conf.type() == MerlinConf.Database.Type.EMBEDDED) {
            System.setProperty("h2.bindAddress", "127.0.0.1"); // where other processes of this machine reach it
            settings.setDriverClassName("org.h2.Driver");
            settings.setJdbcUrl("jdbc:h2:file:" + folder.toAbsolutePath().resolve("merlin")
                    + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;AUTO_SERVER=TRUE"
                    + ";NON_KEYWORDS=VALUE,KEY,TEXT");
        } else {
            settings.setDriverClassName("org.mariadb.jdbc.Driver");
            settings.setJdbcUrl(conf.url().orElseGet(() -> url(conf, hosts)));
            settings.addDataSourceProperty("connectTimeout", CONNECT_MILLIS);
            settings.addDataSourceProperty("socketTimeout", SOCKET_MILLIS);
            settings.addDataSourceProperty("useServerPrepStmts", "true");
            settings.addDataSourceProperty("tcpKeepAlive", "true");
        }
        settings.setUsername(conf.user());
        settings.setPassword(conf.pass());
        settings.setMaximumPoolSize(CONNECTIONS);
        settings.setMinimumIdle(0);
        settings.setInitializationFailTimeout(-1);
        settings.setConnectionTimeout(CONNECT_MILLIS + 1_000L);
        settings.setPoolName("merlin-database");
        settings.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new SqlServer(conf, new HikariDataSource(settings));
    }

    private static String url(MerlinConf.Database conf, List<String> hosts) {
        return "jdbc:mariadb:sequential://"
                + hosts.stream()
                        .map(host -> host.matches(".*[^:]:\\d+") ? host : host + ":" + conf.port())
                        .collect(Collectors.joining(","))
                + "/" + conf.name();
    }

    /**
     * A connection with the settings of a writer: a session that is frozen within a transaction is ended by the server well before
     * another node may take over.
     */
    public Connection connect() throws SQLException {
        Connection connection = pool.getConnection();
        try {
            connection.setAutoCommit(false);
            if (conf.type() == MerlinConf.Database.Type.MARIADB) {
                long seconds = Math.max(1, conf.failoverTimeout().toSeconds() / 3);
                execute(connection, "SET SESSION idle_transaction_timeout = " + seconds);
                execute(connection, "SET SESSION innodb_lock_wait_timeout = " + Math.max(1, seconds));
                execute(connection, "SET SESSION time_zone = '+00:00'");
                execute(
                        connection,
                        "SET SESSION wsrep_sync_wait = 1"); // reads of lease and progress wait for the cluster
                connection.commit();
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Flyway flyway() {
        boolean embedded = conf.type() == MerlinConf.Database.Type.EMBEDDED;
        return Flyway.configure(SqlServer.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:org/merlin/daemon/sink/sql")
                .table(HISTORY)
                .placeholders(Map.of(
                        "options",
                        embedded ? "" : "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
                        "longtext",
                        embedded ? "CLOB" : "MEDIUMTEXT"))
                .cleanDisabled(true)
                .load();
    }

    /**
     * Brings the schema to this release's version.
     *
     * @return how many steps that took
     * @throws SQLException if it is a newer release's, or another program's, or cannot be changed; with what to do
     */
    public int migrate() throws SQLException {
        try {
            return flyway().migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw explained(e);
        }
    }

    /** Version of the schema that is there, and the newest that this release knows; empty for none. */
    public List<String> versions() throws SQLException {
        try {
            MigrationInfoService info = flyway().info();
            MigrationInfo current = info.current();
            MigrationInfo[] all = info.all();
            return List.of(
                    current == null ? "" : current.getVersion().toString(),
                    all.length == 0 ? "" : all[all.length - 1].getVersion().toString());
        } catch (FlywayException e) {
            throw explained(e);
        }
    }

    private static SQLException explained(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new SQLException(
                message.contains("non-empty schema")
                        ? "the database holds tables of another program, of the C original perhaps: give it an empty one; "
                                + "'mon db import' takes over what is in the old one"
                        : "the schema cannot be brought up to date: " + message,
                e);
    }

    @Override
    public void close() {
        pool.close();
    }
}
