package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.event.MonitoredObject;

/** A node is stopped for maintenance, and no check is without a runner for a moment. */
class DrainSimulationTest {
    private final SimulatedCluster cluster = new SimulatedCluster(5, 3, 1);

    private void settle() {
        cluster.start();
        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.settled()).as(cluster.picture()).isTrue();
    }

    private List<List<String>> runners() {
        return cluster.objects().stream().map(cluster::runnersOf).toList();
    }

    private void watch(Duration duration) {
        for (long millis = 0; millis < duration.toMillis(); millis += 10) {
            cluster.run(Duration.ofMillis(10));
            for (MonitoredObject object : cluster.objects()) {
                assertThat(cluster.runnersOf(object))
                        .as("%s: %s", object, cluster.picture())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void aDrainedNodeIsStoppedWithoutAGapAndTakesItsChecksBackWhenItIsTold() {
        settle();
        List<List<String>> before = runners();
        assertThat(cluster.node("master1").whyNotStop("master2"))
                .containsExactly("it is not drained: mon node drain master2");
        assertThat(cluster.node("master1").drain("master2", true, false)).isEmpty();
        watch(Duration.ofSeconds(1));
        assertThat(cluster.node("master1").whyNotStop("master2"))
                .containsExactly("its checks are being handed over: see mon node status");
        watch(Duration.ofSeconds(20));
        assertThat(cluster.node("master1").whyNotStop("master2")).isEmpty();
        assertThat(cluster.node("master2").whyNotStop("master2")).isEmpty();
        assertThat(runners()).allSatisfy(names -> assertThat(names).hasSize(1).doesNotContain("master2"));

        cluster.checkEverything();
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.node("master2").kept().applied.values().stream()
                        .mapToLong(List::size)
                        .sum())
                .as("it knows what others find")
                .isEqualTo(cluster.objects().size());

        cluster.node("master2").kill();
        watch(Duration.ofSeconds(20));
        cluster.node("master2").startDaemon();
        cluster.node("master2").startModule();
        watch(Duration.ofSeconds(30));
        assertThat(runners())
                .as("it is drained still")
                .allSatisfy(names -> assertThat(names).hasSize(1).doesNotContain("master2"));

        assertThat(cluster.node("master3").drain("master2", false, false)).isEmpty();
        watch(Duration.ofSeconds(30));
        assertThat(runners()).isEqualTo(before);
    }

    @Test
    void aPollersChecksAreRunByItsMastersWhileItIsDrained() {
        settle();
        assertThat(cluster.node("master1").drain("poller1", true, false)).isEmpty();
        watch(Duration.ofSeconds(20));
        assertThat(cluster.node("master1").whyNotStop("poller1")).isEmpty();
        assertThat(runners()).allSatisfy(names -> assertThat(names).hasSize(1).doesNotContain("poller1"));
    }

    @Test
    void whoAloneCouldRunTheChecksIsDrainedOnlyByForceAndRunsThemStill() {
        settle();
        cluster.node("master1").drain("master1", true, false);
        cluster.node("master1").drain("master2", true, false);
        watch(Duration.ofSeconds(20));
        assertThat(cluster.node("master1").drain("master3", true, false))
                .containsExactly("no other node could run its checks (--force drains it all the same)");
        assertThat(cluster.node("master1").whyNotStop("master3")).contains("no other node could run its checks");
        assertThat(cluster.node("master1").drain("master3", true, true)).isEmpty();
        watch(Duration.ofSeconds(20));
        assertThat(runners()).allSatisfy(names -> assertThat(names).hasSize(1));
    }

    @Test
    void aPollerMayNotDrainItsMasters() {
        settle();
        assertThat(cluster.node("poller1").drain("master1", true, false))
                .containsExactly("it is a master of this node; ask it, or one of its peers");
        assertThat(cluster.node("master1").drain("nobody", true, false)).hasSize(1);
        assertThat(cluster.node("master1").whyNotStop("nobody")).hasSize(1);
        cluster.node("master2").kill();
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.node("master1").drain("master2", true, false))
                .containsExactly("it is not connected; ask it on its own machine");
        assertThat(cluster.node("master1").whyNotStop("master2"))
                .containsExactly("it is not connected: what it has not delivered yet is not known here");
    }
}
