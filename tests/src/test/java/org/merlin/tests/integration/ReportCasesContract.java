package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.integration.RealCluster.until;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.tests.database.EmbeddedDatabase;
import org.merlin.tests.database.MariaDbServer;
import org.merlin.tests.database.OwnMariaDb;
import org.merlin.tests.database.TestDatabase;

/** What a real scheduler's results become in {@code report_data}: on one node in MariaDB, on its peer in H2, the same rows. */
abstract class ReportCasesContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    private static final String ROWS = "SELECT state, hard, retry FROM report_data WHERE host_name = '%s'"
            + " AND service_description = '%s' AND event_type = %d ORDER BY happened, part";

    @TempDir
    private Path folder;

    private RealCluster cluster;
    private List<TestDatabase> databases;

    abstract RealScheduler.Kind kind();

    @BeforeEach
    void start() throws Exception {
        cluster = new RealCluster(folder, kind());
        MariaDbServer server = MARIADB.empty();
        cluster.node("m1");
        cluster.node("m2");
        databases =
                List.of(server, new EmbeddedDatabase(cluster.node("m2").state().resolve("database")));
        String objects = cluster.basics() + RealCluster.host("h1", "", "s");
        cluster.state("h1", 0);
        cluster.configure("m1", server.section(3) + cluster.node("m2").section("peer", ""), objects);
        cluster.configure(
                "m2", "database { type = embedded; }\n" + cluster.node("m1").section("peer", ""), objects);
        cluster.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private void untilAll(String what, String sql, List<String> rows) {
        for (TestDatabase database : databases) {
            await(what + " in " + database.conf())
                    .atMost(RealCluster.SOON)
                    .until(() -> database.rows(sql), rows::equals);
        }
    }

    @Test
    void aHostThatGoesDownAndComesBackHasTheRowsOfTheOriginal() throws Exception {
        cluster.twoRounds("h1");
        cluster.state("h1", 2);
        cluster.mailed("PROBLEM", "h1");
        cluster.state("h1", 0);
        cluster.mailed("RECOVERY", "h1");
        untilAll("the host's rows", ROWS.formatted("h1", "", 801), List.of("1|0|1", "1|1|2", "0|1|1"));
    }

    @Test
    void aServiceThatGoesBadAndComesBackHasTheRowsOfTheOriginalAndItsMailsTheirs() throws Exception {
        cluster.twoRounds("h1;s");
        cluster.state("h1;s", 1);
        cluster.mailed("PROBLEM", "h1;s");
        cluster.state("h1;s", 2);
        until("another mail", () -> cluster.mails("PROBLEM", "h1;s").size() == 2);
        cluster.state("h1;s", 0);
        cluster.mailed("RECOVERY", "h1;s");
        untilAll("the service's rows", ROWS.formatted("h1", "s", 701), List.of("1|0|1", "1|1|2", "2|1|2", "0|1|1"));
        untilAll(
                "its mails",
                "SELECT notification_type, contact_name, command_name, reason_type, state FROM notification"
                        + " WHERE service_description = 's' ORDER BY start_time, start_time_usec",
                List.of("1|anna|mail|0|1", "1|anna|mail|0|2", "1|anna|mail|0|0"));
        List<String> names = List.of();
        for (TestDatabase database : databases) {
            List<String> found = database.rows(
                    "SELECT origin, epoch, sequence, part FROM report_data WHERE event_type > 500 ORDER BY origin, epoch, sequence, part");
            assertThat(names.isEmpty() || names.equals(found))
                    .as("%s and %s", names, found)
                    .isTrue();
            names = found;
        }
    }
}
