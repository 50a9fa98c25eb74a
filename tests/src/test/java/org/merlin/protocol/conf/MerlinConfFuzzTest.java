package org.merlin.protocol.conf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.tests.fuzz.Hostile;

/** merlin.conf: there are problems or there is a configuration, and never an exception. */
class MerlinConfFuzzTest {
    static Stream<byte[]> seeds() {
        String conf = "protocol/src/test/resources/org/merlin/protocol/conf/";
        return Stream.of(
                        "merlin.conf.example",
                        conf + "layout.good.conf",
                        conf + "original.good.conf",
                        conf + "nesting.bad.conf",
                        conf + "nodes.bad.conf",
                        conf + "words.bad.conf",
                        conf + "ten-mistakes.bad.conf")
                .map(place -> Hostile.text(place).getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyBytesGiveAConfigurationOrProblems(byte[] input) {
        MerlinConfReader.Report report = Hostile.decode(
                        input.length,
                        2048,
                        ConfException.class,
                        () -> MerlinConfReader.read(Path.of("/merlin.conf"), input))
                .orElseThrow();
        boolean errors = report.problems().stream().anyMatch(ConfProblem::error);
        if (report.conf().isPresent() == errors) {
            throw new AssertionError("a configuration with errors, or none without: " + report.problems());
        }
        if (report.problems().stream().anyMatch(problem -> problem.toString().contains("null"))
                && !new String(input, StandardCharsets.ISO_8859_1).contains("null")) {
            throw new AssertionError(report.problems().toString());
        }
    }
}
