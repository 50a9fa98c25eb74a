package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.daemon.status.NodeView;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/** Nodes are added, changed and removed while all others run: nobody else's checks stop, and nothing is lost. */
class ReconfigurationSimulationTest {
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    static LongStream seeds() {
        return Seeds.upTo(40, 73_827_156_455_600L);
    }

    private static SimulatedCluster started(long seed, int masters, int pollers) {
        SimulatedCluster cluster = new SimulatedCluster(seed, masters, pollers);
        cluster.start();
        cluster.run(A_WHILE);
        cluster.checkEverything();
        cluster.run(A_WHILE);
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
        return cluster;
    }

    private static List<String> masters(SimulatedCluster cluster) {
        return cluster.nodes().stream()
                .map(SimulatedNode::name)
                .filter(name -> name.startsWith("master"))
                .toList();
    }

    private static List<String> seenBy(SimulatedCluster cluster, String node) {
        return cluster.node(node).view().orElseThrow().nodes().stream()
                .map(NodeView::name)
                .toList();
    }

    /** Looks all the time, that nobody's checks stop. */
    private static void run(SimulatedCluster cluster, Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += 50) {
            cluster.run(Duration.ofMillis(50));
            if (millis % 1000 == 0) {
                cluster.checkEverything();
            }
            for (MonitoredObject object : cluster.objects()) {
                assertThat(cluster.runnersOf(object))
                        .as("%s after %d ms%n%s", object, millis, cluster.picture())
                        .isNotEmpty();
            }
        }
    }

    private static void eachCheckHasOneRunner(SimulatedCluster cluster) {
        assertThat(cluster.objects())
                .allSatisfy(object -> assertThat(cluster.runnersOf(object))
                        .as("%s%n%s", object, cluster.picture())
                        .hasSize(1));
    }

    @Test
    void aPollerThatIsRemovedLeavesItsChecksToTheMastersAndIsRememberedByNobody() {
        SimulatedCluster cluster = started(1, 2, 2);
        masters(cluster).forEach(master -> cluster.remove(master, "poller1"));
        run(cluster, Duration.ofSeconds(1));
        cluster.node("poller1").kill();
        run(cluster, Duration.ofSeconds(30));
        assertThat(seenBy(cluster, "master1")).containsExactly("master1", "master2", "poller2");
        assertThat(cluster.node("master1").view().orElseThrow().rings()).hasSize(2);
        assertThat(cluster.node("master1").view().orElseThrow().verdict())
                .as(cluster.picture())
                .isZero();
        eachCheckHasOneRunner(cluster);
        allMastersKnowTheSame(cluster, 1);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPollerThatIsAddedGetsTheStateOfItsHostsAndRunsTheirChecks(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed, 2, 2);
        SimulatedNode poller = cluster.node("poller2");
        masters(cluster).forEach(master -> cluster.remove(master, "poller2"));
        cluster.nodes().stream().filter(node -> node != poller).forEach(node -> {
            node.startDaemon();
            node.startModule();
        });
        run(cluster, Duration.ofSeconds(90));
        eachCheckHasOneRunner(cluster);
        boolean early = seed % 2 == 0;
        if (early) {
            poller.startDaemon();
            poller.startModule();
            run(cluster, Duration.ofSeconds(3));
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (String master : masters(cluster)) {
            cluster.add(master, "poller2", NodeRole.POLLER);
            run(cluster, Duration.ofMillis(1 + random.nextInt(5000)));
        }
        if (!early) {
            poller.startDaemon();
            poller.startModule();
        }
        run(cluster, Duration.ofSeconds(60));
        assertThat(cluster.settled()).as("seed %d%n%s", seed, cluster.picture()).isTrue();
        eachCheckHasOneRunner(cluster);
        assertThat(cluster.runnersOf(cluster.objects().get(3))).containsExactly("poller2");
        assertThat(poller.kept().revisions).as("knows all of its hosts").hasSize(3);
        assertThat(poller.kept().lost).as("counted as lost").isZero();
        ClusterSimulationTest.everyAcceptedEventIsAtEveryMasterOnce(cluster, seed);
    }

    @Test
    void aPollerThatIsAddedToARunningMasterIsNotSentTheWholeLog() {
        SimulatedCluster cluster = new SimulatedCluster(3, 1, 1);
        cluster.remove("master1", "poller1");
        cluster.node("master1").startDaemon();
        cluster.node("master1").startModule();
        run(cluster, Duration.ofSeconds(200));
        cluster.add("master1", "poller1", NodeRole.POLLER);
        cluster.node("poller1").startDaemon();
        cluster.node("poller1").startModule();
        run(cluster, Duration.ofSeconds(60));
        int applied = cluster.node("poller1").kept().applied.values().stream()
                .mapToInt(List::size)
                .sum();
        assertThat(cluster.node("poller1").kept().revisions).hasSize(3);
        assertThat(applied).as("of 600 results in the log").isLessThan(3 * 90);
    }

    @Test
    void aPeerThatIsAddedAtBothSidesWhileTheyRunGetsTheStateAndItsShare() {
        SimulatedCluster cluster = new SimulatedCluster(4, 2, 0);
        cluster.remove("master1", "master2");
        cluster.remove("master2", "master1");
        cluster.start();
        cluster.node("master2").killModule();
        run(cluster, Duration.ofSeconds(100));
        cluster.node("master2").startModule();
        cluster.add("master1", "master2", NodeRole.PEER);
        run(cluster, Duration.ofSeconds(3));
        cluster.add("master2", "master1", NodeRole.PEER);
        run(cluster, Duration.ofSeconds(60));
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
        eachCheckHasOneRunner(cluster);
        assertThat(cluster.node("master2").state())
                .isEqualTo(cluster.node("master1").state());
    }

    @Test
    void aPollerThatIsGivenOtherHostgroupsKeepsItsLinkAndTheRestGoesOn() {
        SimulatedCluster cluster = started(5, 2, 2);
        int dials = cluster.network().dials();
        for (String master : masters(cluster)) {
            cluster.edit(master, others -> {
                List<MerlinConf.Node> edited = new ArrayList<>();
                for (MerlinConf.Node other : others) {
                    edited.add(other.name().equals("poller1") ? in(other, "poller1", "elsewhere") : other);
                }
                return edited;
            });
            run(cluster, Duration.ofSeconds(2));
        }
        run(cluster, Duration.ofSeconds(60));
        assertThat(cluster.network().dials()).isEqualTo(dials);
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
        eachCheckHasOneRunner(cluster);
        assertThat(cluster.runnersOf(cluster.objects().get(0))).containsExactly("poller1");
        ClusterSimulationTest.everyAcceptedEventIsAtEveryMasterOnce(cluster, 5);
    }

    private static MerlinConf.Node in(MerlinConf.Node of, String... hostgroups) {
        return new MerlinConf.Node(
                of.name(),
                of.role(),
                of.address(),
                of.port(),
                of.connect(),
                of.dataTimeout(),
                Selection.of(List.of(hostgroups)),
                of.takeover(),
                of.notifies(),
                of.objectConfig());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverIsAddedAndRemovedNobodyElsesChecksStop(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedCluster cluster = started(seed, 1 + random.nextInt(3), 2);
        for (int step = 0; step < 12; step++) {
            String poller = "poller" + (1 + random.nextInt(2));
            List<String> masters = masters(cluster);
            String master = masters.get(random.nextInt(masters.size()));
            if (seenBy(cluster, master).contains(poller)) {
                cluster.remove(master, poller);
            } else {
                cluster.add(master, poller, NodeRole.POLLER);
            }
            run(cluster, Duration.ofMillis(100 + random.nextInt(6_000)));
        }
        for (String master : masters(cluster)) {
            for (String poller : List.of("poller1", "poller2")) {
                if (!seenBy(cluster, master).contains(poller)) {
                    cluster.add(master, poller, NodeRole.POLLER);
                }
            }
        }
        cluster.settle();
        assertThat(cluster.settled()).as("seed %d%n%s", seed, cluster.picture()).isTrue();
        eachCheckHasOneRunner(cluster);
        allMastersKnowTheSame(cluster, seed);
    }

    private static void allMastersKnowTheSame(SimulatedCluster cluster, long seed) {
        for (String master : masters(cluster)) {
            assertThat(cluster.node(master).state())
                    .as("%s: what %s knows", Seeds.again(seed), master)
                    .isEqualTo(cluster.node("master1").state());
        }
    }
}
