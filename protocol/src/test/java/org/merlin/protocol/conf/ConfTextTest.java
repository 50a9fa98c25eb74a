package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.node.NodeRole;

class ConfTextTest {
    private static final Path FILE = Path.of("merlin.conf");
    private static final String CONF = """
            # the site's
            node_name = master1;   # never change

            peer master2 {
            \taddress = 10.0.0.2;
            }

            # in the cellar
            poller cellar {
                hostgroup = cellar, roof   # both
                port = 15552; connect = no
                object_config {
                    push = no;
                }
            }
            poller attic { hostgroup = attic; address = 10.0.0.4 }
            """;

    private static ConfText text(String text) {
        return ConfText.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> keys(String... pairs) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            keys.put(pairs[i], pairs[i + 1]);
        }
        return keys;
    }

    @Test
    void aNewNodeComesAtTheEndAndNothingElseChanges() {
        ConfText added = text(CONF)
                .with(
                        NodeRole.POLLER,
                        "poller3",
                        keys("hostgroups", "emea,dmz", "connect", "no", "oconf_push", "cmd; true"));
        assertThat(added).hasToString(CONF + """

                poller poller3 {
                    hostgroups = emea,dmz;
                    connect = no;
                    object_config {
                        push = cmd\\; true;
                    }
                }
                """);
        MerlinConf conf = added.check(FILE).conf().orElseThrow();
        MerlinConf.Node node = conf.nodes().get(3);
        assertThat(node.name()).isEqualTo("poller3");
        assertThat(node.selection().hostgroups()).containsExactly("dmz", "emea");
        assertThat(node.objectConfig().push()).contains("cmd; true");
    }

    @Test
    void aFileWithoutALastLineEndGetsOne() {
        assertThat(text("node_name = a").with(NodeRole.PEER, "b", keys())).hasToString("""
                node_name = a

                peer b {
                }
                """);
        assertThat(text("node_name = a\r\n").with(NodeRole.PEER, "b", keys("port", "1")))
                .hasToString("node_name = a\r\n\r\npeer b {\r\n    port = 1;\r\n}\r\n");
    }

    @Test
    void aNodeThatGoesTakesItsLinesAndOneBlankLineWithItAndNoCommentOfOthers() {
        assertThat(text(CONF).without("master2")).hasToString("""
                # the site's
                node_name = master1;   # never change

                # in the cellar
                poller cellar {
                    hostgroup = cellar, roof   # both
                    port = 15552; connect = no
                    object_config {
                        push = no;
                    }
                }
                poller attic { hostgroup = attic; address = 10.0.0.4 }
                """);
        assertThat(text(CONF).without("attic").without("cellar").without("master2"))
                .hasToString("""
                        # the site's
                        node_name = master1;   # never change

                        # in the cellar
                        """);
    }

    @Test
    void ofTwoSectionsInALineOneGoes() {
        assertThat(text("peer a { port = 1 } peer b { port = 2 } # two\n").without("a"))
                .hasToString("peer b { port = 2 } # two\n");
    }

    @Test
    void aValueChangesInItsPlaceAndKeepsTheSpellingOfItsKey() {
        assertThat(text(CONF).edited("cellar", keys("hostgroups", "cellar", "port", "", "takeover", "no")))
                .hasToString(CONF.replace("hostgroup = cellar, roof   # both", "hostgroup = cellar;")
                        .replace("    port = 15552; connect = no\n", "    connect = no\n    takeover = no;\n"));
        assertThat(text(CONF).edited("master2", keys("connect", "no", "address", "h")))
                .hasToString(CONF.replace("\taddress = 10.0.0.2;\n", "\taddress = h;\n\tconnect = no;\n"));
    }

    @Test
    void aSectionOfOneLineStaysOne() {
        assertThat(text(CONF).edited("attic", keys("host", "new", "port", "7")))
                .hasToString(CONF.replace(
                        "{ hostgroup = attic; address = 10.0.0.4 }",
                        "{ port = 7; hostgroup = attic; address = new; }"));
        assertThat(text(CONF).edited("attic", keys("address", "")))
                .hasToString(CONF.replace("{ hostgroup = attic; address = 10.0.0.4 }", "{ hostgroup = attic;  }"));
    }

    @Test
    void aKeyThatIsNotThereNeedNotBeTakenOut() {
        assertThat(text(CONF).edited("cellar", keys("takeover", ""))).hasToString(CONF);
    }

    @Test
    void aKeyOfANestedSectionIsNotTakenForOneOfTheNode() {
        assertThat(text(CONF).edited("cellar", keys("push", "")).toString()).isEqualTo(CONF);
    }

    @Test
    void whatCannotBeWrittenIsRefusedInWords() {
        assertThatThrownBy(() -> text(CONF).edited("nobody", keys("port", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no node 'nobody'");
        assertThatThrownBy(() -> text(CONF).edited("cellar", keys("address", "a\nport = 3")))
                .hasMessageContaining("control character");
        assertThatThrownBy(() -> text(CONF).edited("cellar", keys("a b", "c"))).hasMessageContaining("no key");
        assertThatThrownBy(() -> text(CONF).edited("attic", keys("address", "x } peer evil {")))
                .hasMessageContaining("cannot be written");
    }

    @Test
    void bytesThatAreNoUtf8StayWhatTheyAre() {
        byte[] bytes = "# caf\u00e9\npeer a { }\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(ConfText.of(bytes).edited("a", keys("port", "5")).bytes())
                .isEqualTo("# caf\u00e9\npeer a { port = 5; }\n".getBytes(StandardCharsets.ISO_8859_1));
        byte[] marked = "\ufeffpeer a {\n}\n".getBytes(StandardCharsets.UTF_8);
        assertThat(ConfText.of(marked).edited("a", keys("address", "caf\u00e9")).bytes())
                .isEqualTo("\ufeffpeer a {\n    address = caf\u00e9;\n}\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theDifferenceNamesItsLineAndWhatGoesAndComes() {
        ConfText before = text(CONF);
        assertThat(before.differenceTo(before)).isEmpty();
        assertThat(before.differenceTo(before.edited("master2", keys("address", "10.0.0.3"))))
                .isEqualTo(List.of("@@ line 5 @@", "-\taddress = 10.0.0.2;", "+\taddress = 10.0.0.3;"));
        assertThat(before.differenceTo(before.without("attic")))
                .isEqualTo(List.of("@@ line 16 @@", "-poller attic { hostgroup = attic; address = 10.0.0.4 }"));
    }

    /** Whatever is written is read again as it was meant, or refused; and what is taken out again leaves the text as it was. */
    @Property(tries = 500)
    void aNodeThatIsAddedAndRemovedLeavesNoTrace(
            @ForAll @AlphaChars @StringLength(min = 1, max = 8) String name,
            @ForAll @Chars({'a', ' ', ';', '{', '}', '#', '=', '\\', '\u00e9'}) @StringLength(max = 12) String value) {
        ConfText before = text(CONF);
        String node = "x" + name;
        try {
            ConfText added = before.with(NodeRole.MASTER, node, keys("address", value, "port", "1"));
            assertThat(added.has(node)).isTrue();
            assertThat(added.without(node)).hasToString(CONF);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("cannot be written");
        }
    }
}
