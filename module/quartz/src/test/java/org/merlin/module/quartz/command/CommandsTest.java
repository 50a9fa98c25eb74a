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
            define hostgroup {
              hostgroup_name g
              members h
            }
            define host {
              host_name behind
              parents h
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
            new TargetByHand(INVENTORY, done),
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
                        "given PROCESS_SERVICE_CHECK_RESULT",
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
                .containsExactly(
                        "given SCHEDULE_FORCED_SVC_CHECK",
                        "log EXTERNAL COMMAND: SCHEDULE_FORCED_SVC_CHECK;h;a;1700000005",
                        "check h;a at 1700000005000 forced");
        assertThat(given("[1] SCHEDULE_SVC_CHECK;h;a;1700000005.0")).contains("check h;a at 1700000005000");
        assertThat(given("[1] SCHEDULE_HOST_CHECK;h;")).contains("check h at 1700000010000");
        assertThat(given("[1] SCHEDULE_FORCED_HOST_SVC_CHECKS;h;5"))
                .contains("check h;a at 5000 forced", "check h;b at 5000 forced");
        assertThat(given("[1] SCHEDULE_HOST_CHECK;h;soon"))
                .last()
                .asString()
                .endsWith("('soon' is no time in seconds)");
    }

    @Test
    void executesWhatOthersWereGivenWithoutTellingThemAgain() {
        commands.execute(new ExternalCommand("SCHEDULE_FORCED_HOST_CHECK", "h;5", 1));
        assertThat(done)
                .containsExactly("log EXTERNAL COMMAND: SCHEDULE_FORCED_HOST_CHECK;h;5", "check h at 5000 forced");
    }

    @Test
    void switchesOneThingOrMany() {
        assertThat(given("[1] DISABLE_SVC_CHECK;h;a")).contains("set SERVICE h a checks to 0");
        assertThat(given("[1] ENABLE_HOST_CHECK;h")).contains("set HOST h  checks to 1");
        assertThat(given("[1] STOP_EXECUTING_SVC_CHECKS")).contains("set PROGRAM   checks to 0");
        assertThat(given("[1] DISABLE_HOSTGROUP_SVC_NOTIFICATIONS;g"))
                .contains("set SERVICE h a notifications to 0", "set SERVICE h b notifications to 0");
        assertThat(given("[1] ENABLE_HOSTGROUP_PASSIVE_HOST_CHECKS;g")).contains("set HOST h  passive_checks to 1");
        assertThat(given("[1] DISABLE_HOST_AND_CHILD_NOTIFICATIONS;h"))
                .contains("set HOST h  notifications to 0", "set HOST behind  notifications to 0");
        assertThat(given("[1] DISABLE_ALL_NOTIFICATIONS_BEYOND_HOST;h"))
                .contains("set HOST behind  notifications to 0")
                .hasSize(3);
        assertThat(given("[1] DISABLE_HOST_SVC_NOTIFICATIONS;h")).contains("set SERVICE h b notifications to 0");
        assertThat(given("[1] CHANGE_NORMAL_SVC_CHECK_INTERVAL;h;a;7")).contains("set SERVICE h a check_interval to 7");
        assertThat(given("[1] DISABLE_HOSTGROUP_SVC_CHECKS;zz"))
                .last()
                .asString()
                .endsWith("(there is no hostgroup 'zz')");
        assertThat(given("[1] SAVE_STATE_INFORMATION")).contains("save");
    }

    @Test
    void takesNotesOfPeople() {
        assertThat(given("[7] ADD_SVC_COMMENT;h;a;1;me;one; two"))
                .last()
                .isEqualTo("comment Comment[object=h;a, entrySeconds=7, author=me, text=one; two, persistent=true,"
                        + " source=1, expireSeconds=0]");
        assertThat(given("[7] ACKNOWLEDGE_SVC_PROBLEM_EXPIRE;h;a;2;1;0;1700000099;me;it's mine"))
                .last()
                .isEqualTo("acknowledge Acknowledgement[object=h;a, set=true, problem=0, since=0, sticky=true,"
                        + " persistent=false, tellContacts=true, author=me, text=it's mine, entrySeconds=7,"
                        + " endSeconds=1700000099]");
        assertThat(given("[7] ACKNOWLEDGE_HOST_PROBLEM;h;1;0;1;me;x"))
                .last()
                .asString()
                .contains("sticky=false, persistent=true, tellContacts=false, author=me, text=x");
        assertThat(given("[7] DEL_SVC_COMMENT;5")).last().asString().endsWith("(there is no comment 5)");
        assertThat(given("[7] SEND_CUSTOM_HOST_NOTIFICATION;h;6;me;hello")).contains("tell of h 6 me: hello");
    }

    @Test
    void schedulesDowntimesOfOneOrMany() {
        assertThat(given("[7] SCHEDULE_SVC_DOWNTIME;h;a;10;20;0;3;5;me;work"))
                .contains("downtime of h;a from 10 to 20 for 5 by me: work, with 3");
        assertThat(given("[7] SCHEDULE_HOST_SVC_DOWNTIME;h;10;20;1;0;0;me;work"))
                .contains("downtime of h;a from 10 to 20 by me: work", "downtime of h;b from 10 to 20 by me: work");
        assertThat(given("[7] SCHEDULE_AND_PROPAGATE_TRIGGERED_HOST_DOWNTIME;h;10;20;1;0;0;me;work"))
                .contains("downtime of h from 10 to 20 by me: work")
                .anyMatch(line -> line.startsWith("downtime of behind from 10 to 20 by me: work, with "));
        assertThat(given("[7] DEL_DOWNTIME_BY_HOST_NAME;h;;10;work"))
                .contains(
                        "delete downtimes of h from 10 'work'",
                        "delete downtimes of h;a from 10 'work'",
                        "delete downtimes of h;b from 10 'work'");
        assertThat(given("[7] DEL_DOWNTIME_BY_START_TIME_COMMENT;;"))
                .last()
                .asString()
                .endsWith("(neither start nor comment is given)");
    }

    @Test
    void notesWhatItDoesNotKnow() {
        assertThat(given("[1] DO_SOMETHING;h;1"))
                .containsExactly(
                        "given DO_SOMETHING",
                        "log Warning: Unrecognized external command -> DO_SOMETHING;h;1 (not known in this release)");
        assertThat(given("hello")).containsExactly("log Warning: Malformed external command -> hello");
    }
}
