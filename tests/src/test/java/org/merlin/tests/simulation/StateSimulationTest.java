package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.PacketType;

/** Nodes that come without, or have lost, what the others know are given it. */
class StateSimulationTest {
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    private static SimulatedCluster started(long seed, int masters, int pollers, int subs) {
        SimulatedCluster cluster = new SimulatedCluster(seed, masters, pollers, subs);
        cluster.start();
        cluster.run(A_WHILE);
        checks(cluster, 3);
        return cluster;
    }

    private static void checks(SimulatedCluster cluster, int rounds) {
        for (int i = 0; i < rounds; i++) {
            cluster.checkEverything();
            cluster.run(Duration.ofSeconds(1));
        }
    }

    private static void start(SimulatedNode node) {
        node.startDaemon();
        node.startModule();
    }

    /** All masters know the same; a poller's daemon knows what of it concerns the poller. */
    private static void allKnowTheSame(SimulatedCluster cluster, long seed) {
        List<ByteBuffer> first = cluster.node("master1").state();
        assertThat(first).as(Seeds.again(seed)).hasSize(cluster.objects().size());
        for (SimulatedNode node : cluster.nodes()) {
            if (node.name().startsWith("master")) {
                assertThat(node.state())
                        .as("%s: what %s knows", Seeds.again(seed), node.name())
                        .isEqualTo(first);
            }
            assertThat(node.kept().revisions.keySet())
                    .as("%s: whose state %s's scheduler knows", Seeds.again(seed), node.name())
                    .hasSize(node.slots().size());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anEmptiedPeerGetsTheStateOfTheOthersAndNothingCountsAsLost(long seed) {
        SimulatedCluster cluster = started(seed, 3, 1, 0);
        SimulatedNode node = cluster.node("master2");
        node.kill();
        checks(cluster, 2);
        node.empty();
        start(node);
        cluster.run(A_WHILE);
        allKnowTheSame(cluster, seed);
        assertThat(node.kept().lost).isZero();
        assertThat(node.view().orElseThrow().log().gaps()).isZero();
        checks(cluster, 2);
        cluster.run(A_WHILE);
        allKnowTheSame(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anEmptiedPollerAndItsOnlyMasterEmptiedGetTheirsToo(long seed) {
        SimulatedCluster cluster = started(seed, 1, 1, 2);
        for (String name : List.of("poller1", "sub1", "master1")) {
            SimulatedNode node = cluster.node(name);
            node.kill();
            cluster.run(Duration.ofSeconds(1));
            node.empty();
            start(node);
            cluster.run(A_WHILE);
            assertThat(node.kept().revisions.keySet())
                    .as("%s %s", name, Seeds.again(seed))
                    .hasSizeGreaterThanOrEqualTo(
                            name.equals("master1") ? 3 : node.slots().size());
            checks(cluster, 1);
            cluster.run(A_WHILE);
            allKnowTheSame(cluster, seed);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whereAllAreNewTheyBeginAtOnce(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed, 3, 1, 0);
        cluster.start();
        cluster.run(Duration.ofSeconds(4));
        cluster.checkEverything();
        cluster.run(Duration.ofSeconds(1));
        ClusterSimulationTest.everyAcceptedEventIsAtEveryMasterOnce(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatANewNodeHasHeardAndNoLongerHasForALateOneItsStateTableTells(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed, 3, 0, 0);
        SimulatedNode node = cluster.node("master2");
        start(cluster.node("master1"));
        cluster.run(Duration.ofSeconds(5));
        checks(cluster, 2);
        cluster.node("master1").dropBacklogOf("master2");
        cluster.run(Duration.ofSeconds(2));
        start(node); // both are new yet: they wait for the third
        cluster.run(Duration.ofSeconds(80));
        assertThat(node.kept().revisions)
                .as(Seeds.again(seed))
                .hasSize(cluster.objects().size());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void newNodesBeginThoughOneIsNotThereYet(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed, 3, 0, 0);
        SimulatedNode late = cluster.node("master3");
        SimulatedNode node = cluster.node("master2");
        start(cluster.node("master1"));
        start(node);
        cluster.run(Duration.ofSeconds(70));
        node.kill();
        cluster.run(A_WHILE);
        checks(cluster, 2);
        cluster.node("master1").dropBacklogOf("master2");
        cluster.run(Duration.ofSeconds(2));
        start(node);
        cluster.run(A_WHILE);
        assertThat(node.kept().revisions)
                .as(Seeds.again(seed))
                .hasSize(cluster.objects().size());
        cluster.node("master1").dropBacklogOf("master3");
        cluster.run(Duration.ofSeconds(2));
        start(late);
        cluster.run(A_WHILE);
        allKnowTheSame(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatOneNoLongerHasForAnotherAThirdBrings(long seed) {
        SimulatedCluster cluster = started(seed, 3, 0, 0);
        SimulatedNode node = cluster.node("master2");
        node.kill();
        checks(cluster, 5);
        cluster.node("master1").dropBacklogOf("master2");
        cluster.run(Duration.ofSeconds(2));
        start(node);
        cluster.run(A_WHILE);
        ClusterSimulationTest.everyAcceptedEventIsAtEveryMasterOnce(cluster, seed);
        assertThat(node.kept().lost).isZero();
        assertThat(node.view().orElseThrow().log().gaps()).isZero();
        allKnowTheSame(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void forWhatNobodyHasAnyMoreTheStateTableStandsAndItIsCounted(long seed) {
        SimulatedCluster cluster = started(seed, 2, 0, 0);
        SimulatedNode node = cluster.node("master2");
        node.kill();
        checks(cluster, 5);
        cluster.node("master1").dropBacklogOf("master2");
        cluster.run(Duration.ofSeconds(2));
        start(node);
        cluster.run(A_WHILE);
        long gaps = node.view().orElseThrow().log().gaps();
        assertThat(gaps).as(Seeds.again(seed)).isGreaterThan(0);
        assertThat(node.kept().lost).isEqualTo(gaps);
        allKnowTheSame(cluster, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatALogLostOfItsOwnWithThePowerComesBack(long seed) {
        SimulatedCluster cluster = started(seed, 2, 0, 0);
        SimulatedNode node = cluster.node("master2");
        checks(cluster, 3);
        node.kill();
        cluster.run(Duration.ofSeconds(1));
        node.loseTail(4);
        start(node);
        cluster.run(A_WHILE);
        allKnowTheSame(cluster, seed);
        checks(cluster, 1);
        ClusterSimulationTest.everyAcceptedEventIsAtEveryMasterOnce(cluster, seed);
    }

    /** Names that were given out twice would hide what is said now behind what was said then. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aMachineThatIsSetBackWhileItRunsGoesOnInANewEpoch(long seed) {
        SimulatedCluster cluster = started(seed, 3, 0, 0);
        SimulatedNode node = cluster.node("master2");
        SimulatedModule module = node.module().orElseThrow();
        long said = module.sequence();
        checks(cluster, 2);
        int epoch = module.stream().epoch();
        node.killDaemon();
        cluster.run(Duration.ofMillis(100)); // the module has seen it go
        node.loseTail(12);
        module.setBack(said);
        node.startDaemon();
        cluster.run(A_WHILE);
        assertThat(module.stream().epoch()).isGreaterThan(epoch);
        checks(cluster, 2);
        cluster.run(A_WHILE);
        allKnowTheSame(cluster, seed);
        for (String other : List.of("master1", "master3")) {
            assertThat(cluster.node(other).kept().applied.get(module.stream()))
                    .as("%s: what %s heard since", Seeds.again(seed), other)
                    .hasSize((int) module.sequence());
        }
    }

    /** Neighbours have events sooner than our own log: after a kill they may have more of the run than we do, and its module has all. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aDaemonThatIsKilledBeforeItsLogHasWhatItSentBeginsNoNewEpoch(long seed) {
        SimulatedCluster cluster = started(seed, 3, 0, 0);
        SimulatedNode node = cluster.node("master2");
        SimulatedModule module = node.module().orElseThrow();
        int epoch = module.stream().epoch();
        for (int i = 0; i < 20; i++) {
            node.findDaemonAfter(Duration.ofMillis(1 + i));
            cluster.checkEverything();
            cluster.run(Duration.ofMillis(3)); // it is sent, and not all of it appended
            node.killDaemon();
            cluster.run(Duration.ofMillis(50));
            node.startDaemon();
            cluster.run(A_WHILE);
        }
        assertThat(module.stream().epoch()).as(Seeds.again(seed)).isEqualTo(epoch);
        ClusterSimulationTest.everyAcceptedEventIsAtEveryMasterOnce(cluster, seed);
    }

    static LongStream seeds() {
        return Seeds.upTo(40);
    }

    /** Any node may be emptied, or lose its log's end, one after another, while others die and come back. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void inTheEndAllKnowTheSame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedCluster cluster = started(seed, 2 + random.nextInt(4), random.nextInt(3), 0);
        for (int step = 0; step < 5; step++) {
            SimulatedNode node =
                    cluster.nodes().get(random.nextInt(cluster.nodes().size()));
            SimulatedNode other =
                    cluster.nodes().get(random.nextInt(cluster.nodes().size()));
            node.kill();
            checks(cluster, 1 + random.nextInt(3));
            switch (random.nextInt(3)) {
                case 0 -> node.empty();
                case 1 -> node.loseTail(random.nextInt(10));
                default -> {}
            }
            if (other != node && random.nextBoolean()) {
                other.killDaemon();
                cluster.run(Duration.ofMillis(random.nextInt(3_000)));
                start(node);
                other.startDaemon();
            } else {
                start(node);
            }
            cluster.run(Duration.ofMillis(random.nextInt(8_000)));
            checks(cluster, 1);
            cluster.run(A_WHILE);
        }
        checks(cluster, 1);
        cluster.run(Duration.ofSeconds(60));
        allKnowTheSame(cluster, seed);
    }

    /** Of our runs that we remember no more nothing is lost, though somebody who was away still speaks of them. */
    @Test
    void runsThatAreLongOverAreAskedBackOfNobody() {
        SimulatedCluster cluster = new SimulatedCluster(1, 2, 0);
        cluster.start();
        cluster.checkEverything();
        cluster.run(Duration.ofSeconds(20));
        cluster.network().cut("master1", "master2");
        for (int i = 0; i < 20; i++) {
            cluster.node("master1").killModule();
            cluster.node("master1").startModule();
            cluster.checkEverything();
            cluster.run(Duration.ofSeconds(10));
        }
        AtomicInteger asked = new AtomicInteger();
        cluster.network().tap((from, to, message) -> {
            if (message instanceof Message.Control control && control.code() == PacketType.MARKS) {
                asked.addAndGet(wanted(control));
            }
        });
        cluster.network().healAll();
        cluster.run(Duration.ofSeconds(60));
        assertThat(asked).hasValue(0);
    }

    private static int wanted(Message.Control control) {
        try {
            Marks marks = Marks.decode(control.body().duplicate());
            return marks.kind() == Marks.Kind.WANTED ? marks.marks().size() : 0;
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
    }
}
