package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.status.NodeView;

/** Embedded schedulers that read their configuration anew on SIGHUP, beside real daemons. */
@Timeout(300)
class EmbeddedReloadIT {
    private static final String PASSIVE = """
            define host {
              host_name passive
              active_checks_enabled 0
            }
            define service {
              host_name passive
              service_description s
              active_checks_enabled 0
              max_check_attempts 1
              flap_detection_enabled 0
            }
            """;
    /** For threads and files of the JVM's own. */
    private static final int SLACK = 3;

    @TempDir
    private Path work;

    private RealCluster cluster;

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private String objects(String... hosts) throws IOException {
        StringBuilder text = new StringBuilder(cluster.basics());
        for (String host : hosts) {
            text.append(RealCluster.host(host, "", "s"));
        }
        return text + PASSIVE;
    }

    private Path file(String node) throws IOException {
        return cluster.node(node).state().resolve("objects.cfg");
    }

    private void load(String node, String objects) throws Exception {
        Files.writeString(file(node), objects);
        cluster.at(node).reload();
    }

    private long said(String node, String text) throws IOException {
        return cluster.node(node).schedulerSaid(text);
    }

    private void startPeers(String... hosts) throws IOException {
        cluster = new RealCluster(work, RealScheduler.Kind.EMBEDDED);
        cluster.startPeers("luke", "yoda", objects(hosts));
    }

    @Test
    void statesAndDowntimesOfUntouchedObjectsStayAndNewOnesAreChecked() throws Exception {
        startPeers("a", "b");
        cluster.reach(2, "a;s");
        cluster.at("yoda").command("ACKNOWLEDGE_SVC_PROBLEM;a;s;1;0;1;ann;mine");
        cluster.at("yoda").command("SCHEDULE_HOST_DOWNTIME;a;1;9999999999;1;0;0;ann;works");
        cluster.onAll("downtime", at -> RealCluster.is(at, "a", "scheduled_downtime_depth", "1"));
        cluster.onAll("acknowledged", at -> RealCluster.is(at, "a;s", "problem_has_been_acknowledged", "1"));
        load("yoda", objects("a", "new"));
        load("luke", objects("a", "new"));
        cluster.awaitSettled();
        cluster.twoRounds("a;s", "new;s");
        cluster.onAll("downtime", at -> RealCluster.is(at, "a", "scheduled_downtime_depth", "1"));
        cluster.onAll("acknowledged", at -> RealCluster.is(at, "a;s", "problem_has_been_acknowledged", "1"));
        cluster.onAll("still bad", at -> RealCluster.isHard(at, "a;s", 2));
        cluster.onAll("gone", at -> at.object("b").isEmpty());
        for (RealScheduler at : cluster.all()) {
            assertThat(at.log()).containsOnlyOnce("SERVICE ALERT: a;s;CRITICAL;HARD;2");
            assertThat(at.downtimes("a")).hasSize(1);
        }
        long from = System.currentTimeMillis();
        cluster.twoRounds("a;s", "new;s");
        assertThat(cluster.runners(from))
                .doesNotContainKeys("b", "b;s")
                .allSatisfy((object, nodes) -> assertThat(nodes).hasSize(1));
        assertThat(cluster.node("luke").logLines()).anyMatch(line -> line.contains("scheduler reloads"));
    }

    @Test
    void aBrokenFileIsRefusedAndMonitoringGoesOn() throws Exception {
        startPeers("a");
        long epochs = said("yoda", "MRL-2000 ");
        Files.writeString(file("yoda"), objects("a") + "define host {\n host_name c\n parents nobody\n");
        cluster.node("yoda").signalScheduler("HUP");
        until("a refusal", () -> said("yoda", "MRL-3021 the reload is refused") == 1);
        assertThat(said("yoda", "MRL-3021 objects.cfg:")).isEqualTo(1);
        cluster.twoRounds("a", "a;s");
        assertThat(said("yoda", "MRL-2000 "))
                .as("the module was not begun anew")
                .isEqualTo(epochs);
        assertThat(cluster.node("yoda").check().status()).isEqualTo(78);
        Files.writeString(file("yoda"), objects("a", "c"));
        assertThat(cluster.node("yoda").check().status()).isZero();
    }

    @Test
    void tenReloadsUnderLoadLoseNoResultAndLeaveNothingBehind() throws Exception {
        startPeers("a", "b");
        load("yoda", objects("a", "b"));
        cluster.awaitSettled();
        long pid = cluster.node("yoda").schedulerPid();
        long threads = threads(pid);
        long files = entries(pid, "fd");
        PassiveFeed feed = new PassiveFeed(
                cluster.node("yoda").state().resolve("command.pipe"),
                100,
                number -> "[1] PROCESS_SERVICE_CHECK_RESULT;passive;s;" + 2 * (number % 2) + ";number " + number);
        try (feed) {
            for (int i = 0; i < 10; i++) {
                int before = feed.written();
                until("further results", () -> feed.written() > before + 50);
                load("yoda", i % 2 == 0 ? objects("a", "b", "aa" + i) : objects("a", "b"));
            }
            int before = feed.written();
            until("further results", () -> feed.written() > before + 50);
        }
        int written = feed.total();
        Set<Integer> all = IntStream.range(1, written).boxed().collect(Collectors.toCollection(TreeSet::new));
        for (String node : List.of("yoda", "luke")) {
            await("all " + written + " on " + node)
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(numbers(node)).containsAll(all));
        }
        assertThat(said("yoda", "MRL-3002 ")).isEqualTo(11);
        assertThat(cluster.node("yoda").schedulerPid()).isEqualTo(pid);
        await("threads and files as before").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(threads(pid)).isLessThanOrEqualTo(threads + SLACK);
            assertThat(entries(pid, "fd")).isLessThanOrEqualTo(files + SLACK);
        });
        await("no process is left")
                .atMost(Duration.ofSeconds(10))
                .until(() -> ProcessHandle.of(pid)
                        .orElseThrow()
                        .descendants()
                        .allMatch(child -> child.info()
                                .startInstant()
                                .filter(start -> start.isAfter(Instant.now().minusSeconds(10)))
                                .isPresent()));
    }

    /** The numbers of the results that a node has written alerts about. */
    private Set<Integer> numbers(String node) throws IOException {
        return cluster.at(node)
                .log()
                .lines()
                .filter(line -> line.contains("SERVICE ALERT: passive;s;"))
                .map(line -> Integer.valueOf(line.substring(line.indexOf("number ") + "number ".length())))
                .collect(Collectors.toSet());
    }

    private static long threads(long pid) throws IOException {
        return entries(pid, "task");
    }

    private static long entries(long pid, String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/" + folder))) {
            return entries.count();
        }
    }

    @Test
    void aPollerWithoutObjectsWaitsForThemAndRunsThemAfterASignal() throws Exception {
        cluster = new RealCluster(work, RealScheduler.Kind.EMBEDDED);
        RealNode master = cluster.node("yoda");
        RealNode poller = cluster.node("ewok");
        String group = "define hostgroup {\n hostgroup_name moon\n members m\n}\n";
        cluster.configure("yoda", poller.section("poller", "hostgroup = moon;"), objects("m", "a") + group);
        cluster.configure("ewok", master.section("master", ""), "");
        Files.delete(file("ewok"));
        for (RealNode node : cluster.nodes()) {
            node.startDaemon();
        }
        for (RealScheduler scheduler : cluster.all()) {
            scheduler.start();
        }
        until("the poller waits", () -> said("ewok", "MRL-3022 ewok has no objects in ") == 1);
        until(
                "the master sees its module",
                () -> master.sees("ewok")
                        .map(NodeView::state)
                        .filter("active"::equalsIgnoreCase)
                        .isPresent());
        long waiting = System.currentTimeMillis();
        cluster.twoRounds("a;s", "m;s");
        assertThat(cluster.runners(waiting).get("m;s")).as("nobody else has it").containsExactly("yoda");
        Path folder = Files.createDirectories(poller.state().resolve("oconf.d"));
        Files.writeString(folder.resolve("part.cfg"), cluster.basics() + RealCluster.host("m", "", "s") + group);
        cluster.at("ewok").reload();
        cluster.awaitSettled();
        cluster.twoRounds("m;s", "a;s");
        long from = System.currentTimeMillis();
        cluster.twoRounds("m;s", "a;s");
        assertThat(cluster.runners(from).get("m;s")).containsExactly("ewok");
        assertThat(cluster.runners(from).get("a;s")).containsExactly("yoda");
    }
}
