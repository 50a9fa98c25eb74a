package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The object configuration's sync among embedded schedulers. */
class EmbeddedConfigSyncIT extends ConfigSyncContract {
    @Override
    RealScheduler.Kind kind() {
        return RealScheduler.Kind.EMBEDDED;
    }

    @Test
    void aPollerThatIsAddedWhileAllRunsNeedsNothingButItsCertificateAndItsMastersAddresses() throws Exception {
        begin();
        cluster.configurePlain(
                "p4",
                cluster.node("m1").section("master", "") + cluster.node("m2").section("master", ""),
                "");
        readFolder("p4", conf("p4"));
        for (String master : List.of("m1", "m2")) {
            RealNode.Ended added = mon(
                    master,
                    "node",
                    "add",
                    "p4",
                    "hostgroups=own",
                    "address=127.0.0.1",
                    "port=" + cluster.node("p4").port());
            assertThat(added.status()).as("%s%s", added.out(), added.err()).isZero();
        }
        cluster.node("p4").startDaemon();
        cluster.at("p4").start();
        until("a check of p4", () -> cluster.runner("o1;s").filter("p4"::equals).isPresent());
        cluster.awaitSettled();
        assertThat(mon("m1", "node", "status").out()).contains("p4");
        assertThat(mon("m1", "oconf", "status").out()).contains("poller p4: in sync");
        for (String other : List.of("m1", "m2", "p1", "p2", "p3")) {
            assertThat(cluster.node(other).logLines().stream()
                            .filter(line -> line.contains("MRL-1000 "))
                            .count())
                    .as("starts of %s", other)
                    .isEqualTo(1);
        }
    }

    @Override
    long schedulerPid(String node) throws IOException {
        return cluster.node(node).schedulerPid();
    }

    @Override
    void readFolder(String node, Path objects) throws IOException {
        Files.delete(cluster.node(node).state().resolve("objects.cfg"));
    }
}
