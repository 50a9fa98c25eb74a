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
    void whatCannotBeMeasuredIsAnErrorOfUsage() throws Exception {
        RealNode.Ended ended = RealNode.mon(work, "bench", "cluster", "--size", "5", "--events", "0");
        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.err()).contains("--size 5: it is 210 to 8192").contains("--events 0");
        assertThat(RealNode.mon(work, "bench", "fanout", "--nodes", "0").status())
                .isEqualTo(64);
    }
}
