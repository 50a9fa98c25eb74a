package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.protocol.conf.ConfTexts.parse;
import static org.merlin.protocol.conf.ConfTexts.problems;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "key = value;",
                "key = value",
                "key=value;",
                "key value",
                "\tkey \t value ; # why",
                "; key = value ;;",
                "\ufeffkey = value\r\n"
            })
    void readsAKeyAndItsValueInAnyDress(String text) {
        ConfProblems problems = new ConfProblems("");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ConfSection root = ConfParser.parse(ConfFile.lines(bytes, problems), Set.of(), problems);
        assertThat(problems.sorted()).isEmpty();
        assertThat(root.entries()).hasSize(1).first().satisfies(entry -> {
            assertThat(entry.line()).isEqualTo(1);
            assertThat(entry.key()).isEqualTo("key");
            assertThat(entry.value()).isEqualTo("value");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "peer x { address = 1.2.3.4; port = 1; }",
                "peer x { address = 1.2.3.4; port = 1 }",
                "peer x{address=1.2.3.4;port=1}",
                "peer x { address 1.2.3.4; port 1; };",
                "peer x { address 1.2.3.4\n port 1 }",
                "peer x {\n\taddress = 1.2.3.4;\n\tport = 1;\n}\n"
            })
    void readsASectionInOneLineOrMany(String text) {
        ConfSection peer = parse(text).sections().get(0);
        assertThat(peer.name() + "," + peer.title() + "," + peer.line()).isEqualTo("peer,x,1");
        assertThat(values(peer)).containsExactly("address=1.2.3.4", "port=1");
    }

    @Test
    void readsSectionsOneAfterAnotherInOneLine() {
        assertThat(parse("peer a { port 1 } peer b { port 2 }peer c{}").sections())
                .extracting(ConfSection::title)
                .containsExactly("a", "b", "c");
    }

    @Test
    void keepsSectionsWithinSections() {
        ConfSection daemon = parse("daemon {\n object_config { push = a }\n port = 1\n}")
                .sections()
                .get(0);
        assertThat(values(daemon.sections().get(0))).containsExactly("push=a");
        assertThat(values(daemon)).containsExactly("port=1");
    }

    @Test
    void keepsASemicolonThatIsEscaped() {
        assertThat(values(parse("push = a\\; b\\;; port = 1"))).containsExactly("push=a; b;", "port=1");
    }

    @Test
    void keepsBracesThatBelongToAValue() {
        assertThat(values(parse("push = { a };\npass = a}b;\nfetch = ${x} {y}; user = }z\nf { push = ${x} }")))
                .containsExactly("push={ a }", "pass=a}b", "fetch=${x} {y}", "user=}z");
    }

    @Test
    void keepsANumberSignInAValue() {
        assertThat(values(parse("pass = a#b; # and this is none\n# nor this = 1;")))
                .containsExactly("pass=a#b");
    }

    @Test
    void warnsOfACommentThatBecameAValue() {
        assertThat(problems("ipc_group = x # who may come"))
                .containsExactly(
                        "1: warning: the value of 'ipc_group' goes on after the #: a comment needs a ; before it");
    }

    @Test
    void takesTheFirstEqualsSignOnly() {
        assertThat(values(parse("conn_str = host=x user=y"))).containsExactly("conn_str=host=x user=y");
    }

    @Test
    void namesTheLineOfASectionThatIsNotClosed() {
        assertThat(problems("tls = on\ndaemon {\n port = 1\n"))
                .containsExactly("2: section 'daemon' is not closed by a }");
    }

    @Test
    void boundsLinesSectionsAndEntries() {
        assertThat(problems("ipc_group = " + "x".repeat(ConfParser.MAX_LINE)))
                .containsExactly("1: a line of 65548 characters, the bound is 65536");
        assertThat(problems("a {\n".repeat(100_000)))
                .hasSize(ConfProblems.MOST + 1)
                .first()
                .asString()
                .isEqualTo("9: sections are nested deeper than 8");
        assertThat(problems("ipc_group = x\n".repeat(ConfParser.MAX_STATEMENTS + 10)))
                .last()
                .asString()
                .contains("more problems");
        assertThat(MerlinConfReader.read(ConfTexts.FILE, new byte[ConfFile.MAX_BYTES + 1])
                        .problems())
                .extracting(ConfProblem::text)
                .containsExactly("larger than 16777216 bytes: is this a merlin.conf?");
    }

    private static List<String> values(ConfSection section) {
        return section.entries().stream()
                .map(entry -> entry.key() + "=" + entry.value())
                .toList();
    }
}
