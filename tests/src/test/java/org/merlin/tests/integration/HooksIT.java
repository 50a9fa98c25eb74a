package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.status.ConfigView;
import org.merlin.daemon.status.NodeView;

/** The commands of {@code object_config}, run by real daemons that have embedded schedulers with different object files. */
class HooksIT {
    private static final Instant OLD = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant NEW = Instant.parse("2026-01-01T11:00:00Z");

    @TempDir
    private Path folder;

    private RealCluster cluster;

    @BeforeEach
    void create() throws IOException {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
    }

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private String script(String name, String body) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\ncd " + folder + " || exit 9\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    /** luke and yoda with commands; luke has a host more, and newer files. */
    private void startDifferent(String objectConfig) throws IOException {
        cluster.node("luke");
        String objects = cluster.basics() + host("h0", "");
        cluster.configure("luke", objectConfig + cluster.node("yoda").section("peer", ""), objects + host("h1", ""));
        cluster.configure("yoda", objectConfig + cluster.node("luke").section("peer", ""), objects);
        Files.setLastModifiedTime(objectsOf("luke"), FileTime.from(NEW));
        Files.setLastModifiedTime(objectsOf("yoda"), FileTime.from(OLD));
        for (String name : List.of("luke", "yoda")) {
            cluster.node(name).startDaemon();
            cluster.at(name).start();
        }
    }

    private Path objectsOf(String node) throws IOException {
        return cluster.node(node).state().resolve("objects.cfg");
    }

    private ConfigView config(String viewer, String of) throws IOException {
        return cluster.node(viewer).sees(of).map(NodeView::config).orElse(ConfigView.UNKNOWN);
    }

    private List<String> logged(String node, String id) throws IOException {
        return cluster.node(node).logLines().stream()
                .filter(line -> line.contains(id + " "))
                .toList();
    }

    private RealNode.Ended mon(String node, String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--merlin-cfg=" + cluster.node(node).conf()));
        all.addAll(List.of(words));
        return RealNode.mon(folder, all.toArray(String[]::new));
    }

    @Test
    void theNewerFileIsPushedByItsNodeAloneAndBothEndInSync() throws Exception {
        String push = script("push.sh", """
                echo "$MERLIN_NODE $MERLIN_CONF $*" >> pushed
                echo "to $1"
                cp -p "$(dirname "$MERLIN_CONF")/state/objects.cfg" "$1/state/objects.cfg" || exit 1
                touch "restart-$1"
                while [ -e "restart-$1" ]; do sleep 0.1; done
                """);
        startDifferent("object_config { push = " + push + "; }\n");
        Path restart = folder.resolve("restart-yoda");
        until("push", () -> Files.exists(restart));
        until("running push", () -> config("luke", "yoda").hook().running().equals("push"));
        assertThat(config("yoda", "luke").differs())
                .startsWith("out of sync: its object configuration is ")
                .contains(" of 2026-01-01T11:00:00Z, ours ")
                .endsWith(" of 2026-01-01T10:00:00Z");
        RealNode.Ended status = mon("luke", "node", "status");
        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out())
                .contains("luke: out of sync: yoda")
                .contains("  out of sync: its object configuration is ")
                .contains("  Sync: push running for ");

        cluster.at("yoda").reload();
        Files.delete(restart);
        cluster.awaitSettled();
        until("end of the push", () -> config("luke", "yoda").hook().last().ok());
        assertThat(config("luke", "yoda").inSync()).isTrue();
        assertThat(config("luke", "yoda").hook().last().output()).isEqualTo("to yoda\n");
        assertThat(Files.readAllLines(folder.resolve("pushed")))
                .containsExactly("luke " + cluster.node("luke").conf() + " yoda");
        assertThat(logged("luke", "MRL-1080")).singleElement().asString().contains("CSYNC: oconf push to yoda runs: ");
        assertThat(logged("luke", "MRL-1081")).hasSize(1);
        assertThat(logged("yoda", "MRL-1080")).isEmpty();
    }

    @Test
    void aHookThatHangsFailsOrFloodsIsBoundedWithOneLineEach() throws Exception {
        cluster.node("luke").environment("MERLIND_JAVA_OPTS", "-Dmerlin.hook.seconds=3");
        String push = script("push.sh", """
                mode=$(cat mode)
                echo fail > mode
                case $mode in
                    hang) echo begun; sleep 86393.5 & trap '' TERM; sleep 86393.5; sleep 86393.5 ;;
                    fail) echo 'no route to yoda' >&2; exit 3 ;;
                    flood) yes 'flood 86393.5' ;;
                esac
                """);
        Files.writeString(folder.resolve("mode"), "hang");
        startDifferent("object_config { push = " + push + "; }\n");
        until("running push", () -> config("luke", "yoda").hook().running().equals("push"));
        until("end of the hanging one", () -> logged("luke", "MRL-1082").size() == 1);
        assertThat(logged("luke", "MRL-1082").get(0))
                .matches(
                        ".*CSYNC: oconf push to yoda was not done after \\d+ s and was ended with all that it had started: .*");
        assertThat(alive()).isZero();

        assertThat(mon("luke", "oconf", "retry", "yoda").out()).isEqualTo("yoda is looked at anew\n");
        until("end of the failing one", () -> logged("luke", "MRL-1082").size() == 2);
        assertThat(logged("luke", "MRL-1082").get(1))
                .endsWith("CSYNC: oconf push to yoda ended with status 3 after 0 s: no route to yoda");
        assertThat(mon("luke", "node", "status").out())
                .containsPattern("Sync: last push ended with status 3 after 0 s, \\d+s ago\n +\\| no route to yoda");

        assertThat(mon("luke", "node", "show", "yoda").out())
                .contains("\nCONFIG_HOOK_LAST_OUTPUT=no route to yoda\\n\n\n");

        Files.writeString(folder.resolve("mode"), "flood");
        assertThat(mon("luke", "oconf", "retry").status()).isZero();
        until("end of the flooding one", () -> logged("luke", "MRL-1082").size() == 3);
        assertThat(logged("luke", "MRL-1082").get(2))
                .contains("was not done after")
                .hasSizeLessThan(400);
        assertThat(config("luke", "yoda").hook().last().output())
                .hasSizeLessThanOrEqualTo(8192)
                .contains("flood");
        assertThat(alive()).isZero();
        assertThat(cluster.node("luke").daemonLives()).isTrue();
    }

    /** Processes that only the commands of this test start. */
    private static long alive() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> {
                        try {
                            return Files.readString(process.resolve("cmdline")).contains("86393.5\0");
                        } catch (IOException e) {
                            return false; // no process, or one that has gone
                        }
                    })
                    .count();
        }
    }

    @Test
    void anotherNodeIsAskedToFetchThoughNothingDiffers() throws Exception {
        cluster.node("luke");
        String objects = cluster.basics() + host("h0", "");
        String fetch = script("fetch.sh", "echo \"$MERLIN_NODE $*\" >> fetched\n");
        cluster.configure("luke", cluster.node("yoda").section("peer", ""), objects);
        cluster.configure(
                "yoda",
                cluster.node("luke").section("peer", "object_config { fetch = " + fetch + " 'from luke'; }"),
                objects);
        cluster.start();
        RealNode.Ended asked = mon("luke", "oconf", "remote-fetch", "yoda");
        assertThat(asked.out()).isEqualTo("yoda was asked to fetch\n");
        assertThat(asked.status()).isZero();
        until("fetch", () -> logged("yoda", "MRL-1081").size() == 1);
        assertThat(Files.readAllLines(folder.resolve("fetched"))).containsExactly("yoda from luke");

        RealNode.Ended none = mon("luke", "oconf", "remote-fetch", "--type=poller");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.out()).isEqualTo("there is no node to do this for\n");
        RealNode.Ended unknown = mon("luke", "oconf", "remote-fetch", "leia", "-o", "json");
        assertThat(unknown.status()).isEqualTo(64);
        assertThat(unknown.err()).contains("there is no node 'leia'");
        mon("yoda", "oconf", "remote-fetch", "--type=peer");
        until("refusal", () -> logged("luke", "MRL-1084").size() == 1);
        assertThat(logged("luke", "MRL-1084").get(0))
                .contains("yoda asks us to fetch")
                .contains("no fetch command is set");
    }
}
