package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.install.SchedulerKind;

/** {@code bin/mon demo --scheduler}: real Nagios in place of the embedded scheduler, held to the same promises. */
class NagiosDemoIT {
    private static final int HOSTS = 8;
    private static final int SERVICES = 3;

    @TempDir
    private Path work;

    @Test
    void everyCheckRunsOnOneNagiosAndAllKnowItsResults() throws Exception {
        assumeTrue(RealNagios.missing().isEmpty(), () -> RealNagios.missing().orElseThrow());
        Proof proof = new Proof(work.resolve("proof"), HOSTS, 2, SERVICES, 3_000);
        Path objects = Files.writeString(work.resolve("objects.cfg"), proof.objects());
        RealNode.Ended ended = RealNode.mon(
                work,
                "demo",
                "--scheduler",
                "nagios4",
                "--duration",
                "15s",
                "-o",
                "json",
                "--objects",
                objects.toString(),
                "--dir",
                work.resolve("d").toString());
        assertThat(ended.status())
                .as("it said: %s%n%s", ended.out(), ended.err())
                .isZero();
        JsonNode report = new ObjectMapper().readTree(ended.out());
        Map<String, List<Proof.Ran>> runs = proof.runs();
        assertThat(runs).hasSize(HOSTS * (1 + SERVICES));
        long end = runs.values().stream()
                .flatMap(List::stream)
                .mapToLong(Proof.Ran::millis)
                .max()
                .orElseThrow();
        Map<String, Set<String>> runners = new HashMap<>();
        runs.forEach((object, list) -> list.stream()
                .filter(ran -> ran.millis() > end - 10_000)
                .forEach(ran ->
                        runners.computeIfAbsent(object, any -> new HashSet<>()).add(ran.node())));
        assertThat(runners).hasSize(HOSTS * (1 + SERVICES));
        assertThat(runners.values()).allSatisfy(nodes -> assertThat(nodes).hasSize(1));
        for (JsonNode node : report.get("nodes")) {
            assertThat(node.get("checks_run").asLong())
                    .as("runs by the demo's notes and by the commands' own")
                    .isEqualTo(runs.values().stream()
                            .flatMap(List::stream)
                            .filter(ran -> ran.node().equals(node.get("name").asText()))
                            .count());
        }
    }

    /** A check whose last result came from the killed Nagios waits for no interval, and for no orphan check, elsewhere. */
    @Test
    void aKilledNagiosChecksRunElsewhereWithinSeconds() throws Exception {
        assumeTrue(RealNagios.missing().isEmpty(), () -> RealNagios.missing().orElseThrow());
        Proof proof = new Proof(work.resolve("proof"), HOSTS, 2, SERVICES, 3_000);
        Path objects = Files.writeString(work.resolve("objects.cfg"), proof.objects());
        long begun = System.currentTimeMillis();
        RealNode.Ended ended = RealNode.mon(
                work,
                "demo",
                "--scheduler",
                "nagios4",
                "--duration",
                "25s",
                "--kill",
                "master2@8s",
                "-o",
                "json",
                "--objects",
                objects.toString(),
                "--dir",
                work.resolve("d").toString());
        assertThat(ended.status())
                .as("it said: %s%n%s", ended.out(), ended.err())
                .isZero();
        JsonNode report = new ObjectMapper().readTree(ended.out());
        assertThat(report.get("problems")).isEmpty();
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(5);
        longestPause(proof, begun);
    }

    /** By the commands' own notes: no object rested for longer than its interval and what a takeover may last. */
    private static void longestPause(Proof proof, long begun) throws Exception {
        Map<String, List<Proof.Ran>> runs = proof.runs();
        assertThat(runs).hasSize(HOSTS * (1 + SERVICES));
        long end = runs.values().stream()
                .flatMap(List::stream)
                .mapToLong(Proof.Ran::millis)
                .max()
                .orElse(begun);
        long longest = 0;
        for (List<Proof.Ran> list : runs.values()) {
            List<Long> times = list.stream().map(Proof.Ran::millis).sorted().toList();
            for (int i = 1; i < times.size(); i++) {
                longest = Math.max(longest, times.get(i) - times.get(i - 1));
            }
            longest = Math.max(longest, end - times.get(times.size() - 1));
        }
        assertThat(longest).as("milliseconds between two runs of a check").isLessThan(3_000 + 6_000);
    }

    @Test
    void aSchedulerThatIsNotInstalledIsNamedWithItsPackage() throws Exception {
        if (SchedulerKind.NAEMON.program().isEmpty()) {
            RealNode.Ended ended = RealNode.mon(work, "demo", "--scheduler", "naemon");
            assertThat(ended.status()).isEqualTo(69);
            assertThat(ended.err()).contains("apt-get install naemon-core");
        }
        assertThat(RealNode.mon(work, "demo", "--scheduler", "icinga").status()).isEqualTo(64);
    }
}
