package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.NodeView;
import org.merlin.protocol.event.MonitoredObject;

/** Whole clusters in one thread: the real cluster code, simulated time, network and logs, faults from a seed. */
class ClusterSimulationTest {
    /** Seeds that ever failed stay here; the last one is fresh, and its number is in the test's name. */
    static LongStream seeds() {
        return Seeds.upTo(120, 73_827_156_455_600L);
    }

    @Test
    void peersShareTheChecksBySlotModuloPeers() {
        SimulatedCluster cluster = new SimulatedCluster(1, 2, 0);
        cluster.start();
        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
        List<MonitoredObject> sorted = cluster.objects().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
        for (int slot = 0; slot < sorted.size(); slot++) {
            assertThat(cluster.runnersOf(sorted.get(slot))).containsExactly("master" + (1 + slot % 2));
        }
    }

    @Test
    void hostChecksMoveToThePeerThatIsLeftAndBackAfterItsReturn() {
        SimulatedCluster cluster = new SimulatedCluster(2, 2, 0);
        cluster.start();
        cluster.run(Duration.ofSeconds(20));
        List<List<String>> before =
                cluster.objects().stream().map(cluster::runnersOf).toList();
        cluster.node("master2").kill();
        cluster.run(Duration.ofMillis(100));
        assertThat(cluster.objects())
                .allSatisfy(object -> assertThat(cluster.runnersOf(object)).containsExactly("master1"));
        cluster.run(Duration.ofSeconds(30));
        cluster.node("master2").startDaemon();
        cluster.node("master2").startModule();
        cluster.run(Duration.ofSeconds(30));
        assertThat(cluster.objects().stream().map(cluster::runnersOf)).isEqualTo(before);
    }

    @Test
    void mastersTakeOverAPollersChecksAndHandThemBack() {
        SimulatedCluster cluster = new SimulatedCluster(3, 2, 1);
        cluster.start();
        cluster.run(Duration.ofSeconds(20));
        MonitoredObject sites = cluster.objects().get(0);
        assertThat(cluster.runnersOf(sites)).as(cluster.picture()).containsExactly("poller1");
        cluster.node("poller1").kill();
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.runnersOf(sites)).hasSize(1).doesNotContain("poller1");
        cluster.checkEverything();
        cluster.run(Duration.ofSeconds(60));
        cluster.node("poller1").startDaemon();
        cluster.node("poller1").startModule();
        cluster.run(Duration.ofSeconds(30));
        assertThat(cluster.runnersOf(sites)).containsExactly("poller1");
        long gotByPoller = cluster.node("poller1").kept().applied.values().stream()
                .mapToLong(List::size)
                .sum();
        assertThat(gotByPoller)
                .as("results of its three hosts, found by masters meanwhile")
                .isEqualTo(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void settlesWhateverStartsFirst(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedCluster cluster = new SimulatedCluster(seed, 1 + random.nextInt(4), random.nextInt(3));
        cluster.startInAnyOrder(Duration.ofMillis(seed % 2 == 0 ? 10 : 3000));
        cluster.run(Duration.ofSeconds(30));
        assertThat(cluster.settled()).as("seed %d%n%s", seed, cluster.picture()).isTrue();
        assertThat(cluster.objects())
                .allSatisfy(object -> assertThat(cluster.runnersOf(object))
                        .as("seed %d, %s", seed, object)
                        .hasSize(1));
    }

    /** Both sides of every pair dial at the same moment: the link that goes must not look like a node that goes. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aNodeThatBecameActiveStaysSoWhileBothDial(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed, 3, 1);
        cluster.startInAnyOrder(Duration.ofMillis(10));
        Set<String> active = new HashSet<>();
        for (int millis = 0; millis < 3_000; millis++) {
            cluster.run(Duration.ofMillis(1));
            for (SimulatedNode node : cluster.nodes()) {
                for (NodeView seen : node.view().map(ClusterView::nodes).orElse(List.of())) {
                    String pair = node.name() + " sees " + seen.name();
                    if (seen.active()) {
                        active.add(pair);
                    }
                    assertThat(seen.active())
                            .as("seed %d after %d ms: %s", seed, millis, pair)
                            .isEqualTo(active.contains(pair));
                }
            }
        }
        assertThat(active).hasSize(3 * 4 + 4);
    }

    @Test
    void dialsOnceHoweverLongTheFirstPulseTakes() {
        SimulatedCluster cluster = new SimulatedCluster(4, 2, 1);
        cluster.network().slowDown(Duration.ofMillis(350));
        cluster.start();
        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
        assertThat(cluster.network().dials()).as("three pairs, both sides dial").isEqualTo(6);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingIsLostOrAppliedTwiceWhateverIsKilled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int pollers = random.nextInt(3);
        int subs = pollers > 0 ? random.nextInt(3) : 0;
        SimulatedCluster cluster = new SimulatedCluster(seed, 2 + random.nextInt(3), pollers, subs);
        cluster.start();
        for (int step = 0; step < 60; step++) {
            disturb(cluster, random);
            cluster.run(Duration.ofMillis(200 + random.nextInt(3000)));
            cluster.checkEverything();
        }
        cluster.network().healAll();
        cluster.nodes().forEach(node -> {
            if (node.view().isEmpty()) {
                node.startDaemon();
            }
            if (node.module().isEmpty()) {
                node.startModule();
            }
            node.drain(node.name(), false, false);
        });
        cluster.settle();
        assertThat(cluster.settled()).as("seed %d%n%s", seed, cluster.picture()).isTrue();
        for (MonitoredObject object : cluster.objects()) {
            assertThat(cluster.runnersOf(object))
                    .as("seed %d, %s", seed, object)
                    .hasSize(1);
        }
        everyAcceptedEventIsAtEveryMasterOnce(cluster, seed);
    }

    private static void disturb(SimulatedCluster cluster, SplittableRandom random) {
        List<SimulatedNode> nodes = cluster.nodes();
        SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
        SimulatedNode other = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(11)) {
            case 0 -> node.kill();
            case 1 -> node.killDaemon();
            case 2 -> node.killModule();
            case 3 -> cluster.network().cut(node.name(), other.name());
            case 4 -> cluster.network().cutOneWay(node.name(), other.name());
            case 5, 6 -> cluster.network().healAll();
            case 7 -> node.drain(other.name(), random.nextBoolean(), random.nextBoolean());
            default -> {
                if (node.view().isEmpty()) {
                    node.startDaemon();
                }
                if (node.module().isEmpty()) {
                    node.startModule();
                }
            }
        }
    }

    static void everyAcceptedEventIsAtEveryMasterOnce(SimulatedCluster cluster, long seed) {
        for (SimulatedNode from : cluster.nodes()) {
            from.kept().sent.forEach((stream, accepted) -> {
                for (SimulatedNode to : cluster.nodes()) {
                    if (to != from && to.name().startsWith("master")) {
                        List<Long> applied = to.kept().applied.getOrDefault(stream, List.of());
                        List<Long> expected = new ArrayList<>();
                        for (long sequence = 1; sequence <= accepted; sequence++) {
                            expected.add(sequence);
                        }
                        assertThat(applied.size() <= accepted ? applied : applied.subList(0, accepted.intValue()))
                                .as("%s: %s of %s at %s", Seeds.again(seed), stream, from.name(), to.name())
                                .isEqualTo(expected);
                        assertThat(applied).as("in order, once").isSorted().doesNotHaveDuplicates();
                    }
                }
            });
        }
    }
}
