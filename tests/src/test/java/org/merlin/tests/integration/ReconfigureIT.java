package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.hostgroup;
import static org.merlin.tests.integration.RealCluster.until;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.status.NodeView;

/** Nodes are added, changed and removed while real daemons and schedulers run, and nobody is restarted. */
class ReconfigureIT {
    @TempDir
    private Path folder;

    private RealCluster cluster;

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private RealNode.Ended mon(String node, String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--merlin-cfg=" + cluster.node(node).conf()));
        all.addAll(List.of(words));
        return RealNode.mon(folder, all.toArray(String[]::new));
    }

    private void done(String node, String... words) throws Exception {
        RealNode.Ended ended = mon(node, words);
        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out()).contains("applied: ");
    }

    private void signal(RealNode node, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(node.daemonPid()))
                .start()
                .waitFor();
    }

    private boolean runsAlone(String node, String object) throws Exception {
        long since = System.currentTimeMillis() - 3_000;
        return cluster.runners(since).getOrDefault(object, Set.of()).equals(Set.of(node));
    }

    @Test
    void aPollerIsAddedToRunningMastersRunsItsChecksAndIsRemovedAgain() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        String emea = hostgroup("emea", "far away");
        String far = host("h2", " hostgroups emea\n") + host("h3", " hostgroups emea\n");
        cluster.startPeers("luke", "yoda", cluster.basics() + emea + host("h0", "") + host("h1", "") + far);
        List<Long> pids = List.of(
                cluster.node("luke").daemonPid(),
                cluster.node("luke").schedulerPid(),
                cluster.node("yoda").daemonPid(),
                cluster.node("yoda").schedulerPid());

        RealNode poller = cluster.node("poller3");
        for (String master : List.of("luke", "yoda")) { // they dial out only: it has no section that says where it is
            done(master, "node", "add", "poller3", "hostgroups=emea", "connect=no");
        }
        cluster.configure(
                "poller3",
                cluster.node("luke").section("master", "")
                        + cluster.node("yoda").section("master", ""),
                cluster.basics() + emea + far);
        poller.startDaemon();
        cluster.at("poller3").start();
        until(
                "poller3 active at both",
                () -> cluster.node("luke")
                                .sees("poller3")
                                .filter(NodeView::active)
                                .isPresent()
                        && cluster.node("yoda")
                                .sees("poller3")
                                .filter(NodeView::active)
                                .isPresent());
        assertThat(mon("luke", "node", "status").out()).contains("poller3: ACTIVE");
        until("its checks are its own", () -> runsAlone("poller3", "h2") && runsAlone("poller3", "h3"));
        cluster.awaitSettled();

        RealNode luke = cluster.node("luke");
        String good = Files.readString(luke.conf());
        RealNode.Ended broken = mon("luke", "node", "edit", "poller3", "port=many");
        assertThat(broken.status()).isEqualTo(78);
        assertThat(broken.err()).contains(luke.conf() + ":").contains("port");
        assertThat(luke.conf()).hasContent(good);

        Files.writeString(luke.conf(), good + "pulse_intervall = 3;\n");
        RealNode.Ended refused = mon("luke", "reload");
        assertThat(refused.status()).isEqualTo(78);
        assertThat(refused.err()).contains(luke.conf() + ":" + (1 + good.lines().count()) + ": ");
        signal(luke, "HUP");
        until(
                "SIGHUP refused in the log",
                () -> luke.logLines().stream()
                        .anyMatch(line -> line.contains("MRL-1071") && line.contains("pulse_intervall")));
        assertThat(luke.sees("poller3").orElseThrow().active()).isTrue();

        Files.writeString(luke.conf(), good.replace("hostgroups = emea;", "hostgroups = emea; takeover = no;"));
        signal(luke, "HUP");
        until(
                "SIGHUP applied",
                () -> luke.logLines().stream()
                        .anyMatch(line -> line.contains("MRL-1070") && line.contains("changed poller3")));
        done("luke", "node", "edit", "poller3", "takeover=");
        assertThat(luke.sees("poller3").orElseThrow().active()).isTrue();

        cluster.at("poller3").kill();
        poller.killDaemon();
        for (String master : List.of("luke", "yoda")) {
            done(master, "node", "remove", "poller3");
            assertThat(mon(master, "node", "status").out()).doesNotContain("poller3");
        }
        until(
                "masters run them again",
                () -> !cluster.ran("poller3", System.currentTimeMillis() - 3_000)
                                .contains("h2")
                        && cluster.runners(System.currentTimeMillis() - 3_000).containsKey("h2")
                        && cluster.runners(System.currentTimeMillis() - 3_000).containsKey("h3"));
        assertThat(List.of(
                        cluster.node("luke").daemonPid(),
                        cluster.node("luke").schedulerPid(),
                        cluster.node("yoda").daemonPid(),
                        cluster.node("yoda").schedulerPid()))
                .isEqualTo(pids)
                .allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isPresent());
    }

    @Test
    void aNodeThatWasAloneGetsItsFirstNeighbour() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        String objects = cluster.basics() + host("h0", "") + host("h1", "");
        RealNode luke = cluster.node("luke");
        cluster.configure("luke", "", objects);
        luke.startDaemon();
        cluster.at("luke").start();
        until("luke runs", () -> cluster.ran("luke", 0).size() == 2);
        until("luke's daemon", () -> luke.view().isPresent()); // its scheduler does not wait for it

        RealNode yoda = cluster.node("yoda");
        done("luke", "node", "add", "yoda", "type=peer", "address=127.0.0.1", "port=" + yoda.port());
        cluster.configure("yoda", luke.section("peer", ""), objects);
        yoda.startDaemon();
        cluster.at("yoda").start();
        cluster.awaitSettled();
        until("both run a share", () -> runsAlone("luke", "h0") && runsAlone("yoda", "h1"));

        Files.writeString(luke.conf(), Files.readString(luke.conf()).replace("state_dir = state", "state_dir = other"));
        RealNode.Ended refused = RealNode.mon(
                folder, "--merlin-cfg=" + yoda.conf(), "node", "edit", "luke", "address=127.0.0.1", "connect=yes");
        assertThat(refused.status()).as(refused.out() + refused.err()).isZero();
        signal(luke, "HUP");
        until(
                "needs a restart",
                () -> luke.logLines().stream()
                        .anyMatch(line ->
                                line.contains("MRL-1071") && line.contains("state_dir") && line.contains("restart")));
        assertThat(luke.sees("yoda").orElseThrow().active()).isTrue();
    }

    @Test
    void aPollerThatVanishesIsTakenOutOfTheFileWhileTheOtherOneOfItsGroupRuns() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        String objects = cluster.basics()
                + hostgroup("emea", "far away")
                + host("h0", " hostgroups emea\n")
                + host("h1", " hostgroups emea\n");
        RealNode luke = cluster.node("luke");
        RealNode one = cluster.node("poller1");
        RealNode two = cluster.node("poller2");
        String more = "hostgroup = emea; auto_delete = 5;";
        cluster.configure("luke", "# both\n" + one.section("poller", more) + two.section("poller", more), objects);
        cluster.configure("poller1", luke.section("master", "") + two.section("peer", ""), objects);
        cluster.configure("poller2", luke.section("master", "") + one.section("peer", ""), objects);
        cluster.start();
        cluster.at("poller2").kill();
        two.killDaemon();
        until("its section is gone", () -> !Files.readString(luke.conf()).contains("poller2"));
        assertThat(luke.conf()).content().contains("# both", "poller poller1 {");
        until("it is no node any more", () -> luke.sees("poller2").isEmpty());
        assertThat(luke.logLines()).anyMatch(line -> line.contains("MRL-1072 poller2: silent for longer"));
        cluster.at("poller1").kill();
        one.killDaemon();
        await("the last one of its group, which stays")
                .during(Duration.ofSeconds(12))
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(luke.conf()).contains("poller poller1 {"));
        assertThat(luke.sees("poller1")).isPresent();
    }
}
