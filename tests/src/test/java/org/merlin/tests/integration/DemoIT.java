package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/mon demo} with real processes. The proof is a file to which every check command appends node, host, service and
 * time: who ran what and when, told by nobody but the commands themselves.
 */
class DemoIT {
    private static final int HOSTS = 8;
    private static final int SERVICES = 3;
    private static final long INTERVAL_MILLIS = 3_000;
    private static final long DATA_TIMEOUT_MILLIS = 5_000;

    @TempDir
    private Path work;

    @Test
    void everyCheckRunsWithinItsIntervalOnTheNodeOfItsSlot() throws Exception {
        JsonNode report = demo(0, "--duration", "25s");
        Map<String, List<Proof.Ran>> runs = proof().runs();
        long end = runs.values().stream()
                .flatMap(List::stream)
                .mapToLong(Proof.Ran::millis)
                .max()
                .orElseThrow();
        for (Map.Entry<String, String> expected : runners().entrySet()) {
            List<Proof.Ran> last20Seconds = runs.getOrDefault(expected.getKey(), List.of()).stream()
                    .filter(ran -> ran.millis() > end - 20_000)
                    .toList();
            assertThat(last20Seconds)
                    .as(expected.getKey())
                    .hasSizeGreaterThanOrEqualTo(5)
                    .allSatisfy(ran -> assertThat(ran.node()).isEqualTo(expected.getValue()));
            for (int i = 1; i < last20Seconds.size(); i++) {
                assertThat(last20Seconds.get(i).millis()
                                - last20Seconds.get(i - 1).millis())
                        .as("%s between two runs", expected.getKey())
                        .isBetween(INTERVAL_MILLIS / 2, INTERVAL_MILLIS + 1_000);
            }
        }
        assertThat(runs.keySet()).isEqualTo(runners().keySet());
        for (JsonNode node : report.get("nodes")) {
            assertThat(node.get("checks_run").asLong())
                    .isEqualTo(runs.values().stream()
                            .flatMap(List::stream)
                            .filter(ran -> ran.node().equals(node.get("name").asText()))
                            .count());
        }
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(1);
    }

    @Test
    void aKilledMastersChecksRunElsewhereWithinASecondAndComeBack() throws Exception {
        JsonNode report = demo(0, "--duration", "35s", "--kill", "master2@3s", "--restart", "master2@9s");
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(1);
        sharesAtTheEndAreAsBefore();
    }

    @Test
    void aFrozenMastersChecksRunElsewhereWithinTheDataTimeoutAndComeBack() throws Exception {
        JsonNode report = demo(0, "--duration", "39s", "--freeze", "master2@3s", "--restart", "master2@13s");
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(DATA_TIMEOUT_MILLIS / 1000.0 + 1);
        sharesAtTheEndAreAsBefore();
    }

    @Test
    void nothingIsLostOrTwiceWhenDaemonsAndSchedulersAreKilledInTurn() throws Exception {
        demo(
                0,
                "--duration",
                "50s",
                "--kill",
                "master1:daemon@3s",
                "--restart",
                "master1:daemon@5s",
                "--kill",
                "poller1:scheduler@7s",
                "--restart",
                "poller1:scheduler@9s",
                "--kill",
                "master2:scheduler@11s",
                "--restart",
                "master2:scheduler@13s",
                "--kill",
                "poller1@16s",
                "--restart",
                "poller1@24s");
        sharesAtTheEndAreAsBefore();
    }

    @Test
    void wrongWishesAreRefusedWithTheirReasons() throws Exception {
        RealNode.Ended ended =
                RealNode.mon(work, "demo", "--duration", "10s", "--kill", "yoda@5s", "--freeze", "master1@20s");
        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.err()).contains("there is no such node").contains("the demo ends before");
        assertThat(RealNode.mon(work, "demo", "--kill", "master1").status()).isEqualTo(64);
    }

    private Proof proof() {
        return new Proof(work.resolve("proof"), HOSTS, 2, SERVICES, INTERVAL_MILLIS);
    }

    private JsonNode demo(int expectedStatus, String... options) throws IOException, InterruptedException {
        Path objects = work.resolve("objects.cfg");
        Files.writeString(objects, proof().objects());
        List<String> arguments = new ArrayList<>(List.of("demo", "-o", "json", "--objects", objects.toString()));
        arguments.addAll(List.of("--dir", work.resolve("d").toString()));
        arguments.addAll(List.of(options));
        RealNode.Ended ended = RealNode.mon(work, arguments.toArray(String[]::new));
        assertThat(ended.status())
                .as("it said: %s%n%s", ended.out(), ended.err())
                .isEqualTo(expectedStatus);
        JsonNode report = new ObjectMapper().readTree(ended.out());
        for (JsonNode node : report.get("nodes")) {
            assertThat(node.get("duplicates").asLong()).isZero();
            assertThat(node.get("gaps").asLong()).isZero();
        }
        return report;
    }

    /** Who runs what by the rule: two sorted lists, slot modulo masters, the poller its hosts. */
    private static Map<String, String> runners() {
        Map<String, String> runners = new TreeMap<>();
        List<String> services = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            runners.put("h" + host, host < 2 ? "poller1" : "master" + (1 + host % 2));
            for (int service = 0; service < SERVICES; service++) {
                services.add("h" + host + ";s" + service);
            }
        }
        services.sort(Comparator.naturalOrder());
        for (int slot = 0; slot < services.size(); slot++) {
            boolean site =
                    services.get(slot).startsWith("h0;") || services.get(slot).startsWith("h1;");
            runners.put(services.get(slot), site ? "poller1" : "master" + (1 + slot % 2));
        }
        return runners;
    }

    private void sharesAtTheEndAreAsBefore() throws IOException {
        Map<String, List<Proof.Ran>> runs = proof().runs();
        long end = runs.values().stream()
                .flatMap(List::stream)
                .mapToLong(Proof.Ran::millis)
                .max()
                .orElseThrow();
        Map<String, Set<String>> atTheEnd = new HashMap<>();
        runs.forEach((object, list) -> list.stream()
                .filter(ran -> ran.millis() > end - 2 * INTERVAL_MILLIS)
                .forEach(ran ->
                        atTheEnd.computeIfAbsent(object, any -> new HashSet<>()).add(ran.node())));
        runners()
                .forEach((object, node) ->
                        assertThat(atTheEnd.get(object)).as(object).containsExactly(node));
    }
}
