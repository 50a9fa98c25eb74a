package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** merlin.conf.example says the truth: it loads, its values are the defaults, and every key stands in it. */
class ExampleConfTest {
    private static final Path FILE = Path.of("..", "merlin.conf.example");
    /** Keys in comments have no blank after the number sign, prose has. */
    private static final Pattern OUT_OF_USE = Pattern.compile("(?m)^(\\s*)#(?![ #\n])");

    @Test
    void loadsWithoutAnyProblem() {
        assertThat(MerlinConfReader.read(FILE).problems()).isEmpty();
    }

    @Test
    void showsTheDefaults() throws ConfException {
        MerlinConf defaults = MerlinConfReader.read(FILE, new byte[0]).conf().orElseThrow();
        assertThat(MerlinConf.load(FILE)).isEqualTo(defaults);
    }

    @Test
    void namesEveryKey() throws IOException {
        String text = Files.readString(FILE);
        TreeSet<String> keys = new TreeSet<>();
        MerlinConfReader.vocabulary().values().forEach(keys::addAll);
        assertThat(keys).hasSizeGreaterThan(80).contains("hostgroups", "encryption", "commit_queries", "run_log");
        assertThat(keys)
                .allMatch(key ->
                        Pattern.compile("\\b" + key + "\\b").matcher(text).find());
    }

    @Test
    void isRightInItsCommentsToo() throws IOException {
        String all = OUT_OF_USE.matcher(Files.readString(FILE)).replaceAll("$1");
        MerlinConfReader.Report report = ConfTexts.read(all);
        assertThat(report.problems())
                .noneMatch(ConfProblem::error)
                .hasSize(1)
                .allMatch(problem -> problem.text().contains("in this release"));
        assertThat(report.conf().orElseThrow().nodes()).hasSize(3);
    }
}
