package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a file holds: there are problems or there is a configuration, and never an exception. */
class ConfNoiseTest {
    private static final List<String> WORDS = List.of(
            "{",
            "}",
            "}",
            ";",
            "=",
            "#",
            "\\;",
            "\n",
            "\n",
            "\n",
            " ",
            "\t",
            "peer",
            "poller",
            "daemon",
            "module",
            "database",
            "object_config",
            "sync",
            "scheduler",
            "a",
            "b",
            "port",
            "address",
            "state_dir",
            "ipc_socket",
            "node_name",
            "pulse_interval",
            "data_timeout",
            "expiry_grace",
            "damping",
            "minority",
            "hostgroup",
            "takeover",
            "log_level",
            "tls",
            "yes",
            "no",
            "0",
            "1",
            "15551",
            "99999999999999999999",
            "5s",
            "1.5h",
            "::1",
            "10.0.0.1",
            "[",
            "]",
            "..",
            "/tmp",
            "/",
            "\u00e4",
            "\ud83d\ude00",
            "%",
            "push",
            "pull",
            "enabled",
            "+debug",
            "-all",
            ",");

    @Property
    void randomBytesOnlyGiveProblems(@ForAll byte[] bytes) {
        requireAnswer(MerlinConfReader.read(ConfTexts.FILE, bytes));
    }

    @Property
    void randomTextOnlyGivesProblems(@ForAll String text) {
        requireAnswer(ConfTexts.read(text));
    }

    @Property(tries = 5000)
    void ourOwnWordsInAnyOrderOnlyGiveProblems(@ForAll("wordSalads") String text) {
        requireAnswer(ConfTexts.read(text));
    }

    @Property
    void whatIsWrittenInAnyLayoutIsRead(@ForAll("trees") ConfSection tree, @ForAll("layouts") Layout layout) {
        String text =
                tree.sections().stream().map(section -> write(section, layout)).collect(Collectors.joining());
        ConfSection read = ConfTexts.parse(text);
        assertThat(shape(read)).isEqualTo(shape(tree));
    }

    private static void requireAnswer(MerlinConfReader.Report report) {
        boolean failed = report.problems().stream().anyMatch(ConfProblem::error);
        assertThat(report.conf().isPresent()).isEqualTo(!failed);
        assertThat(report.problems())
                .filteredOn(problem -> problem.line() > 0)
                .isSortedAccordingTo(Comparator.comparingInt(ConfProblem::line));
    }

    @Provide
    Arbitrary<String> wordSalads() {
        return Arbitraries.of(WORDS).list().ofMaxSize(120).map(words -> String.join("", words));
    }

    /** How a file is laid out; all layouts mean the same. */
    record Layout(String lineEnd, String equals, String entryEnd) {}

    @Provide
    Arbitrary<Layout> layouts() {
        return Combinators.combine(
                        Arbitraries.of("\n", "\r\n", "\n\n # comment }{ ;\n\t", " "),
                        Arbitraries.of("=", " = ", " ", "\t=\t"),
                        Arbitraries.of(";", " ; ", ";;"))
                .as(Layout::new);
    }

    @Provide
    Arbitrary<ConfSection> trees() {
        Arbitrary<String> words =
                Arbitraries.strings().withChars("abz_09").ofMinLength(1).ofMaxLength(5);
        Arbitrary<String> values =
                Arbitraries.strings().withChars("ab;/.:,-").ofMinLength(1).ofMaxLength(9);
        Arbitrary<ConfSection.Entry> entries =
                Combinators.combine(words, values).as((key, value) -> new ConfSection.Entry(0, key, value, 0, 0));
        Arbitrary<ConfSection> leaves = Combinators.combine(
                        words, words, entries.list().ofMaxSize(4))
                .as((name, title, inside) -> section(name, title, inside, List.of()));
        Arbitrary<ConfSection> branches = Combinators.combine(
                        words, entries.list().ofMaxSize(3), leaves.list().ofMaxSize(3))
                .as((name, inside, sections) -> section(name, "", inside, sections));
        return branches.list().ofMaxSize(4).map(sections -> section("", "", List.of(), sections));
    }

    private static ConfSection section(
            String name, String title, List<ConfSection.Entry> entries, List<ConfSection> sections) {
        ConfSection section = new ConfSection(name, title, 0);
        section.entries().addAll(entries);
        section.sections().addAll(sections);
        return section;
    }

    private static String write(ConfSection section, Layout layout) {
        StringBuilder text = new StringBuilder(section.name()).append(' ').append(section.title());
        text.append(" {").append(layout.lineEnd());
        section.entries()
                .forEach(entry -> text.append(entry.key())
                        .append(layout.equals())
                        .append(entry.value().replace(";", "\\;"))
                        .append(layout.entryEnd())
                        .append(layout.lineEnd()));
        section.sections().forEach(child -> text.append(write(child, layout)));
        return text.append("}").append(layout.lineEnd()).toString();
    }

    private static String shape(ConfSection section) {
        return section.name() + " " + section.title() + " {"
                + section.entries().stream()
                        .map(entry -> entry.key() + "=" + entry.value())
                        .toList()
                + section.sections().stream().map(ConfNoiseTest::shape).toList() + "}";
    }

    /** Reading takes time in proportion to the text, also where it is made to look for braces all the time. */
    @net.jqwik.api.Example
    void hugeNoiseIsReadInTime() {
        for (String piece :
                List.of("a b c{;", "{", "}", "a;", "peer a { } ", "#\n", "=\n", "a{b}c{\n", "\\;", "a=}{")) {
            String line = piece.repeat(ConfParser.MAX_LINE / piece.length()) + "\n";
            String text = line.repeat(Math.max(1, (2 << 20) / line.length()));
            org.junit.jupiter.api.Assertions.assertTimeout(
                    java.time.Duration.ofSeconds(20),
                    () -> requireAnswer(MerlinConfReader.read(ConfTexts.FILE, text.getBytes(StandardCharsets.UTF_8))));
        }
    }
}
