package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/** {@code auto_delete}: who is removed, and above all who is not. */
class AutoDeleteSimulationTest {
    private static final Duration AUTO_DELETE = Duration.ofSeconds(300);
    private static final Duration LONGER = AUTO_DELETE.plusSeconds(60);

    /** Masters whose pollers 1 and 2 are one group, that of poller1's hosts, and poller3 another. */
    private static SimulatedCluster started(int masters) {
        SimulatedCluster cluster = new SimulatedCluster(masters, masters, 3);
        for (SimulatedNode node : cluster.nodes()) {
            if (node.name().startsWith("master")) {
                cluster.edit(node.name(), AutoDeleteSimulationTest::grouped);
            }
        }
        for (String[] pair : new String[][] {{"poller1", "poller2"}, {"poller2", "poller1"}}) {
            cluster.add(pair[0], pair[1], NodeRole.PEER);
        }
        cluster.start();
        cluster.run(Duration.ofSeconds(30));
        return cluster;
    }

    private static List<MerlinConf.Node> grouped(List<MerlinConf.Node> others) {
        List<MerlinConf.Node> all = new ArrayList<>();
        for (MerlinConf.Node other : others) {
            all.add(new MerlinConf.Node(
                    other.name(),
                    other.role(),
                    other.address(),
                    other.port(),
                    other.connect(),
                    other.dataTimeout(),
                    other.name().equals("poller2") ? Selection.of(List.of("poller1")) : other.selection(),
                    other.takeover(),
                    other.notifies(),
                    other.objectConfig(),
                    other.backlog(),
                    other.role() == NodeRole.POLLER ? AUTO_DELETE : Duration.ZERO));
        }
        return all;
    }

    private static List<String> removedBy(SimulatedCluster cluster, String master) {
        return cluster.node(master).silentPollers();
    }

    @Test
    void aPollerThatIsSilentForSoLongIsRemovedWhileTheOthersOfItsGroupRun() {
        SimulatedCluster cluster = started(2);
        cluster.node("poller1").kill();
        cluster.run(AUTO_DELETE.minusSeconds(10));
        assertThat(removedBy(cluster, "master1")).isEmpty();
        cluster.run(Duration.ofSeconds(30));
        assertThat(removedBy(cluster, "master1")).containsExactly("poller1");
        assertThat(removedBy(cluster, "master2")).containsExactly("poller1");
    }

    @Test
    void theLastOfAGroupStaysHoweverLongItIsSilent() {
        SimulatedCluster cluster = started(2);
        cluster.node("poller3").kill();
        cluster.run(LONGER.multipliedBy(3));
        assertThat(removedBy(cluster, "master1")).isEmpty();
        cluster.node("poller1").kill();
        cluster.node("poller2").kill();
        cluster.run(LONGER.multipliedBy(3));
        assertThat(removedBy(cluster, "master1")).as("all of a group at once").isEmpty();
    }

    @Test
    void aMasterThatIsCutOffDeletesNobody() {
        SimulatedCluster cluster = started(2);
        for (SimulatedNode node : cluster.nodes()) {
            cluster.network().cut("master1", node.name());
        }
        cluster.run(LONGER.multipliedBy(3));
        assertThat(removedBy(cluster, "master1")).isEmpty();
        assertThat(removedBy(cluster, "master2")).isEmpty();
    }

    @Test
    void aPollerThatAPeerStillSeesStaysAndOneWhoseMasterIsAwayToo() {
        SimulatedCluster cluster = started(2);
        cluster.network().cut("master1", "poller1");
        cluster.run(LONGER.multipliedBy(2));
        assertThat(removedBy(cluster, "master1")).as("master2 sees it").isEmpty();
        cluster.network().cut("poller1", "poller2");
        cluster.network().cut("master1", "master2");
        cluster.run(LONGER.multipliedBy(2));
        assertThat(removedBy(cluster, "master1"))
                .as("master2 may see it, and is out of sight")
                .isEmpty();
    }

    @Test
    void timeCountsAnewWhenAPeerComesBackAndAfterAStart() {
        SimulatedCluster cluster = started(2);
        cluster.node("poller1").kill();
        cluster.node("master2").kill();
        cluster.run(LONGER);
        cluster.node("master2").startDaemon();
        cluster.node("master2").startModule();
        cluster.run(AUTO_DELETE.minusSeconds(30));
        assertThat(removedBy(cluster, "master1")).isEmpty();
        assertThat(removedBy(cluster, "master2")).as("it has just started").isEmpty();
        cluster.run(Duration.ofSeconds(60));
        assertThat(removedBy(cluster, "master1")).containsExactly("poller1");
        assertThat(removedBy(cluster, "master2")).containsExactly("poller1");
    }

    @Test
    void aPollerThatWasDrainedIsAwayOnPurpose() {
        SimulatedCluster cluster = started(1);
        cluster.node("master1").drain("poller1", true, false);
        cluster.run(Duration.ofSeconds(10));
        cluster.node("poller1").kill();
        cluster.run(LONGER.multipliedBy(2));
        assertThat(removedBy(cluster, "master1")).isEmpty();
    }

    @Test
    void aPollerWithoutAutoDeleteStays() {
        SimulatedCluster cluster = new SimulatedCluster(9, 1, 2);
        cluster.start();
        cluster.run(Duration.ofSeconds(30));
        cluster.node("poller1").kill();
        cluster.run(LONGER.multipliedBy(2));
        assertThat(removedBy(cluster, "master1")).isEmpty();
    }
}
