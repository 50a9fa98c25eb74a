package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mon bench} with real processes: that it measures what it says. How much that is, is no matter of a test. */
class BenchIT {
    @TempDir
    private Path work;

    private JsonNode bench(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("-o", "json"));
        RealNode.Ended ended = RealNode.mon(work, all.toArray(String[]::new));
        assertThat(ended.status())
                .as("it said: %s%n%s", ended.out(), ended.err())
                .isZero();
        return new ObjectMapper().readTree(ended.out());
    }

    private static void wasMeasured(JsonNode report, String... processes) {
        assertThat(report.get("lost").asLong()).isZero();
        assertThat(report.get("duplicated").asLong()).isZero();
        assertThat(report.get("out_of_order").asLong()).isZero();
        assertThat(report.get("cpu_seconds_per_million").asDouble()).isPositive();
        assertThat(report.get("jdk").asText()).startsWith(System.getProperty("java.specification.version"));
        assertThat(report.get("cores").asInt()).isPositive();
        for (String process : processes) {
            assertThat(report.get("cpu_by_process").has(process)).as(process).isTrue();
            assertThat(report.get("rss_mb").get(process).asDouble())
                    .isGreaterThan(report.get("anonymous_mb").get(process).asDouble());
        }
        JsonNode latency = report.get("latency_ms");
        assertThat(latency.get("p50").asDouble()).isPositive();
        assertThat(latency.get("max").asDouble())
                .isGreaterThanOrEqualTo(latency.get("p999").asDouble());
    }

    @Test
    void clusterSendsAtTheRateThatIsAskedFor() throws Exception {
        JsonNode report = bench("cluster", "--events", "3000", "--rate", "1000", "--warm-up", "500", "--tls");
        wasMeasured(report, "load", "daemon_a", "daemon_b", "count");
        assertThat(report.get("seconds").asDouble()).isGreaterThanOrEqualTo(2.9);
        assertThat(report.get("events_per_second").asDouble()).isLessThan(1100);
    }

    @Test
    void fanoutDeliversEachEventToEachNode() throws Exception {
        JsonNode report = bench("fanout", "--nodes", "5", "--events", "2000", "--warm-up", "500");
        wasMeasured(report, "load", "daemon_hub", "stubs");
        assertThat(report.get("deliveries_per_second").asDouble())
                .isBetween(
                        4.9 * report.get("events_per_second").asDouble(),
                        5.1 * report.get("events_per_second").asDouble());
    }

    @Test
    void backlogGivesANodeThatWasAwayAllOfItWhileAnotherIsServed() throws Exception {
        JsonNode report = bench("backlog", "--events", "20000", "--live", "500", "--warm-up", "500", "--away", "2");
        wasMeasured(report, "load", "daemon_a", "daemon_b0", "daemon_b1", "daemon_c", "count_b0", "count_b1", "live");
        assertThat(report.get("events").asLong()).isEqualTo(20_000 + 5 * 500);
        assertThat(report.get("disk_bytes_per_event").asDouble()).isBetween(250.0, 500.0);
        assertThat(report.get("idle_latency_ms").get("p99").asDouble()).isPositive();
    }

    @Test
    void assignSharesEvenly() throws Exception {
        RealNode.Ended ended =
                RealNode.mon(work, "bench", "assign", "--services", "7000", "--peers", "3", "-o", "json");
        assertThat(ended.status()).isZero();
        JsonNode report = new ObjectMapper().readTree(ended.out());
        assertThat(report.get("share_most").asLong() - report.get("share_least").asLong())
                .isLessThanOrEqualTo(2); // hosts and services are two lists
        assertThat(report.get("share_of_first").asLong())
                .isBetween(
                        report.get("share_least").asLong(),
                        report.get("share_most").asLong());
        assertThat(report.get("decisions_per_second").asDouble()).isPositive();
    }

    @Test
    void whatCannotBeMeasuredIsAnErrorOfUsage() throws Exception {
        RealNode.Ended ended = RealNode.mon(work, "bench", "cluster", "--size", "5", "--events", "0");
        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.err()).contains("--size 5: it is 210 to 8192").contains("--events 0");
        assertThat(RealNode.mon(work, "bench", "fanout", "--nodes", "0").status())
                .isEqualTo(64);
    }
}
