package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.daemon.status.ClusterView;
import org.merlin.protocol.event.MonitoredObject;

/**
 * Nodes with different lists: whatever they have loaded, each check has a runner, once they know each other's lists one, and by its slot
 * when lists are the same again.
 */
final class DifferentListsSimulationTest {
    private static final Duration STEP = Duration.ofMillis(100);
    /** What a scheduler has loaded no more may have no runner until others hear of it. */
    private static final int HEARD_STEPS = 3;

    static LongStream seeds() {
        return Seeds.upTo(20);
    }

    /**
     * One cluster and its checker: an object may be without a runner only for as long as it takes to be heard of that a node has it no
     * more, since others may leave it to that node meanwhile.
     */
    private static final class Watched {
        final long seed;
        final SplittableRandom random;
        final SimulatedCluster cluster;
        final Map<MonitoredObject, Integer> excusedUntil = new HashMap<>();
        int heardSteps = HEARD_STEPS;
        int steps;

        Watched(long seed, int masters, int pollers) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            cluster = new SimulatedCluster(seed, masters, pollers);
            cluster.start();
            cluster.run(Duration.ofSeconds(20));
            assertThat(cluster.settled()).as(cluster.picture()).isTrue();
        }

        /** Nodes hear of the same thing at different times, up to this much later. */
        void delayUnevenly(int millis) {
            cluster.network().delayUnevenly(Duration.ofMillis(millis));
            heardSteps += 1 + millis / (int) STEP.toMillis();
        }

        void step() {
            cluster.run(STEP);
            steps++;
            for (MonitoredObject object : cluster.objects()) {
                if (cluster.anybodyHas(object) && excusedUntil.getOrDefault(object, 0) < steps) {
                    assertThat(cluster.runnersOf(object))
                            .as(() -> Seeds.again(seed) + ", " + object + "\n" + cluster.picture())
                            .isNotEmpty();
                }
            }
        }

        void run(int seconds) {
            for (int i = 0; i < seconds * 1000 / STEP.toMillis(); i++) {
                step();
            }
        }

        String anyNode() {
            return cluster.nodes().get(random.nextInt(cluster.nodes().size())).name();
        }

        void loadSome(String node) {
            List<MonitoredObject> some = new ArrayList<>();
            for (MonitoredObject object : cluster.objects()) {
                if (random.nextInt(5) > 0) {
                    some.add(object);
                }
            }
            load(node, some);
        }

        void load(String node, List<MonitoredObject> objects) {
            for (MonitoredObject object : cluster.objects()) {
                if (SimulatedCluster.has(cluster.node(node), object) && !objects.contains(object)) {
                    excusedUntil.put(object, steps + heardSteps);
                }
            }
            cluster.load(node, objects);
        }

        boolean exactlyOneEach() {
            return cluster.objects().stream()
                    .allMatch(object -> cluster.runnersOf(object).size() == (cluster.anybodyHas(object) ? 1 : 0));
        }

        /** Who came and went is kept out of rings for a while. */
        void untilExactlyOneEach() {
            run(20);
            for (int i = 0; i < 180 && !exactlyOneEach(); i++) {
                run(5);
            }
            assertThat(cluster.objects())
                    .allSatisfy(object -> assertThat(cluster.runnersOf(object))
                            .as(() -> Seeds.again(seed) + ", " + object + "\n" + cluster.picture())
                            .hasSize(cluster.anybodyHas(object) ? 1 : 0));
        }

        /** As a push does it: all nodes, one after the other. */
        void loadAllEverywhere() {
            for (SimulatedNode node : cluster.nodes()) {
                load(node.name(), cluster.objects());
                run(1 + random.nextInt(8));
            }
        }

        String listsOf(String node) {
            return cluster.node(node).view().orElseThrow().rings().get(0).lists();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverNodesHaveLoadedEachObjectHasARunnerAndSoonExactlyOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Watched watched = new Watched(seed, 2 + random.nextInt(4), random.nextInt(3));
        watched.delayUnevenly(random.nextInt(1500));
        for (SimulatedNode node : watched.cluster.nodes()) {
            watched.loadSome(node.name());
            watched.run(random.nextInt(6));
        }
        watched.untilExactlyOneEach();
        for (int i = 0; i < 4; i++) {
            watched.loadSome(watched.anyNode());
            watched.run(random.nextInt(5)); // it changes again while others still ask for it
        }
        watched.untilExactlyOneEach();
        watched.loadAllEverywhere();
        watched.untilExactlyOneEach();
        watched.cluster.settle();
        bySlots(watched);
    }

    private static void bySlots(Watched watched) {
        SimulatedCluster cluster = watched.cluster;
        assertThat(cluster.settled())
                .as("%s%n%s", Seeds.again(watched.seed), cluster.picture())
                .isTrue();
        List<String> ring = cluster.ring("master1");
        List<MonitoredObject> sorted = cluster.objects().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
        for (int slot = 0; slot < sorted.size(); slot++) {
            List<String> runners = cluster.runnersOf(sorted.get(slot));
            assertThat(runners).hasSize(1);
            if (runners.get(0).startsWith("master")) {
                assertThat(runners).containsExactly(ring.get(slot % ring.size()));
            }
        }
        for (SimulatedNode node : cluster.nodes()) {
            assertThat(node.view().orElseThrow().rings())
                    .extracting(ClusterView.RingState::lists)
                    .containsOnly("same");
        }
    }

    /** Links that are cut and mend, daemons and schedulers that are killed, while lists differ. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void withCutLinksAndDeadDaemonsToo(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        Watched watched = new Watched(seed, 2 + random.nextInt(3), random.nextInt(2));
        SimulatedCluster cluster = watched.cluster;
        // who is cut off from a node hears of its restart by its silence, or by what others tell
        watched.heardSteps =
                (int) (3 * SimulatedCluster.DATA_TIMEOUT.plusSeconds(1).toMillis() / STEP.toMillis());
        for (int round = 0; round < 4; round++) {
            watched.loadSome(watched.anyNode());
            watched.run(random.nextInt(4));
            String one = watched.anyNode();
            String other = watched.anyNode();
            switch (random.nextInt(3)) {
                case 0 -> cluster.network().cut(one, other);
                case 1 -> cluster.network().cutOneWay(one, other);
                default -> {
                    cluster.node(one).killDaemon();
                    watched.run(random.nextInt(9));
                    cluster.node(one).startDaemon();
                }
            }
            watched.run(40);
            cluster.network().healAll();
            watched.run(random.nextInt(20));
        }
        watched.untilExactlyOneEach();
        watched.loadAllEverywhere();
        watched.untilExactlyOneEach();
        cluster.settle();
        bySlots(watched);
    }

    @Test
    void objectsThatBothHaveAreSharedByHashAndOthersRunWhereTheyAreHad() {
        Watched watched = new Watched(1, 2, 0);
        List<MonitoredObject> objects = watched.cluster.objects();
        watched.load("master2", objects.subList(3, objects.size()));
        watched.run(30);
        assertThat(watched.listsOf("master1")).isEqualTo("by hash");
        for (MonitoredObject object : objects) {
            String byHash = "master" + (1 + Long.remainderUnsigned(object.key(), 2));
            assertThat(watched.cluster.runnersOf(object))
                    .containsExactly(objects.indexOf(object) < 3 ? "master1" : byHash);
        }
        assertThat(watched.cluster
                        .node("master1")
                        .view()
                        .orElseThrow()
                        .nodes()
                        .get(1)
                        .warnings())
                .anySatisfy(words -> assertThat(words).contains("the checks are shared by hash"));
    }

    @Test
    void whereOneDoesNotTellItsListEverythingIsRunByAllThatHaveIt() {
        Watched watched = new Watched(2, 3, 0);
        List<MonitoredObject> objects = watched.cluster.objects();
        watched.load("master2", objects.subList(3, objects.size()));
        watched.cluster.node("master2").module().orElseThrow().tellNoLists();
        watched.run(60);
        for (MonitoredObject object : objects) {
            assertThat(watched.cluster.runnersOf(object)).hasSize(objects.indexOf(object) < 3 ? 2 : 3);
        }
        assertThat(watched.listsOf("master1")).isEqualTo("different");
        watched.load("master2", objects);
        watched.cluster.settle();
        bySlots(watched);
    }

    /** Nobody can ask a node to which no link leads. */
    @Test
    void aNodeThatIsHeardOfOnlyIsWaitedForUnlessANeighbourHasTheSameList() {
        Watched watched = new Watched(3, 3, 0);
        List<MonitoredObject> objects = watched.cluster.objects();
        watched.cluster.network().cut("master1", "master3");
        watched.run(30);
        watched.heardSteps = 150;
        watched.load("master3", objects.subList(3, objects.size()));
        watched.run(30);
        assertThat(watched.listsOf("master1")).isEqualTo("different");
        assertThat(watched.cluster.runnersOf(objects.get(11))).hasSize(3);
        watched.load("master2", objects.subList(3, objects.size()));
        watched.run(40);
        assertThat(watched.listsOf("master1")).isEqualTo("by hash");
        assertThat(watched.exactlyOneEach()).as(watched.cluster.picture()).isTrue();
    }

    @Test
    void aMasterRunsWhatItsPollerHasNotLoadedYet() {
        Watched watched = new Watched(4, 2, 1);
        List<MonitoredObject> objects = watched.cluster.objects();
        watched.load("poller1", objects.subList(1, objects.size()));
        watched.run(30);
        assertThat(watched.cluster.runnersOf(objects.get(0))).hasSize(1).doesNotContain("poller1");
        assertThat(watched.cluster.runnersOf(objects.get(1))).containsExactly("poller1");
        watched.load("poller1", objects);
        watched.run(30);
        assertThat(watched.cluster.runnersOf(objects.get(0))).containsExactly("poller1");
    }
}
