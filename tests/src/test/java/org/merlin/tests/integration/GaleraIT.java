package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.merlin.daemon.bench.DatabaseServers;

/**
 * In a real Galera cluster of three, each master at another of its nodes, one of which is killed and comes back, too. Needs the packages
 * mariadb-server, galera-4 and rsync.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GaleraIT extends SharedDatabaseContract {
    private Optional<DatabaseServers> servers = Optional.empty();

    @BeforeAll
    void startServers() throws IOException {
        Optional<String> missing = DatabaseServers.missing(true);
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        servers = Optional.of(DatabaseServers.start(true));
    }

    @AfterAll
    void stopServers() {
        servers.ifPresent(DatabaseServers::close);
    }

    @BeforeEach
    @Override
    void start() throws Exception {
        query(0, "DROP DATABASE IF EXISTS merlin");
        query(0, "CREATE DATABASE merlin CHARACTER SET utf8mb4");
        super.start();
    }

    @AfterEach
    void allNodesAreEqual() throws Exception {
        String sums = "CHECKSUM TABLE merlin.report_data, merlin.object_state, merlin.sink_progress";
        List<String> first = query(0, sums);
        for (int i = 1; i < servers.orElseThrow().size(); i++) {
            assertThat(query(i, sums)).isEqualTo(first);
        }
    }

    /** Each master prefers another node. */
    @Override
    String section(String node) {
        List<String> hosts =
                new ArrayList<>(List.of(servers.orElseThrow().hosts().split(", ")));
        if (node.equals("m2")) {
            hosts.add(hosts.remove(0));
        }
        return "database { host = " + String.join(", ", hosts)
                + "; name = merlin; user = merlin; pass = merlin; failover_timeout = 3s; }\n";
    }

    @Override
    List<String> rows(String sql) throws SQLException {
        return query(2, sql);
    }

    @Override
    void execute(String sql) throws SQLException {
        String merlin = servers.orElseThrow().url(0);
        try (Connection connection = DriverManager.getConnection(merlin, "merlin", "merlin");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(int server, String sql) throws SQLException {
        String url = servers.orElseThrow().url(server).replace("/merlin", "/");
        String of = sql.contains("FROM ") ? sql.replace("FROM ", "FROM merlin.") : sql;
        try (Connection connection = DriverManager.getConnection(url, "merlin", "merlin");
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION wsrep_sync_wait = 15");
            List<String> found = new ArrayList<>();
            if (statement.execute(of)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        List<String> row = new ArrayList<>();
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            row.add(String.valueOf(rows.getString(i)));
                        }
                        found.add(String.join("|", row));
                    }
                }
            }
            return found;
        }
    }

    /** Now and then the node of a master is killed, and comes back. */
    @Override
    void harm(SplittableRandom random) throws Exception {
        if (random.nextInt(3) == 0) {
            int victim = random.nextInt(2);
            servers.orElseThrow().kill(victim);
            servers.orElseThrow().startAgain(victim);
        }
    }

    @Test
    void whileMostNodesAreDeadTheWriterWaitsSaysSoAndLacksNothing() throws Exception {
        PassiveFeed feed = feed();
        try (feed) {
            until("changes", () -> changes() > 0);
            servers.orElseThrow().kill(0);
            servers.orElseThrow().kill(1);
            for (String node : List.of("m1", "m2")) {
                assertThat(untilSink(node, "away").problem()).isNotEmpty();
            }
            servers.orElseThrow().startAgain(0, 1);
            until("a writer", () -> !writer().isEmpty());
        }
        untilAllIsWritten(feed.total());
    }
}
