package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealDemo.HOSTS;
import static org.merlin.tests.integration.RealDemo.INTERVAL_MILLIS;
import static org.merlin.tests.integration.RealDemo.SERVICES;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/mon demo} with real processes. The proof is a file to which every check command appends node, host, service and
 * time: who ran what and when, told by nobody but the commands themselves.
 */
class DemoIT {
    private static final long DATA_TIMEOUT_MILLIS = 5_000;

    @TempDir
    private Path work;

    private RealDemo demo;

    @BeforeEach
    void prepare() {
        demo = new RealDemo(work);
    }

    @Test
    void everyCheckRunsWithinItsIntervalOnTheNodeOfItsSlot() throws Exception {
        JsonNode report = demo.run("--duration", "25s");
        Map<String, List<Proof.Ran>> runs = demo.runs();
        long end = Proof.end(runs);
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
        demo.notesAgree(report);
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(1);
    }

    @Test
    void aKilledMastersChecksRunElsewhereWithinASecondAndComeBack() throws Exception {
        JsonNode report = demo.run("--duration", "35s", "--kill", "master2@3s", "--restart", "master2@9s");
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(1);
        sharesAtTheEndAreAsBefore();
    }

    @Test
    void aFrozenMastersChecksRunElsewhereWithinTheDataTimeoutAndComeBack() throws Exception {
        JsonNode report = demo.run("--duration", "39s", "--freeze", "master2@3s", "--restart", "master2@13s");
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(DATA_TIMEOUT_MILLIS / 1000.0 + 1);
        sharesAtTheEndAreAsBefore();
    }

    @Test
    void nothingIsLostOrTwiceWhenDaemonsAndSchedulersAreKilledInTurn() throws Exception {
        demo.run(
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
        Map<String, List<Proof.Ran>> runs = demo.runs();
        Map<String, Set<String>> atTheEnd = Proof.runners(runs, Proof.end(runs) - 2 * INTERVAL_MILLIS);
        runners()
                .forEach((object, node) ->
                        assertThat(atTheEnd.get(object)).as(object).containsExactly(node));
    }
}
