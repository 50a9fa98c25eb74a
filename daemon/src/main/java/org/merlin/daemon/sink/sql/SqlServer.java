package org.merlin.daemon.sink.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.merlin.protocol.conf.MerlinConf;

/**
 * The database as a server that one can connect with: its address, three connections, its schema. Thread-safe; each call may block for
 * as long as its time limits say.
 */
public final class SqlServer implements AutoCloseable {
    /** A connection that nothing is heard of for so long is given up. */
    private static final int SOCKET_MILLIS = 10_000;

    private static final int CONNECT_MILLIS = 3_000;
    private static final int CONNECTIONS = 3;
    private static final int ROUNDS = 2;
    private static final String HISTORY = "merlin_schema";

    private final MerlinConf.Database conf;
    private final Path folder;
    private final HikariDataSource pool;

    private SqlServer(MerlinConf.Database conf, Path folder, HikariDataSource pool) {
        this.conf = conf;
        this.folder = folder;
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
                    + ";TIME ZONE=UTC;NON_KEYWORDS=VALUE,KEY,TEXT");
        } else {
            settings.setDriverClassName("org.mariadb.jdbc.Driver");
            settings.setJdbcUrl(conf.url().orElseGet(() -> url(conf, hosts)));
            settings.addDataSourceProperty("connectTimeout", CONNECT_MILLIS);
            settings.addDataSourceProperty("socketTimeout", SOCKET_MILLIS);
            settings.addDataSourceProperty("useServerPrepStmts", "true");
            settings.addDataSourceProperty("tcpKeepAlive", "true");
            settings.addDataSourceProperty("retriesAllDown", ROUNDS); // we try again by ourselves
            settings.addDataSourceProperty("sessionVariables", session(conf));
        }
        settings.setUsername(conf.user());
        settings.setPassword(conf.pass());
        settings.setMaximumPoolSize(CONNECTIONS);
        settings.setMinimumIdle(0);
        settings.setInitializationFailTimeout(-1);
        settings.setConnectionTimeout(CONNECT_MILLIS + 1_000L);
        settings.setPoolName("merlin-database");
        settings.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new SqlServer(conf, folder, new HikariDataSource(settings));
    }

    /**
     * What holds in a writer's sessions, also in those to which the driver changes over: one that is frozen within a transaction is ended
     * by the server well before another node may take over, and reads of lease and progress wait for the cluster.
     */
    private static String session(MerlinConf.Database conf) {
        long seconds = Math.max(1, conf.failoverTimeout().toSeconds() / 3);
        return "idle_transaction_timeout=" + seconds + ",innodb_lock_wait_timeout=" + seconds
                + ",time_zone='+00:00',wsrep_sync_wait=1";
    }

    private static String url(MerlinConf.Database conf, List<String> hosts) {
        return "jdbc:mariadb:sequential://"
                + hosts.stream()
                        .map(host -> host.matches(".*[^:]:\\d+") ? host : host + ":" + conf.port())
                        .collect(Collectors.joining(","))
                + "/" + conf.name();
    }

    /** A connection. */
    public Connection connect() throws SQLException {
        makeFolder();
        Connection connection = pool.getConnection();
        try {
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** An embedded database lets in who can read its lock file, and who is in may have it run code: so its folder is its owner's alone. */
    private void makeFolder() throws SQLException {
        if (conf.type() != MerlinConf.Database.Type.EMBEDDED) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new SQLException("the folder " + folder + " cannot be made for the daemon alone: " + e, e);
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
        Schema schema = schema();
        if (schema.isNewer()) {
            throw new SQLException(
                    "the schema is version " + schema.version() + ", of a newer release than this one, which knows "
                            + schema.release() + ": install that release here, too");
        }
        try {
            Flyway flyway = flyway();
            boolean failed = Stream.of(flyway.info().all())
                    .anyMatch(step -> step.getState().isFailed());
            if (schema.missing() == 0 && !failed) {
                return 0; // without Flyway's lock, which a node that is frozen with it keeps
            }
            if (failed) {
                flyway.repair(); // of a step that was cut off, or met another node's: each may be taken again
            }
            return flyway.migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw explained(e);
        }
    }

    /**
     * Which version of the schema is there.
     *
     * @param version that of the database; empty if it has none of our tables
     * @param release the newest that this release knows
     * @param missing steps that {@link #migrate} would take
     */
    public record Schema(String version, String release, int missing) {
        /** Whether it is a later release's. */
        public boolean isNewer() {
            return !version.isEmpty()
                    && MigrationVersion.fromVersion(version).compareTo(MigrationVersion.fromVersion(release)) > 0;
        }
    }

    /** Looks which version of the schema is there. */
    public Schema schema() throws SQLException {
        makeFolder();
        try {
            MigrationInfoService info = flyway().info();
            MigrationInfo current = info.current();
            List<MigrationInfo> known = Stream.of(info.all())
                    .filter(migration -> migration.getState().isResolved())
                    .toList();
            return new Schema(
                    current == null ? "" : current.getVersion().toString(),
                    known.get(known.size() - 1).getVersion().toString(),
                    info.pending().length);
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
