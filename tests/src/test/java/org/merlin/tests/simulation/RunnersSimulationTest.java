package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.event.MonitoredObject;

/** Who runs what, where nodes are neither there nor gone. All clocks are wrong by up to ten minutes. */
final class RunnersSimulationTest {
    private static final int EXPIRY_SECONDS = SimulatedModule.CHECK_TIMEOUT_SECONDS + 30;

    private static SimulatedCluster started(long seed, int masters, int pollers) {
        SimulatedCluster cluster = new SimulatedCluster(seed, masters, pollers);
        cluster.start();
        checkFor(cluster, 30);
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
        return cluster;
    }

    /** All checks are due every five seconds. */
    private static void checkFor(SimulatedCluster cluster, int seconds) {
        for (int second = 0; second < seconds; second += 5) {
            cluster.checkEverything();
            cluster.run(Duration.ofSeconds(5));
        }
    }

    private static void noResultIsMissing(SimulatedCluster cluster, long forSeconds) {
        for (SimulatedNode node : cluster.nodes()) {
            for (MonitoredObject object : cluster.objects()) {
                assertThat(cluster.secondsWithoutResult(node, object))
                        .as("%s at %s", object, node.name())
                        .isLessThanOrEqualTo(forSeconds);
            }
        }
    }

    @Test
    void checksOfANodeThatLivesAndBringsNoResultsAreRunByTheNextInLine() {
        SimulatedCluster cluster = started(1, 3, 0);
        cluster.node("master2").module().orElseThrow().stick(true);
        for (int i = 0; i < 20; i++) {
            checkFor(cluster, 5);
            noResultIsMissing(cluster, EXPIRY_SECONDS + 10);
        }
        checkFor(cluster, EXPIRY_SECONDS);
        for (int i = 0; i < 20; i++) {
            checkFor(cluster, 5);
            noResultIsMissing(cluster, 10); // from now on at their own interval
        }
        assertThat(cluster.node("master1").module().orElseThrow().overdue()
                        + cluster.node("master3").module().orElseThrow().overdue())
                .as("whoever took them over knows that they are not his")
                .isPositive();
        cluster.node("master2").module().orElseThrow().stick(false);
        checkFor(cluster, 30);
        assertThat(cluster.node("master1").module().orElseThrow().overdue()).isZero();
        assertThat(cluster.node("master3").module().orElseThrow().overdue()).isZero();
    }

    @Test
    void whereTwoAreStuckTheThirdRunsTheirChecks() {
        SimulatedCluster cluster = started(2, 3, 0);
        cluster.node("master1").module().orElseThrow().stick(true);
        cluster.node("master2").module().orElseThrow().stick(true);
        checkFor(cluster, EXPIRY_SECONDS + 30 + 10);
        for (int i = 0; i < 20; i++) {
            checkFor(cluster, 5);
            noResultIsMissing(cluster, 10);
        }
    }

    @Test
    void aNodeThatPulsesButWhoseSchedulerHangsIsInNoRing() {
        SimulatedCluster cluster = started(3, 3, 1);
        cluster.node("master3").module().orElseThrow().hang(true);
        cluster.node("poller1").module().orElseThrow().hang(true);
        checkFor(cluster, 30);
        for (int i = 0; i < 20; i++) {
            checkFor(cluster, 5);
            for (MonitoredObject object : cluster.objects()) {
                assertThat(cluster.secondsWithoutResult(cluster.node("master1"), object))
                        .as(object.toString())
                        .isLessThanOrEqualTo(10);
            }
        }
        cluster.node("master3").module().orElseThrow().hang(false);
        cluster.node("poller1").module().orElseThrow().hang(false);
        checkFor(cluster, 60);
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
    }

    static LongStream seeds() {
        return Seeds.upTo(20);
    }

    /** With a third of the pulses lost nodes seem to come and go; somebody runs each check at any moment. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void withAThirdOfThePulsesLostEveryCheckHasARunner(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedCluster cluster = started(seed, 2 + random.nextInt(5), random.nextInt(3));
        cluster.network().losePulses(0.3);
        for (int step = 0; step < 600; step++) {
            cluster.run(Duration.ofMillis(200));
            assertThat(cluster.objects())
                    .allSatisfy(object -> assertThat(cluster.runnersOf(object))
                            .as("%s, %s", Seeds.again(seed), object)
                            .isNotEmpty());
        }
        cluster.network().losePulses(0);
        cluster.settle();
        assertThat(cluster.objects())
                .allSatisfy(object -> assertThat(cluster.runnersOf(object))
                        .as("%s, %s%n%s", Seeds.again(seed), object, cluster.picture())
                        .hasSize(1));
    }

    /** A link that breaks and mends every few seconds: its node is kept out of rings until it is quiet, and nobody lacks a runner. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aNodeThatComesAndGoesIsKeptOutUntilItIsQuiet(long seed) {
        SimulatedCluster cluster = started(seed, 2, 0);
        int movedEarly = 0;
        int movedLate = 0;
        for (int round = 0; round < 12; round++) {
            List<String> before = cluster.ring("master1");
            cluster.network().cut("master1", "master2");
            cluster.run(Duration.ofSeconds(8));
            cluster.network().healAll();
            cluster.run(Duration.ofSeconds(8));
            assertThat(cluster.objects())
                    .allSatisfy(object -> assertThat(cluster.runnersOf(object)).isNotEmpty());
            boolean moved = !cluster.ring("master1").equals(List.of("master1"));
            movedEarly += round < 2 && moved ? 1 : 0;
            movedLate += round >= 3 && moved ? 1 : 0;
            assertThat(before).isNotEmpty();
        }
        assertThat(movedEarly).isPositive();
        assertThat(movedLate).isZero();
        cluster.settle();
        assertThat(cluster.ring("master1")).containsExactly("master1", "master2");
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
    }

    static LongStream seedsOfComing() {
        return Seeds.upTo(40, 16896045995293L);
    }

    /** Who is told of it by others before its own packets come does not take it for gone in between. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seedsOfComing")
    void aNodeThatComesBackIsTakenInOnce(long seed) {
        SimulatedCluster cluster = started(seed, 4, 0);
        cluster.network().delayUnevenly(Duration.ofMillis(400));
        cluster.node("master4").kill();
        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.ring("master1")).containsExactly("master1", "master2", "master3");
        cluster.node("master4").startDaemon();
        cluster.node("master4").startModule();
        Map<String, List<Boolean>> in = new TreeMap<>();
        for (int step = 0; step < 8_000; step++) {
            cluster.run(Duration.ofMillis(1));
            for (String name : List.of("master1", "master2", "master3")) {
                List<Boolean> seen = in.computeIfAbsent(name, any -> new ArrayList<>(List.of(false)));
                boolean now = cluster.ring(name).contains("master4");
                if (now != seen.get(seen.size() - 1)) {
                    seen.add(now);
                }
            }
        }
        assertThat(in)
                .as(Seeds.again(seed))
                .allSatisfy((name, seen) -> assertThat(seen).containsExactly(false, true));
    }
}
