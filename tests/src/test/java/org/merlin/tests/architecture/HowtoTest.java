package org.merlin.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** HOWTO tells of every line that an operator may search for, and of none that does not exist. */
class HowtoTest {
    private static final Pattern ID = Pattern.compile("MRL-[0-9]{4}");
    private static final Path TOP = Path.of("..");

    @Test
    void listsEveryMessage() throws IOException {
        TreeSet<String> written = new TreeSet<>();
        try (Stream<Path> files = Files.walk(TOP)) {
            for (Path file : files.filter(path -> path.toString().contains("/src/main/java/"))
                    .filter(path -> path.toString().endsWith(".java"))
                    .toList()) {
                written.addAll(ids(Files.readString(file).replaceAll("(?m)^\\s*(/?\\*|//).*$", "")));
            }
        }
        assertThat(written).hasSizeGreaterThan(40);
        assertThat(ids(Files.readString(TOP.resolve("HOWTO")))).isEqualTo(written);
    }

    private static TreeSet<String> ids(String text) {
        TreeSet<String> ids = new TreeSet<>();
        ID.matcher(text).results().forEach(match -> ids.add(match.group()));
        return ids;
    }
}
