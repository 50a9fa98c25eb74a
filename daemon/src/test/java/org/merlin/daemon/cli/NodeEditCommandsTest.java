package org.merlin.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code mon node add}, {@code remove} and {@code edit}, where no daemon runs. */
class NodeEditCommandsTest {
    private static final String CONF = """
            node_name = master1;
            state_dir = s;

            # the other one
            peer master2 {
                address = 10.0.0.2;
            }
            """;

    @TempDir
    private Path folder;

    private Path file;

    private record Ended(int status, String out, String err) {}

    @BeforeEach
    void writeConf() throws IOException {
        file = Files.writeString(folder.resolve("merlin.conf"), CONF);
    }

    private Ended mon(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine mon = MerlinCommand.commandLine(new CliContext(Map.of()));
        mon.setOut(new PrintWriter(out, true));
        mon.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("--merlin-cfg=" + file));
        all.addAll(List.of(arguments));
        int status = mon.execute(all.toArray(String[]::new));
        return new Ended(status, out.toString(), err.toString());
    }

    @Test
    void addsANodeAndSaysThatNoDaemonRuns() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Ended ended = mon("node", "add", "poller3", "hostgroups=emea,dmz", "address=10.0.0.3");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains(file + ": changed").contains("no daemon answers");
        assertThat(file).hasContent(CONF + """

                poller poller3 {
                    hostgroups = emea,dmz;
                    address = 10.0.0.3;
                }
                """);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(mon("node", "list", "--type=poller").out()).contains("poller3");
        assertThat(mon("config", "check").status()).isZero();
    }

    @Test
    void aHostgroupThatHoldsNoHostIsToldToWhoTypesIt() throws IOException {
        Files.writeString(file, CONF + "oconf_dir = objects; state_dir = state;\n");
        Files.writeString(
                Files.createDirectories(folder.resolve("objects")).resolve("a.cfg"),
                "define hostgroup {\n hostgroup_name emea\n}\ndefine host {\n host_name a\n hostgroups emea\n}\n");
        assertThat(mon("node", "add", "poller3", "hostgroups=emae").err())
                .contains("warning: ")
                .contains("emae");
        assertThat(mon("node", "edit", "poller3", "hostgroups=emea").err()).isEmpty();
    }

    @Test
    void aDryRunPrintsTheDifferenceAndChangesNothing() {
        Ended ended = mon("node", "add", "poller3", "hostgroups=emea", "--dry-run");
        assertThat(ended.status()).isZero();
        assertThat(ended.out().lines())
                .containsExactly(
                        "--- " + file, "@@ line 8 @@", "+", "+poller poller3 {", "+    hostgroups = emea;", "+}");
        assertThat(mon("node", "remove", "master2", "--dry-run", "-o", "json").out())
                .contains("\"written\" : false", "\"-peer master2 {\"");
        assertThat(file).hasContent(CONF);
    }

    @Test
    void whatWouldBeWrongIsRefusedWithFileAndLineAndNothingIsWritten() {
        Ended noGroup = mon("node", "add", "poller3", "address=10.0.0.3");
        assertThat(noGroup.status()).isEqualTo(78);
        assertThat(noGroup.err()).contains(file + ":9: poller 'poller3' has no hostgroup");
        Ended badPort = mon("node", "edit", "master2", "port=many");
        assertThat(badPort.status()).isEqualTo(78);
        assertThat(badPort.err()).contains(file + ":7: ").contains("nothing was changed");
        Ended unknown = mon("node", "edit", "master2", "adress=h");
        assertThat(unknown.status()).isEqualTo(78);
        assertThat(unknown.err()).contains("did you mean 'address'");
        assertThat(file).hasContent(CONF);
    }

    @Test
    void aNodeThatIsThereIsNotAddedAndOneThatIsNotIsNotEdited() {
        assertThat(mon("node", "add", "master2", "type=peer").status()).isEqualTo(1);
        assertThat(mon("node", "add", "master1", "type=peer").status())
                .as("itself")
                .isEqualTo(78);
        assertThat(mon("node", "remove", "master2", "nobody").status()).isEqualTo(64);
        assertThat(mon("node", "edit", "nobody", "port=1").status()).isEqualTo(64);
        assertThat(mon("node", "edit", "nobody", "port=1").err()).contains("there is no node 'nobody'");
        assertThat(file).hasContent(CONF);
    }

    @Test
    void badUsageIsToldAsSuch() {
        assertThat(mon("node", "add", "a b", "hostgroup=x").status()).isEqualTo(64);
        assertThat(mon("node", "add", "c", "type=friend").err()).contains("a type is master, peer or poller");
        assertThat(mon("node", "add", "c", "hostgroup").status()).isEqualTo(64);
        assertThat(mon("node", "add", "c", "hostgroup=").status()).isEqualTo(64);
        assertThat(mon("node", "add", "c", "hostgroup=a", "hostgroup=b").status())
                .isEqualTo(64);
        assertThat(mon("node", "edit", "master2").status()).isEqualTo(64);
        assertThat(mon("node", "edit", "master2", "type=poller").status()).isEqualTo(64);
        assertThat(mon("node", "edit", "master2", "address=a\nb").status()).isEqualTo(64);
        assertThat(file).hasContent(CONF);
    }

    @Test
    void aFileThatIsWrongAlreadyIsNotTouched() throws IOException {
        Files.writeString(file, "tls = maybe;\n");
        Ended ended = mon("node", "add", "c", "type=peer");
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.err()).contains(file + ":1: ");
        assertThat(file).hasContent("tls = maybe;\n");
    }

    @Test
    void removesAndEdits() {
        assertThat(mon("node", "edit", "master2", "connect=no", "address=").status())
                .isZero();
        assertThat(file).hasContent(CONF.replace("address = 10.0.0.2", "connect = no"));
        assertThat(mon("node", "remove", "master2").status()).isZero();
        assertThat(file).hasContent("node_name = master1;\nstate_dir = s;\n\n# the other one\n");
    }

    @Test
    void reloadSaysThatNoDaemonAnswers() {
        assertThat(mon("reload").status()).isEqualTo(69);
    }
}
