package org.merlin.module.quartz.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merlin.module.quartz.objects.CheckCommand;
import org.merlin.module.quartz.objects.Inventories;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.merlin.module.quartz.state.Ids;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.quartz.state.StateMachine;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckType;

class MacrosTest {
    private static final Inventory INVENTORY = Inventories.of("""
            define command {
              command_name c
              command_line true
            }
            define hostgroup {
              hostgroup_name g1
              members web
            }
            define hostgroup {
              hostgroup_name g2
              members web
            }
            define host {
              host_name db
              address 192.0.2.2
            }
            define host {
              host_name web
              alias The web
              address 192.0.2.1
              _SITE Hamburg
            }
            define service {
              host_name web
              service_description http
              check_command c!a!b
              max_check_attempts 4
              _port 8080
            }
            """);
    private static final int SERVICE = 2;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $HOSTNAME$/$HOSTALIAS$/$HOSTADDRESS$          | web/The web/192.0.2.1
            $SERVICEDESC$ $SERVICEDISPLAYNAME$            | http http
            $ARG1$-$ARG2$-$ARG3$.                         | one-web-.
            $$1 and $$                                    | $1 and $
            awk '{print $1}' $ARG1$                       | awk '{print $1}' one
            $HOME and $NOSUCHMACRO$                       | $HOME and $NOSUCHMACRO$
            cost: 5$                                      | cost: 5$
            $SERVICESTATE$ $SERVICESTATEID$               | CRITICAL 2
            $LASTSERVICESTATE$ $LASTSERVICESTATEID$       | OK 0
            $SERVICESTATETYPE$                            | SOFT
            $SERVICEATTEMPT$/$MAXSERVICEATTEMPTS$         | 1/4
            $LASTSERVICECHECK$ $LASTSERVICECRITICAL$      | 1700000000 1700000000
            $SERVICEDURATIONSEC$ $SERVICEDURATION$        | 100 0d 0h 1m 40s
            $SERVICEOUTPUT$                               | bad rm -rf /
            $SERVICEPERFDATA$                             | a=1
            $SERVICECHECKCOMMAND$                         | c!a!b
            $SERVICELATENCY$ $SERVICEEXECUTIONTIME$       | 0.002 1.500
            $HOSTSTATE$ $HOSTSTATEID$ $HOSTATTEMPT$       | UP 0 1
            $HOSTGROUPNAME$ $HOSTGROUPNAMES$              | g1 g1,g2
            $_HOSTSITE$ $_SERVICEPORT$ $_HOSTNONE$.       | Hamburg 8080 .
            $HOSTADDRESS:db$ $SERVICESTATE:web:http$      | 192.0.2.2 CRITICAL
            $HOSTADDRESS:none$                            | $HOSTADDRESS:none$
            $TIMET$ $SHORTDATETIME$ $DATE$ $TIME$         | 1700000100 11-14-2023 23:15:00 11-14-2023 23:15:00
            $LONGDATETIME$                                | Tue Nov 14 23:15:00 CET 2023
            $USER2$.$USER1$                               | ./usr/lib/nagios/plugins
            """)
    void fillsIn(String line, String filled) {
        StateMachine machine = new StateMachine(new Ids());
        ObjectState bad = machine.service(
                        ObjectState.PENDING,
                        new Finding(
                                2,
                                CheckType.ACTIVE,
                                new Output("bad; `rm -rf /`", "", "a=1"),
                                1_700_000_000_000_000L,
                                1_700_000_001_500_000L,
                                2000,
                                1_500_000),
                        4,
                        true)
                .after();
        Macros macros = new Macros(
                INVENTORY, index -> index == SERVICE ? bad : ObjectState.PENDING, ZoneId.of("Europe/Berlin"));
        String expanded = macros.expand(
                new CheckCommand("c", line, List.of("one", "$HOSTNAME$")), INVENTORY.get(SERVICE), 1_700_000_100_000L);
        assertThat(expanded.replaceAll("/usr/lib(64)?/(nagios/plugins|monitoring-plugins)", "/usr/lib/nagios/plugins"))
                .isEqualTo(filled);
    }
}
