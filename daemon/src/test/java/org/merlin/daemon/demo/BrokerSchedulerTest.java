package org.merlin.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.daemon.install.SchedulerKind;

class BrokerSchedulerTest {
    @TempDir
    private Path folder;

    private final BrokerScheduler nagios = new BrokerScheduler(SchedulerKind.NAGIOS4, Path.of("bin"));

    private ObjectFile objects() throws ObjectFile.SyntaxException {
        return ObjectFile.parse("x", """
                define command {
                  command_name ping
                  command_line cd /tmp && ping -c1 $ARG1$
                }
                define command {
                  command_name mail
                  command_line mail x
                }
                define timeperiod {
                  timeperiod_name always
                }
                define host {
                  host_name h
                  check_command ping!127.0.0.1
                }
                """.lines().toList());
    }

    @Test
    void commandsOfChecksNoteTheRunFirstAndOthersStay() throws Exception {
        ObjectFile prepared = nagios.prepare(objects(), folder);
        assertThat(prepared.of("command").get(0).get("command_line"))
                .isEqualTo(folder.resolve("note") + " '$HOSTNAME$' '$SERVICEDESC$' && cd /tmp && ping -c1 $ARG1$");
        assertThat(prepared.of("command").get(1).get("command_line")).isEqualTo("mail x");
        assertThat(prepared.of("timeperiod").get(0).get("alias")).isEqualTo("always");
    }

    @Test
    void theNoteIsALineOfTheRunLog() throws Exception {
        nagios.prepare(objects(), folder);
        Path state = Files.createDirectories(folder.resolve("luke/state"));
        for (String service : List.of("disk", "$SERVICEDESC$", "")) {
            ProcessBuilder note = new ProcessBuilder(folder.resolve("note").toString(), "h", service);
            note.environment().put("MERLIN_NODE", "luke");
            assertThat(note.start().waitFor()).isZero();
        }
        DemoNode node = new DemoNode("luke", true, folder.resolve("luke"), Path.of("bin"), nagios);
        assertThat(node.runLog()).isEqualTo(state.resolve("run.log"));
        assertThat(RunLog.read(List.of(node)))
                .extracting(RunLog.Run::node, RunLog.Run::object)
                .containsExactlyInAnyOrder(tuple("luke", "h;disk"), tuple("luke", "h"), tuple("luke", "h"));
    }

    @Test
    void aFolderWithABlankIsRefused() throws IOException {
        Path blank = Files.createDirectory(folder.resolve("a b"));
        assertThatThrownBy(() -> nagios.prepare(objects(), blank))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("blanks");
    }

    @Test
    void readsWhatNodesMustAgreeIn() {
        assertThat(BrokerScheduler.objects(List.of(
                        "info {",
                        "created=1",
                        "}",
                        "host {",
                        "host_name=h",
                        "current_state=0",
                        "check_latency=0.1",
                        "}",
                        "service {",
                        "host_name=h",
                        "service_description=a=b",
                        "plugin_output=x=y",
                        "}")))
                .containsOnlyKeys("h", "h;a=b")
                .containsEntry("h", "current_state=0")
                .containsEntry("h;a=b", "plugin_output=x=y");
    }
}
