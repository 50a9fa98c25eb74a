package org.merlin.module.quartz.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.module.quartz.objects.Inventories;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.merlin.protocol.event.ExternalCommand;

class CommandsTest {
    private static final Inventory INVENTORY = Inventories.of("""
            define command {
              command_name c
              command_line true
            }
            define host {
              host_name h
              passive_checks_enabled 0
            }
            define service {
              host_name h
              service_description a
              check_command c
            }
            define service {
              host_name h
              service_description b
              check_command c
            }
            """);

    private final List<String> done = new ArrayList<>();
    private final Commands commands = new Commands(
            INVENTORY,
            new CommandTarget() {
                @Override
                public void passive(int index, Finding finding) {
                    done.add("passive " + INVENTORY.get(index).name() + " " + finding);
                }

                @Override
                public void checkAt(int index, long atMillis, boolean forced) {
                    done.add("check " + INVENTORY.get(index).name() + " at " + atMillis + (forced ? " forced" : ""));
                }

                @Override
                public void switchChecks(int index, boolean on) {
                    done.add("switch " + INVENTORY.get(index).name() + " " + on);
                }

                @Override
                public void switchAllChecks(boolean hosts, boolean on) {
                    done.add("switch all " + (hosts ? "hosts " : "services ") + on);
                }

                @Override
                public void save() {
                    done.add("save");
                }

                @Override
                public void share(ExternalCommand command) {
                    done.add("share " + command.name());
                }

                @Override
                public void log(String line) {
                    done.add("log " + line);
                }
            },
            Clock.fixed(Instant.ofEpochSecond(1_700_000_010), ZoneOffset.UTC));

    private List<String> given(String line) {
        done.clear();
        commands.given(line);
        return done;
    }

    @Test
    void takesPassiveResultsAndTellsNobody() {
        assertThat(given("[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;a;2;bad; very|x=1\\nmore\\\\n"))
                .containsExactly(
                        "log EXTERNAL COMMAND: PROCESS_SERVICE_CHECK_RESULT;h;a;2;bad; very|x=1\\nmore\\\\n",
                        "passive h;a Finding[state=2, type=PASSIVE, output=Output[text=bad; very, longText=more\\n,"
                                + " perfData=x=1], startMicros=1700000000000000, endMicros=1700000000000000,"
                                + " latencyMicros=10000000, executionMicros=0]");
    }

    @Test
    void refusesPassiveResultsThatMakeNoSense() {
        assertThat(given("[1] PROCESS_SERVICE_CHECK_RESULT;h;zz;2;x"))
                .last()
                .asString()
                .endsWith("(there is no service 'zz' on host 'h')");
        assertThat(given("[1] PROCESS_SERVICE_CHECK_RESULT;h;zz;2;x"))
                .contains(
                        "log Warning:  Passive check result was received for service 'zz' on host 'h', but the service"
                                + " could not be found!");
        assertThat(given("[1] PROCESS_SERVICE_CHECK_RESULT;hh;a;2;x"))
                .contains("log Warning:  Passive check result was received for service 'a' on host 'hh', but the host"
                        + " could not be found!");
        assertThat(given("[1] PROCESS_HOST_CHECK_RESULT;hh;1;x"))
                .contains("log Warning:  Passive check result was received for host 'hh', but the host could not be"
                        + " found!")
                .last()
                .asString()
                .endsWith("(there is no host 'hh')");
        assertThat(given("[1] PROCESS_SERVICE_CHECK_RESULT;h;a;4;x"))
                .last()
                .asString()
                .endsWith("('4' is no state; 0 to 3 are)");
        assertThat(given("[1] PROCESS_HOST_CHECK_RESULT;h;1;x"))
                .last()
                .asString()
                .endsWith("(passive results are switched off for h)");
        assertThat(given("[1] PROCESS_SERVICE_CHECK_RESULT;h"))
                .last()
                .asString()
                .startsWith("log Error: External command failed -> ");
    }

    @Test
    void schedulesChecksHereAndElsewhere() {
        assertThat(given("[1] SCHEDULE_FORCED_SVC_CHECK;h;a;1700000005"))
                .contains("check h;a at 1700000005000 forced", "share SCHEDULE_FORCED_SVC_CHECK");
        assertThat(given("[1] SCHEDULE_SVC_CHECK;h;a;1700000005.0")).contains("check h;a at 1700000005000");
        assertThat(given("[1] SCHEDULE_HOST_CHECK;h;")).contains("check h at 1700000010000");
        assertThat(given("[1] SCHEDULE_FORCED_HOST_SVC_CHECKS;h;5"))
                .contains("check h;a at 5000 forced", "check h;b at 5000 forced");
        assertThat(given("[1] SCHEDULE_HOST_CHECK;h;soon")).noneMatch(line -> line.startsWith("share"));
    }

    @Test
    void executesWhatOthersWereGivenWithoutTellingThemAgain() {
        commands.execute(new ExternalCommand("SCHEDULE_FORCED_HOST_CHECK", "h;5", 1));
        assertThat(done)
                .containsExactly("log EXTERNAL COMMAND: SCHEDULE_FORCED_HOST_CHECK;h;5", "check h at 5000 forced");
    }

    @Test
    void switchesChecks() {
        assertThat(given("[1] DISABLE_SVC_CHECK;h;a")).contains("switch h;a false", "share DISABLE_SVC_CHECK");
        assertThat(given("[1] ENABLE_HOST_CHECK;h")).contains("switch h true");
        assertThat(given("[1] STOP_EXECUTING_SVC_CHECKS"))
                .contains("switch all services false")
                .hasSize(2);
        assertThat(given("[1] START_EXECUTING_HOST_CHECKS"))
                .contains("switch all hosts true")
                .hasSize(2);
        assertThat(given("[1] SAVE_STATE_INFORMATION")).contains("save");
    }

    @Test
    void notesWhatItDoesNotKnow() {
        assertThat(given("[1] ACKNOWLEDGE_HOST_PROBLEM;h;1;1;1;me;x"))
                .containsExactly(
                        "log Warning: Unrecognized external command -> ACKNOWLEDGE_HOST_PROBLEM;h;1;1;1;me;x (not known in this"
                                + " release)");
        assertThat(given("hello")).containsExactly("log Warning: Malformed external command -> hello");
    }
}
