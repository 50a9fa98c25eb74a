package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scheduler that lives, and whose checks come to no end: with real daemons and embedded schedulers. */
class ExpiryIT {
    private static final String CONF =
            "expiry_grace = 2s;\nscheduler { run_log = run.log; max_concurrent_checks = 8; check_timeout = %d; }\n";

    @TempDir
    private Path folder;

    private RealCluster cluster;

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private RealNode.Ended mon(String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--merlin-cfg=" + cluster.node("luke").conf(), "assign"));
        all.addAll(List.of(words));
        return RealNode.mon(folder, all.toArray(String[]::new));
    }

    private static JsonNode json(RealNode.Ended ended) throws Exception {
        return new ObjectMapper().readTree(ended.out());
    }

    /** A command that does not end on a node while a file is there; its host's checks are all that there is. */
    private String objects() throws Exception {
        Path check = Files.writeString(folder.resolve("stuck-check"), """
                #!/bin/sh
                [ "$MERLIN_NODE" = yoda ] && [ -f %1$s/stuck ] && exec sleep 3600
                echo "$MERLIN_NODE $1 $(date +%%s%%3N)" >> %1$s/proof
                echo fine
                """.formatted(folder));
        assertThat(check.toFile().setExecutable(true)).isTrue();
        StringBuilder text = new StringBuilder(cluster.basics())
                .append("define command {\n command_name stuck\n command_line ")
                .append(check)
                .append(" $HOSTNAME$\n}\n");
        for (String host : List.of("h0", "h1", "h2", "h3")) {
            text.append("define host {\n host_name ")
                    .append(host)
                    .append("\n alias h\n address 127.0.0.1\n check_command stuck\n check_interval 0.017\n")
                    .append(" retry_interval 0.017\n max_check_attempts 2\n check_period always\n contacts anna\n}\n");
        }
        return text.toString();
    }

    @Test
    void checksWhoseRunnerBringsNoResultsAreRunByTheNextAndListed() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        cluster.node("luke");
        String objects = objects();
        cluster.configurePlain("luke", cluster.node("yoda").section("peer", "") + CONF.formatted(2), objects);
        cluster.configurePlain("yoda", cluster.node("luke").section("peer", "") + CONF.formatted(3600), objects);
        cluster.start();
        until("shares", () -> cluster.runner("h1").equals(Optional.of("yoda")));

        JsonNode yodas = json(mon("list", "--node", "yoda", "-o", "json"));
        assertThat(yodas.path("count").asInt()).isEqualTo(2);
        assertThat(yodas.path("checks").get(0).path("object").asText()).isEqualTo("h1");
        assertThat(yodas.path("checks").get(0).path("next").asText()).isEqualTo("luke");
        assertThat(mon("list").out()).hasLineCount(4).contains("h0: luke, then yoda");
        RealNode.Ended without = mon("diff", "--without", "yoda");
        assertThat(without.status()).isZero();
        assertThat(without.out()).contains("h3: yoda -> luke").contains("Without yoda: 2 checks to luke");
        assertThat(mon("list", "--expired").status()).isZero();
        assertThat(mon("list", "--node", "yodda").status()).isEqualTo(64);

        Files.createFile(folder.resolve("stuck"));
        until("h1 is run by the next", () -> cluster.runner("h1").equals(Optional.of("luke")));
        RealNode.Ended expired = mon("list", "--expired");
        assertThat(expired.status()).isEqualTo(1);
        assertThat(expired.out()).contains("h1: yoda, then luke, no result for ");
        assertThat(RealNode.mon(folder, "--merlin-cfg=" + cluster.node("luke").conf(), "node", "status")
                        .status())
                .isEqualTo(1);
        long runs = cluster.runs("h1");
        until("from now on at its interval", () -> cluster.runs("h1") >= runs + 4);

        Files.delete(folder.resolve("stuck"));
        cluster.node("yoda").killScheduler();
        cluster.at("yoda").start();
        until("its checks are yoda's again", () -> cluster.runner("h1").equals(Optional.of("yoda")));
        until("nothing is overdue", () -> mon("list", "--expired").status() == 0);
    }
}
