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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.merlin.daemon.sink.SinkView;
import org.merlin.daemon.status.NodeView;
import org.merlin.tests.database.OwnMariaDb;
import org.merlin.tests.faults.CutableProxy;

/** In one MariaDB, to which each master has a path of its own. */
class SharedDatabaseIT extends SharedDatabaseContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    /** failover_timeout, the beat's period, and what a busy machine adds. */
    private static final Duration TAKEOVER = Duration.ofSeconds(3 + 1 + 4);

    private static final int TRIES = 20;

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
        paths.put(node, CutableProxy.wide(MARIADB.server().conf().port()));
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

    private void untilWrites(String node) throws Exception {
        await(node + " takes over").atMost(TAKEOVER).until(this::writer, node::equals);
        int rows = changes();
        until("changes that " + node + " writes", () -> changes() > rows);
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
        }
        assertThat(untilAllIsWritten(feed.total())).isGreaterThanOrEqualTo(3);
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

    @Test
    void aFrozenServerIsToldAndHoldsNothingElseUp() throws Exception {
        MARIADB.server().executeAsAdmin("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
        String writing = writer();
        PassiveFeed feed = feed();
        try (feed) {
            until("changes", () -> changes() > 0);
            node(writing).stopDaemon();
            node(writing).startDaemon(); // which sees how the server is set up
            untilWrites(other(writing));
            untilSink(writing, "standby");
            MARIADB.server().freeze(() -> {
                int before = feed.written();
                until("new states at the other scheduler", () -> numberAt("m2") > before);
                SinkView view = untilSink(other(writing), "away");
                assertThat(view.lagEvents()).isPositive();
                assertThat(node(other(writing)).view().orElseThrow().nodes())
                        .as("nodes are as they were")
                        .allMatch(NodeView::active);
            });
        } finally {
            MARIADB.server().executeAsAdmin("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
        }
        untilAllIsWritten(feed.total());
        assertThat(node(other(writing)).logLines()).anyMatch(line -> line.contains("MRL-1101"));
        assertThat(node(writing).logLines())
                .anyMatch(line -> line.contains("MRL-1105") && line.contains("innodb_flush_log_at_trx_commit = 2"));
    }

    /** The newest change that a node's scheduler knows of one service. */
    private int numberAt(String node) throws IOException {
        return cluster()
                .at(node)
                .object("passive;s0")
                .map(of -> of.getOrDefault("plugin_output", ""))
                .filter(output -> output.startsWith("number "))
                .map(output -> Integer.parseInt(output.substring(7)))
                .orElse(-1);
    }

    /**
     * Freezes a daemon while its transaction waits for a row, gives it the row, and lets it wake when the other one has written what it
     * knows. The changes come to one of the two, so that the other one has nothing more to write while that is frozen.
     */
    private void freezeWhileItWaitsFor(String row, String node) throws Exception {
        String url = MARIADB.server().url();
        try (Connection holds = DriverManager.getConnection(url, "merlin", "merlin");
                Statement statement = holds.createStatement()) {
            holds.setAutoCommit(false);
            statement.execute(row);
            AtomicBoolean frozen = new AtomicBoolean();
            for (int tries = 0; !frozen.get(); tries++) {
                assertThat(tries).as("freezes between two tries of the writer").isLessThan(TRIES);
                until("a transaction that waits", SharedDatabaseIT::waits);
                int rows = changes();
                until("changes that are not written", () -> numberAt(other(node)) > rows);
                node(node).freezeDaemon(() -> {
                    frozen.set(waits()); // else it was frozen between two tries
                    if (frozen.get()) {
                        holds.rollback();
                        await(other(node) + " takes over").atMost(TAKEOVER).until(this::writer, other(node)::equals);
                        until("changes that " + other(node) + " writes", () -> changes() > rows);
                    }
                });
            }
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
