package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealDemo.HOSTS;
import static org.merlin.tests.integration.RealDemo.INTERVAL_MILLIS;
import static org.merlin.tests.integration.RealDemo.SERVICES;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.install.SchedulerKind;

/** {@code bin/mon demo --scheduler}: real Nagios in place of the embedded scheduler, held to the same promises. */
class NagiosDemoIT {
    @TempDir
    private Path work;

    @Test
    void everyCheckRunsOnOneNagiosAndAllKnowItsResults() throws Exception {
        RealNagios.assumePossible();
        RealDemo demo = new RealDemo(work);
        JsonNode report = demo.run("--scheduler", "nagios4", "--duration", "15s");
        Map<String, List<Proof.Ran>> runs = demo.runs();
        assertThat(runs).hasSize(HOSTS * (1 + SERVICES));
        Map<String, Set<String>> runners = Proof.runners(runs, Proof.end(runs) - 10_000);
        assertThat(runners).hasSize(HOSTS * (1 + SERVICES));
        assertThat(runners.values()).allSatisfy(nodes -> assertThat(nodes).hasSize(1));
        demo.notesAgree(report);
    }

    /** A check whose last result came from the killed Nagios waits for no interval, and for no orphan check, elsewhere. */
    @Test
    void aKilledNagiosChecksRunElsewhereWithinSeconds() throws Exception {
        RealNagios.assumePossible();
        RealDemo demo = new RealDemo(work);
        JsonNode report = demo.run("--scheduler", "nagios4", "--duration", "22s", "--kill", "master2@5s");
        assertThat(report.get("seconds_without_runner").asDouble()).isLessThan(5);
        assertThat(longestPause(demo.runs()))
                .as("milliseconds between two runs of a check")
                .isLessThan(INTERVAL_MILLIS + 6_000);
    }

    /** By the commands' own notes: how long an object rested at most, up to the end too. */
    private static long longestPause(Map<String, List<Proof.Ran>> runs) {
        assertThat(runs).hasSize(HOSTS * (1 + SERVICES));
        long end = Proof.end(runs);
        long longest = 0;
        for (List<Proof.Ran> list : runs.values()) {
            for (int i = 1; i < list.size(); i++) {
                longest =
                        Math.max(longest, list.get(i).millis() - list.get(i - 1).millis());
            }
            longest = Math.max(longest, end - list.get(list.size() - 1).millis());
        }
        return longest;
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
