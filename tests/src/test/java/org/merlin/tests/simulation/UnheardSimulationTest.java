package org.merlin.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.module.Memory;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.wire.Message;

/**
 * What people did at a node whose daemon could not take it, and whose scheduler was started again with all that it had kept, is told
 * again: with real modules, and the schedulers of the chaos.
 */
class UnheardSimulationTest {
    private static final Duration A_WHILE = Duration.ofSeconds(20);
    private static final long SECOND = 1_000_000_000L;
    private static final ChaosShape SHAPE = new ChaosShape(3, List.of(1), false, List.of(true), false, false, 0, 90);

    @TempDir
    Path folder;

    private World world;
    private Network network;
    private final Map<String, ChaosNode> nodes = new LinkedHashMap<>();

    private void start(long seed) {
        start(seed, SHAPE);
    }

    private void start(long seed, ChaosShape shape) {
        world = new World(seed);
        network = new Network(world);
        for (String name : shape.names()) {
            ChaosNode node = new ChaosNode(
                    world,
                    network,
                    shape.conf(name, folder.resolve(name)),
                    shape.objects(name, Optional.empty()),
                    world.random().nextLong(-600_000_000L, 600_000_000L),
                    5 * SECOND,
                    SECOND,
                    new Quiet());
            nodes.put(name, node);
            node.start();
        }
        run(A_WHILE);
    }

    private void run(Duration time) {
        world.run(time.toNanos());
    }

    private ChaosNode node(String name) {
        return nodes.get(name);
    }

    private void people(String at, Consumer<SimulatedScheduler> what) {
        node(at).people(what);
    }

    private int index(String at, String host) {
        return node(at).indexOf(MonitoredObject.ofHost(host));
    }

    /** Every second host has a problem that stays. */
    private static final class Quiet implements ChaosNode.Surroundings {
        @Override
        public int truth(MonitoredObject object) {
            return object.name().equals("host1") || object.name().equals("site00") ? 1 : 0;
        }

        @Override
        public String problem(MonitoredObject object) {
            return "g1";
        }

        @Override
        public String words() {
            return "";
        }

        @Override
        public boolean checking() {
            return true;
        }

        @Override
        public void onSchedulerStart(String node, List<Memory.Applied> applied) {}

        @Override
        public void onLocal(String node, Message message) {}

        @Override
        public void onMail(String node, MonitoredObject object, int state, String output) {}

        @Override
        public void onApplied(String node, MonitoredObject object, String output, boolean history) {}

        @Override
        public void onResult(String node, MonitoredObject object) {}
    }

    /** By object, what people see of it on a node, without results: checks go on. */
    private Map<String, String> shown(String node) {
        Map<String, String> shown = new TreeMap<>();
        node(node)
                .shown()
                .forEach((object, lines) -> shown.put(
                        object,
                        String.join(
                                "; ",
                                List.of(lines.split("; ")).stream()
                                        .filter(line -> !line.startsWith("state "))
                                        .map(line -> line.replace(SimulatedScheduler.REMARK, "comment "))
                                        .sorted()
                                        .toList())));
        return shown;
    }

    private void allShowTheSame(long seed) {
        Map<String, String> first = shown("master1");
        for (String name : nodes.keySet()) {
            shown(name)
                    .forEach((object, lines) -> assertThat(lines)
                            .as("seed %d: %s of %s", seed, object, name)
                            .isEqualTo(first.get(object)));
        }
    }

    /** Nothing that a scheduler says from now on is taken: what it has kept outlives what was to tell it. */
    private void saidInVain(String at, Consumer<SimulatedScheduler> what) {
        node(at).disk().full(true);
        run(Duration.ofSeconds(10));
        people(at, what);
        run(Duration.ofSeconds(3)); // it is kept
        node(at).killScheduler();
    }

    private void thereIsRoomAgain(String at) {
        node(at).startScheduler();
        run(Duration.ofSeconds(5));
        node(at).disk().full(false);
        run(A_WHILE);
    }

    private void doesEverything(SimulatedScheduler scheduler, int fine, int problem, int ours) {
        scheduler.turn(fine, "checks", "0");
        scheduler.comment(fine, "a comment");
        scheduler.schedule(fine, "a downtime");
        scheduler.acknowledge(problem, "an acknowledgement", true);
        scheduler.comment(ours, "a comment for the poller");
        scheduler.acknowledge(ours, "an acknowledgement for the poller", true);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatWasSaidWhileADiskWasFullReachesAllThoughItsSchedulerWasStartedAgain(long seed) {
        start(seed);
        int fine = index("master2", "host0");
        int problem = index("master2", "host1");
        int ours = index("master2", "site00");
        saidInVain("master2", scheduler -> doesEverything(scheduler, fine, problem, ours));
        assertThat(shown("master1").get("host0")).as("seed %d", seed).isEmpty();
        thereIsRoomAgain("master2");
        assertThat(shown("master1"))
                .as("seed %d", seed)
                .containsEntry(
                        "host0",
                        "comment a comment; comment a downtime; downtime a downtime; switch HOST host0  checks = 0")
                .containsEntry("host1", "acknowledged an acknowledgement; comment an acknowledgement")
                .containsEntry(
                        "site00",
                        "acknowledged an acknowledgement for the poller; comment a comment for the poller; "
                                + "comment an acknowledgement for the poller");
        allShowTheSame(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void itIsToldOnceAndWhatIsDeletedLaterStaysDeleted(long seed) {
        start(seed);
        int fine = index("master2", "host0");
        saidInVain("master2", scheduler -> {
            scheduler.comment(fine, "one");
            scheduler.schedule(fine, "two");
        });
        thereIsRoomAgain("master2");
        people("master3", scheduler -> {
            scheduler.deleteSomeComment();
            scheduler.deleteSomeDowntime();
        });
        run(A_WHILE);
        for (String name : List.of("master1", "master2", "master3")) {
            node(name).killScheduler();
            run(Duration.ofSeconds(2));
            node(name).startScheduler();
            run(A_WHILE);
        }
        assertThat(shown("master2").get("host0")).as("seed %d", seed).isEmpty();
        allShowTheSame(seed);
    }

    /** Its own daemon had passed it on before the power went, and the log did not keep it. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatOthersHeardBeforeThePowerWentIsNotThereTwice(long seed) {
        start(seed);
        int fine = index("master2", "host0");
        node("master2").disk().slow(Duration.ofSeconds(30).toNanos(), 0);
        people("master2", scheduler -> {
            scheduler.comment(fine, "one");
            scheduler.schedule(fine, "two");
        });
        run(Duration.ofSeconds(3));
        node("master2").kill();
        node("master2").disk().losePower();
        node("master2").disk().slow(0, 0);
        people("master3", SimulatedScheduler::deleteSomeComment);
        run(Duration.ofSeconds(3));
        node("master2").start();
        run(A_WHILE);
        assertThat(shown("master1").get("host0")).as("seed %d", seed).isEqualTo("comment two; downtime two");
        allShowTheSame(seed);
    }

    @Test
    void theCommentOfAnAcknowledgementThatIsOverReachesWhoComesLate() {
        start(1, new ChaosShape(2, List.of(), false, List.of(), false, false, 0, 90));
        int problem = index("master1", "host1");
        people("master1", scheduler -> scheduler.acknowledge(problem, "mine", true));
        run(Duration.ofSeconds(1));
        people("master1", scheduler -> scheduler.unacknowledge(problem));
        run(Duration.ofMinutes(12)); // the state table is in its file, and the log forgets
        node("master2").kill();
        node("master2").empty();
        node("master2").start();
        run(A_WHILE);
        assertThat(shown("master2").get("host1")).isEqualTo("comment mine");
        allShowTheSame(1);
    }
}
