package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.wire.StreamId;

/** Events reach every node that there is a way to, whichever links are cut. */
class PassingOnSimulationTest {
    private static final Duration SOON = Duration.ofSeconds(12);

    private static void allHaveAll(SimulatedCluster cluster, long seed) {
        ClusterSimulationTest.everyAcceptedEventIsAtEveryMasterOnce(cluster, seed);
        cluster.nodes()
                .forEach(node -> assertThat(node.kept().lost)
                        .as("named as lost at %s", node.name())
                        .isZero());
    }

    private static SimulatedCluster started(long seed, int masters, int pollers, int subs) {
        SimulatedCluster cluster = new SimulatedCluster(seed, masters, pollers, subs);
        cluster.start();
        cluster.run(Duration.ofSeconds(20));
        for (int i = 0; i < 3; i++) {
            cluster.checkEverything();
            cluster.run(Duration.ofSeconds(1));
        }
        return cluster;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPeerPassesOnWhatTwoOthersCannotTellEachOther(long seed) {
        SimulatedCluster cluster = started(seed, 3, 0, 0);
        cluster.network().cut("master1", "master2");
        for (int step = 0; step < 200; step++) {
            cluster.run(Duration.ofMillis(100));
            assertThat(cluster.objects())
                    .allSatisfy(object -> assertThat(cluster.runnersOf(object)).isNotEmpty());
        }
        eachHasOneRunner(cluster, seed);
        cluster.checkEverything();
        cluster.run(SOON);
        allHaveAll(cluster, seed);
        cluster.network().healAll();
        cluster.run(Duration.ofSeconds(40));
        cluster.checkEverything();
        cluster.run(SOON);
        allHaveAll(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aLineOfPeersPassesOnFromEndToEnd(long seed) {
        SimulatedCluster cluster = started(seed, 5, 0, 0);
        for (int a = 1; a <= 5; a++) {
            for (int b = a + 2; b <= 5; b++) {
                cluster.network().cut("master" + a, "master" + b);
            }
        }
        cluster.run(Duration.ofSeconds(8));
        cluster.checkEverything();
        cluster.run(Duration.ofSeconds(30));
        allHaveAll(cluster, seed);
        cluster.run(Duration.ofSeconds(20));
        eachHasOneRunner(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPollerCutFromOneMasterTellsItThroughAnother(long seed) {
        SimulatedCluster cluster = started(seed, 3, 2, 0);
        cluster.network().cut("poller1", "master1");
        cluster.network().cut("poller1", "master3");
        cluster.run(Duration.ofSeconds(8));
        cluster.checkEverything();
        cluster.run(SOON);
        allHaveAll(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatADeadNodeCouldTellOneOnlyReachesAll(long seed) {
        SimulatedCluster cluster = started(seed, 3, 1, 0);
        for (String other : List.of("master2", "poller1")) {
            cluster.network().cutOneWay("master1", other);
        }
        cluster.checkEverything();
        cluster.run(Duration.ofMillis(400));
        cluster.node("master1").kill();
        cluster.run(SOON);
        allHaveAll(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsFoundBelowAPollerReachesTheMastersWhoeverWasAway(long seed) {
        SimulatedCluster cluster = started(seed, 2, 1, 2);
        allHaveAll(cluster, seed);
        assertThat(cluster.node("sub1").kept().sent).isNotEmpty();
        cluster.node("master2").kill();
        cluster.checkEverything();
        cluster.run(Duration.ofSeconds(3));
        cluster.node("poller1").killDaemon();
        cluster.checkEverything();
        cluster.run(Duration.ofSeconds(3));
        cluster.node("poller1").startDaemon();
        cluster.run(Duration.ofSeconds(3));
        cluster.node("master2").startDaemon();
        cluster.node("master2").startModule();
        cluster.run(Duration.ofSeconds(60));
        allHaveAll(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatAMasterFindsOfAnObjectOfAPollersPollerReachesThatOne(long seed) {
        SimulatedCluster cluster = started(seed, 2, 1, 2);
        SimulatedNode sub = cluster.node("sub1");
        sub.killModule();
        cluster.node("poller1").killModule();
        cluster.run(SOON);
        String master = onlyRunnerOf(cluster, sub.slots().object(0));
        StreamId stream = cluster.node(master).module().orElseThrow().stream();
        assertThat(sub.kept().applied).doesNotContainKey(stream);
        cluster.checkEverything();
        cluster.run(SOON);
        sub.startModule();
        cluster.run(SOON);
        assertThat(sub.kept().applied).containsKey(stream);
    }

    private static String onlyRunnerOf(SimulatedCluster cluster, MonitoredObject object) {
        List<String> runners = cluster.runnersOf(object);
        assertThat(runners).hasSize(1);
        return runners.get(0);
    }

    static LongStream seeds() {
        return Seeds.upTo(40, 268, 75_862_357_688_888L);
    }

    /** Peers stay in one piece, and each poller has at least one of them; what is left of the links changes again and again. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void allHaveAllAsLongAsThereIsAWay(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int masters = 3 + random.nextInt(4);
        int pollers = random.nextInt(3);
        SimulatedCluster cluster = started(seed, masters, pollers, 0);
        for (int step = 0; step < 6; step++) {
            cluster.network().healAll();
            cutSome(cluster, random, masters, pollers);
            cluster.run(Duration.ofMillis(random.nextInt(20_000)));
            cluster.checkEverything();
            SimulatedNode node =
                    cluster.nodes().get(random.nextInt(cluster.nodes().size()));
            if (random.nextInt(3) == 0) {
                node.killDaemon();
                cluster.run(Duration.ofMillis(random.nextInt(5_000)));
                cluster.checkEverything();
                node.startDaemon();
            }
        }
        cluster.run(Duration.ofSeconds(90));
        allHaveAll(cluster, seed);
        cluster.run(Duration.ofSeconds(660)); // for so long nodes that came and went may be kept out of rings
        eachHasOneRunner(cluster, seed);
    }

    /** The ring is all that hangs together, not only whom one sees. */
    private static void eachHasOneRunner(SimulatedCluster cluster, long seed) {
        assertThat(cluster.objects())
                .allSatisfy(object -> assertThat(cluster.runnersOf(object))
                        .as("seed %d, %s%n%s", seed, object, cluster.picture())
                        .hasSize(1));
    }

    private static void cutSome(SimulatedCluster cluster, SplittableRandom random, int masters, int pollers) {
        for (int a = 2; a <= masters; a++) {
            int kept = 1 + random.nextInt(a - 1);
            for (int b = 1; b < a; b++) {
                if (b != kept && random.nextInt(4) > 0) {
                    cluster.network().cut("master" + a, "master" + b);
                }
            }
        }
        for (int poller = 1; poller <= pollers; poller++) {
            int kept = 1 + random.nextInt(masters);
            for (int b = 1; b <= masters; b++) {
                if (b != kept && random.nextInt(4) > 0) {
                    cluster.network().cut("poller" + poller, "master" + b);
                }
            }
        }
    }
}
