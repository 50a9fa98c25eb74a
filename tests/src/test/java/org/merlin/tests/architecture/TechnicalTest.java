package org.merlin.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where TECHNICAL names a test as what shows something, there is one. */
class TechnicalTest {
    private static final Pattern NAMED =
            Pattern.compile("`([A-Z][A-Za-z0-9]+(?:Test|IT|Contract))\\.([a-z][a-zA-Z0-9]+)(\\.\\.\\.)?`");
    private static final Path TOP = Path.of("..");

    @Test
    void namesOnlyTestsThatExist() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(TOP)) {
            for (Path file : files.filter(path -> path.toString().contains("/src/test/java/"))
                    .filter(path -> path.toString().endsWith(".java"))
                    .toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        List<MatchResult> named = NAMED.matcher(Files.readString(TOP.resolve("TECHNICAL")))
                .results()
                .toList();
        assertThat(named).hasSizeGreaterThan(30);
        assertThat(named.stream()
                        .filter(test -> !sources.getOrDefault(test.group(1), "")
                                .contains("void " + test.group(2) + (test.group(3) == null ? "(" : "")))
                        .map(MatchResult::group))
                .as("named, but not there")
                .isEmpty();
    }
}
