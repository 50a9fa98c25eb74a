package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Reads texts as if they stood in a file. */
final class ConfTexts {
    static final Path FILE = Path.of("/etc/merlin/merlin.conf");

    private ConfTexts() {}

    static MerlinConfReader.Report read(String text) {
        return MerlinConfReader.read(FILE, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a text without problems says. */
    static MerlinConf load(String text) {
        MerlinConfReader.Report report = read(text);
        assertThat(report.problems()).isEmpty();
        return report.conf().orElseThrow();
    }

    /** Problems without the name of the file. */
    static List<String> problems(String text) {
        return read(text).problems().stream()
                .map(problem -> problem.toString().substring((FILE + ":").length()))
                .toList();
    }

    /** The syntax of a text that has no mistake in it. */
    static ConfSection parse(String text) {
        ConfProblems problems = new ConfProblems("merlin.conf");
        ConfSection root = ConfParser.parse(text.lines().toList(), Set.of(), problems);
        assertThat(problems.sorted()).isEmpty();
        return root;
    }
}
