package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.until;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.status.NodeView;

/** {@code mon node drain}, {@code can-stop} and {@code undrain} with real daemons and embedded schedulers. */
class DrainIT {
    @TempDir
    private Path folder;

    private RealCluster cluster;

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private RealNode.Ended mon(String node, String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--merlin-cfg=" + cluster.node(node).conf(), "node"));
        all.addAll(List.of(words));
        return RealNode.mon(folder, all.toArray(String[]::new));
    }

    private long shareOf(String node) {
        return cluster.nodes().stream()
                .filter(each -> each.name().equals(node))
                .flatMap(each -> each.view().stream())
                .mapToLong(view -> view.nodes().get(0).shares().hostsMine())
                .sum();
    }

    @Test
    void aNodeIsDrainedStoppedAndTakesItsChecksBack() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        cluster.startPeers(
                "luke", "yoda", cluster.basics() + host("h0", "") + host("h1", "") + host("h2", "") + host("h3", ""));
        until("shares", () -> shareOf("luke") == 2 && shareOf("yoda") == 2);

        assertThat(mon("luke", "can-stop", "yoda").status()).isEqualTo(75);
        RealNode.Ended drained = mon("luke", "drain", "yoda");
        assertThat(drained.status()).as(drained.out() + drained.err()).isZero();
        until("drained", () -> mon("luke", "can-stop", "yoda").status() == 0);
        assertThat(mon("yoda", "can-stop", "yoda", "-o", "json").out()).contains("\"ok\" : true");
        until("shares of the drained", () -> shareOf("luke") == 4 && shareOf("yoda") == 0);
        assertThat(mon("luke", "status").out()).contains("peer yoda: ACTIVE, DRAINED");

        cluster.node("yoda").killDaemon();
        cluster.node("yoda").startDaemon();
        until(
                "drained after a restart",
                () -> cluster.node("luke").view().stream()
                        .flatMap(view -> view.nodes().stream())
                        .anyMatch(node -> node.name().equals("yoda") && node.active() && node.drained()));
        RealNode.Ended refused = mon("luke", "drain", "luke");
        assertThat(refused.status()).isEqualTo(75);
        assertThat(refused.out()).contains("no other node could run its checks");

        assertThat(mon("yoda", "undrain", "yoda").status()).isZero();
        until("shares as before", () -> shareOf("luke") == 2 && shareOf("yoda") == 2);
        assertThat(cluster.node("luke").view().orElseThrow().nodes()).noneMatch(NodeView::drained);
    }
}
