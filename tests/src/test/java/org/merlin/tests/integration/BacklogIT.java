package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for a node that is away, by mon backlog, and a state_dir that is set back to a copy of it. */
class BacklogIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private RealCluster cluster;
    private RealNode one;
    private RealNode two;

    @AfterEach
    void close() throws InterruptedException {
        cluster.close();
    }

    private RealNode.Ended mon(String... arguments) throws IOException, InterruptedException {
        return RealNode.mon(
                folder,
                Stream.concat(Stream.of("--merlin-cfg", one.conf().toString(), "backlog"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private void start() throws IOException {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        cluster.startPeers("one", "two", cluster.basics() + host("base", "", "s0", "s1"));
        one = cluster.node("one");
        two = cluster.node("two");
        cluster.twoRounds("base", "base;s0");
    }

    private void kill(RealNode node) throws InterruptedException {
        cluster.at(node.name()).kill();
        node.killDaemon();
    }

    private void startAgain(RealNode node) throws IOException {
        node.startDaemon();
        cluster.at(node.name()).start();
    }

    private long owed(RealNode from, RealNode to) {
        return from.sees(to.name()).map(node -> node.backlog().events()).orElse(-1L);
    }

    @Test
    void whatWaitsIsListedShownExportedAndDroppedAndTheNodeIsToldWhatItLacks() throws Exception {
        start();
        kill(two);
        until("something waits", () -> owed(one, two) > 20);

        RealNode.Ended list = mon("list", "-o", "json");
        assertThat(list.status()).as(list.err()).isZero();
        JsonNode waits = JSON.readTree(list.out()).path("backlogs").get(1);
        assertThat(waits.path("name").asText()).isEqualTo("two");
        assertThat(waits.path("events").asLong()).isGreaterThan(20);
        assertThat(waits.path("connected").asBoolean()).isFalse();
        assertThat(mon("list").out()).contains("peer two (away): ").contains("log: ");
        assertThat(mon("show", "two").out()).contains("Bounds: 1073741824 bytes, 2w");
        assertThat(mon("show", "three").status()).isEqualTo(1);

        Path file = folder.resolve("exported");
        assertThat(mon("export", "two", "--output", file.toString()).status()).isZero();
        List<String> exported = Files.readAllLines(file);
        assertThat(exported).hasSizeGreaterThan(20);
        JsonNode event = JSON.readTree(exported.get(0));
        assertThat(event.path("origin").asText()).isEqualTo("one");
        assertThat(event.path("type").asText()).endsWith("_check");
        assertThat(event.path("host").asText()).isEqualTo("base");
        assertThat(mon("export", "--all").out().lines().count()).isGreaterThanOrEqualTo(exported.size());
        assertThat(mon("export").status()).isEqualTo(64);

        assertThat(mon("drop", "two", "--older-than", "1h").out()).startsWith("0 events");
        RealNode.Ended dropped = mon("drop", "two", "-o", "json");
        assertThat(dropped.status()).as(dropped.err()).isZero();
        long count = JSON.readTree(dropped.out()).path("dropped").asLong();
        assertThat(count).isGreaterThan(20);
        assertThat(mon("list").status()).isEqualTo(1);

        startAgain(two);
        cluster.awaitSettled();
        until("nothing waits any more", () -> owed(one, two) == 0);
        assertThat(two.view().orElseThrow().log().gaps())
                .as("all but what two had taken, and had no time to acknowledge when it was killed")
                .isBetween(count - 5, count);
        assertThat(two.logLines()).anyMatch(line -> line.contains("MRL-1041"));
    }

    @Test
    void aStateDirThatWasSetBackGoesOnWithANewEpochAndNobodyTakesItsNewEventsForOldOnes() throws Exception {
        start();
        kill(one);
        Path backup = folder.resolve("backup");
        copy(one.state(), backup);
        startAgain(one);
        cluster.awaitSettled();
        cluster.twoRounds("base", "base;s0", "base;s1");
        until("two has what one found", () -> owed(one, two) == 0);
        long epoch = one.sees("one").orElseThrow().epoch();
        kill(one);

        delete(one.state());
        copy(backup, one.state());
        long received = figure(two, "results_received");
        startAgain(one);
        cluster.awaitSettled();
        assertThat(one.sees("one").orElseThrow().epoch()).isGreaterThan(epoch);
        cluster.twoRounds("base", "base;s0", "base;s1");
        until("two takes what one finds now", () -> figure(two, "results_received") >= received + 3);
        until("nothing waits", () -> owed(one, two) == 0 && owed(two, one) == 0);
        assertThat(one.view().orElseThrow().log().gaps())
                .as("what two had acknowledged to one before it was set back is in two's log still")
                .isZero();
    }

    private static long figure(RealNode node, String name) {
        return node.sees(node.name()).orElseThrow().figures().getOrDefault(name, 0L);
    }

    /** As {@code cp -a} does, sockets and pipes left out. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
