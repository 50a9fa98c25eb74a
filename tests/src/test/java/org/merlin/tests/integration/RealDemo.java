package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code bin/mon demo} with real processes, two masters and a poller, and a {@link Proof} of what they ran. */
final class RealDemo {
    static final int HOSTS = 8;
    static final int SERVICES = 3;
    static final long INTERVAL_MILLIS = 3_000;

    private final Path work;
    private final Proof proof;

    RealDemo(Path work) {
        this.work = work;
        this.proof = new Proof(work.resolve("proof"), HOSTS, 2, SERVICES, INTERVAL_MILLIS);
    }

    /** Runs it to its end, which must be good; its report. */
    JsonNode run(String... options) throws IOException, InterruptedException {
        Path objects = Files.writeString(work.resolve("objects.cfg"), proof.objects());
        List<String> arguments = new ArrayList<>(List.of("demo", "-o", "json", "--objects", objects.toString()));
        arguments.addAll(List.of("--dir", work.resolve("d").toString()));
        arguments.addAll(List.of(options));
        RealNode.Ended ended = RealNode.mon(work, arguments.toArray(String[]::new));
        assertThat(ended.status())
                .as("it said: %s%n%s", ended.out(), ended.err())
                .isZero();
        JsonNode report = new ObjectMapper().readTree(ended.out());
        assertThat(report.get("problems")).isEmpty();
        for (JsonNode node : report.get("nodes")) {
            assertThat(node.get("duplicates").asLong()).isZero();
            assertThat(node.get("gaps").asLong()).isZero();
        }
        return report;
    }

    /** What ran, by object, each in the order of time: the commands' own notes. */
    Map<String, List<Proof.Ran>> runs() throws IOException {
        return proof.runs();
    }

    /** That the demo's notes of what each node ran and the commands' own agree. */
    void notesAgree(JsonNode report) throws IOException {
        Map<String, List<Proof.Ran>> runs = runs();
        for (JsonNode node : report.get("nodes")) {
            assertThat(node.get("checks_run").asLong())
                    .isEqualTo(Proof.ranBy(runs, node.get("name").asText()));
        }
    }
}
