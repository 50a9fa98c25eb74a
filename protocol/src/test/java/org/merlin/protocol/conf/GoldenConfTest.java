package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code x.good.conf} loads and {@code x.bad.conf} does not; either has exactly the problems in {@code x.*.txt}. */
class GoldenConfTest {
    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void hasExactlyTheProblemsThatAreNoted(Path file) throws IOException {
        String name = file.getFileName().toString();
        MerlinConfReader.Report report = MerlinConfReader.read(file);
        String told = report.problems().stream()
                .map(problem -> new ConfProblem(name, problem.line(), problem.error(), problem.text()) + "\n")
                .collect(Collectors.joining());
        Path noted = file.resolveSibling(name.replace(".conf", ".txt"));
        assertThat(told).isEqualTo(Files.exists(noted) ? Files.readString(noted) : "");
        assertThat(report.conf().isPresent()).isEqualTo(name.endsWith(".good.conf"));
    }

    @Test
    void namesAllTenMistakes() throws IOException {
        assertThat(MerlinConfReader.read(folder().resolve("ten-mistakes.bad.conf"))
                        .problems())
                .hasSize(10)
                .allMatch(ConfProblem::error);
    }

    static Path folder() throws IOException {
        try {
            return Path.of(GoldenConfTest.class
                            .getResource("ten-mistakes.bad.conf")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
