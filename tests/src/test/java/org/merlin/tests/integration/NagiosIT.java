package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.is;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two real Nagios that are peers, with our daemons between: who runs what, and what a Nagios alone has. One cluster for all tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NagiosIT {
    private static final int HOSTS = 4;
    private static final int SERVICES = 3;

    private RealCluster cluster;
    private RealNagios luke;

    @BeforeAll
    void start(@TempDir Path work) throws IOException {
        cluster = new RealCluster(work, RealScheduler.Kind.NAGIOS);
        StringBuilder objects = new StringBuilder(cluster.basics());
        for (int host = 0; host < HOSTS; host++) {
            objects.append(host("h" + host, "", "s0", "s1", "s2"));
        }
        cluster.startPeers("luke", "yoda", objects.toString());
        luke = (RealNagios) cluster.at("luke");
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** By object, the node whose it is by its place in the sorted list of hosts or of services. */
    private static Map<String, Set<String>> slots() {
        Map<String, Set<String>> slots = new HashMap<>();
        for (int host = 0; host < HOSTS; host++) {
            slots.put("h" + host, Set.of(host % 2 == 0 ? "luke" : "yoda"));
            for (int service = 0; service < SERVICES; service++) {
                slots.put("h" + host + ";s" + service, Set.of((host * SERVICES + service) % 2 == 0 ? "luke" : "yoda"));
            }
        }
        return slots;
    }

    private void sharesAreThoseOfTheSlots() throws IOException {
        long since = System.currentTimeMillis();
        cluster.twoRounds(slots().keySet().toArray(String[]::new));
        assertThat(cluster.runners(since)).isEqualTo(slots());
    }

    @Test
    void peersShareTheChecksAndKnowAllResults() throws Exception {
        sharesAreThoseOfTheSlots();
        for (String object : slots().keySet()) {
            cluster.onAll(
                    "its result",
                    at -> is(at, object, "plugin_output", "state 0")
                            && is(at, object, "performance_data", "n=1")
                            && is(at, object, "has_been_checked", "1"));
        }
    }

    @Test
    void aProblemIsInBothLogsAndNotifiedOnceByItsRunner() throws Exception {
        String object = "h0;s1";
        cluster.reach(2, object);
        cluster.mailed("PROBLEM", object);
        cluster.onAll("two attempts", at -> is(at, object, "current_attempt", "2"));
        for (RealScheduler at : cluster.all()) {
            assertThat(at.log())
                    .contains("SERVICE ALERT: h0;s1;CRITICAL;SOFT;1;state 2")
                    .contains("SERVICE ALERT: h0;s1;CRITICAL;HARD;2;state 2");
        }
        cluster.reach(0, object);
        cluster.mailed("RECOVERY", object);
        cluster.twoRounds(slots().keySet().toArray(String[]::new));
        assertThat(cluster.lines("mails"))
                .filteredOn(line -> line.endsWith(" h0 s1"))
                .containsExactly("yoda PROBLEM 1  h0 s1", "yoda RECOVERY 2  h0 s1");
    }

    @Test
    void checksOfAKilledNagiosRunAtItsPeerAndReturnWithIt() throws Exception {
        cluster.at("yoda").kill();
        long killed = System.currentTimeMillis();
        until("every check at luke", () -> cluster.ran("luke", killed).equals(slots().keySet()));
        cluster.at("yoda").start();
        cluster.awaitSettled();
        sharesAreThoseOfTheSlots();
    }

    @Test
    void reloadsKeepTheSchedulersAndTheirShares() throws Exception {
        long pid = luke.process().pid();
        for (int i = 0; i < 5; i++) {
            int starts = luke.log().split("MRL-2000", -1).length;
            luke.reload();
            until("it is back", () -> luke.log().split("MRL-2000", -1).length > starts);
        }
        assertThat(luke.process().pid()).isEqualTo(pid);
        assertThat(luke.lives()).isTrue();
        cluster.awaitSettled();
        sharesAreThoseOfTheSlots();
    }

    @Test
    void theQueryHandlerTellsTheNodesByTheKeysOfTheOriginal() throws Exception {
        List<String> lines = luke.ask("#merlin nodeinfo").lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("instance_id=0;name=luke;").contains(";type=local;state=STATE_CONNECTED;");
        assertThat(lines.get(1)).contains(";name=yoda;").contains(";type=peer;").contains(";encrypted=1;");
        assertThat(luke.ask("#merlin help")).contains("nodeinfo");
        assertThat(luke.ask("#merlin nonsense")).startsWith("400");
        cluster.node("luke").killDaemon();
        assertThat(luke.ask("#merlin nodeinfo")).startsWith("error=no daemon answers");
        cluster.node("luke").startDaemon();
        cluster.awaitSettled();
    }
}
