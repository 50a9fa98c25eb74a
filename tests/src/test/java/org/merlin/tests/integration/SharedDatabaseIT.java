package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.merlin.tests.database.OwnMariaDb;

/** In one MariaDB, to which each master has a path of its own. */
class SharedDatabaseIT extends SharedDatabaseContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    /** failover_timeout, the beat's period, and what a busy machine adds. */
    private static final Duration TAKEOVER = Duration.ofSeconds(3 + 1 + 4);

    private final Map<String, CutableProxy> paths = new HashMap<>();

    @BeforeEach
    @Override
    void start() throws Exception {
        MARIADB.empty();
        super.start();
    }

    @AfterEach
    @Override
    void stop() throws Exception {
        super.stop();
        for (CutableProxy path : paths.values()) {
            path.close();
        }
    }

    @Override
    String section(String node) throws IOException {
        paths.put(node, new CutableProxy(MARIADB.server().conf().port()));
        return MARIADB.server().section(paths.get(node).port(), 3);
    }

    @Override
    List<String> rows(String sql) throws SQLException {
        return MARIADB.server().rows(sql);
    }

    @Override
    void execute(String sql) throws SQLException {
        MARIADB.server().execute(sql);
    }

    @Override
    void harm(SplittableRandom random) {
        // the daemons are harmed enough
    }

    private void untilWrites(String node) {
        await(node + " takes over").atMost(TAKEOVER).until(this::writer, node::equals);
        int rows = changes();
        until("changes that " + node + " writes", () -> changes() > rows);
    }

    private int changes() {
        try {
            return Integer.parseInt(rows("SELECT COUNT(*) FROM report_data WHERE event_type = 701")
                    .get(0));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWriterWhosePathToTheDatabaseBreaksGivesUpToOneWhosePathWorks() throws Exception {
        String first = writer();
        String second = other(first);
        PassiveFeed feed = feed();
        try (feed) {
            until("changes", () -> changes() > 0);
            untilSink(second, "standby");
            paths.get(first).cut();
            untilWrites(second);
            untilSink(first, "away");
            paths.get(first).heal();
            untilSink(first, "standby");
            paths.get(second).stall(true); // statements arrive, what the server answers does not
            untilWrites(first);
            paths.get(second).heal();
            untilSink(second, "standby");
            paths.get(first).stall(false); // statements do not even arrive
            untilWrites(second);
            paths.get(first).heal();
            untilSink(first, "standby");
        }
        assertThat(untilAllIsWritten(feed.total())).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aWriterThatIsFrozenWithinATransactionAndWakesLateWritesNothingTwice() throws Exception {
        String first = writer();
        PassiveFeed feed = feed();
        try (feed) {
            until("changes", () -> changes() > 100);
            for (String row : List.of(
                    "SELECT * FROM object_state WHERE service_description = 's7' FOR UPDATE",
                    "SELECT * FROM sink_fence FOR UPDATE")) {
                String writing = writer();
                untilSink(other(writing), "standby");
                freezeWhileItWaitsFor(row, writing);
                untilSink(writing, "standby");
            }
        }
        assertThat(writer()).isEqualTo(first);
        assertThat(untilAllIsWritten(feed.total())).isGreaterThanOrEqualTo(3);
    }

    /** Freezes a daemon while its transaction waits for a row, gives it the row, and lets it wake when the other one writes. */
    private void freezeWhileItWaitsFor(String row, String node) throws Exception {
        String url = MARIADB.server().url();
        try (Connection holds = DriverManager.getConnection(url, "merlin", "merlin");
                Statement statement = holds.createStatement()) {
            holds.setAutoCommit(false);
            statement.execute(row);
            until("a transaction that waits", SharedDatabaseIT::waits);
            node(node).freezeDaemon(() -> {
                assertThat(waits()).as("it is within its transaction still").isTrue();
                holds.rollback();
                untilWrites(other(node));
            });
        }
    }

    private static boolean waits() throws SQLException {
        try (Connection admin = DriverManager.getConnection(MARIADB.server().url(), "admin", "admin");
                Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")) {
            return rows.next();
        }
    }
}
