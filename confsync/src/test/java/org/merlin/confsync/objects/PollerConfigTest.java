package org.merlin.confsync.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.objects.ObjectFile.SyntaxException;

class PollerConfigTest {
    private static final String WHOLE = """
            # of a whole cluster
            define command {
              command_name ping
              command_line check_ping -H $HOSTADDRESS$ \\; true ; this is a comment
            }
            define command {
              command_name unused
              command_line false
            }
            define command {
              command_name mail
              command_line mail $CONTACTEMAIL$
            }
            define timeperiod {
              timeperiod_name always
              monday 00:00-24:00
              exclude holidays
            }
            define timeperiod {
              timeperiod_name holidays
              january 1 00:00-24:00
            }
            define timeperiod {
              timeperiod_name never
            }
            define contact {
              contact_name anna
              host_notification_commands mail
            }
            define contact {
              contact_name berta
            }
            define contactgroup {
              contactgroup_name admins
              members anna
            }
            define host {
              host_name router
              check_command unused
            }
            define host {
              host_name till1
              parents router,switch1
              check_command ping!100!20%
              check_period always
              contact_groups admins
            }
            define host {
              host_name switch1
              hostgroups branch
            }
            define service {
              host_name router,till1
              service_description load
              check_command ping
            }
            define service {
              host_name router
              service_description bgp
              check_command unused
            }
            define hostgroup {
              hostgroup_name branch
              members till1
            }
            define hostgroup {
              hostgroup_name all
              members router,switch1,till1
            }
            """;

    private static ObjectFile part() throws SyntaxException {
        return PollerConfig.cut(ObjectFile.parse("objects.cache", WHOLE.lines().toList()), List.of("branch"));
    }

    private static List<String> names(String type) throws SyntaxException {
        return part().of(type).stream().map(block -> block.get(type + "_name")).toList();
    }

    @Test
    void keepsTheHostsOfItsHostgroupsAndWhatTheseName() throws SyntaxException {
        assertThat(names("host")).containsExactly("till1", "switch1");
        assertThat(names("command")).containsExactly("ping", "mail");
        assertThat(names("timeperiod")).containsExactly("always", "holidays");
        assertThat(names("contact")).containsExactly("anna");
        assertThat(names("contactgroup")).containsExactly("admins");
    }

    @Test
    void leavesOutHostsOfOthersFromServicesParentsAndGroups() throws SyntaxException {
        assertThat(part().of("service")).singleElement().satisfies(service -> {
            assertThat(service.get("service_description")).isEqualTo("load");
            assertThat(service.get("host_name")).isEqualTo("till1");
        });
        assertThat(part().of("host").get(0).get("parents")).isEqualTo("switch1");
        assertThat(part().of("hostgroup"))
                .extracting(group -> group.get("members"))
                .containsExactly("till1", "switch1,till1");
    }

    @Test
    void whatItWritesReadsTheSame() throws SyntaxException {
        ObjectFile part = part();
        ObjectFile again = ObjectFile.parse("again", part.text().lines().toList());
        assertThat(again.text()).isEqualTo(part.text());
        assertThat(part.of("command").get(0).get("command_line")).isEqualTo("check_ping -H $HOSTADDRESS$ \\; true");
    }

    @Test
    void namesTheLineOfWhatIsNoBlock() {
        assertThatThrownBy(() -> ObjectFile.parse("o.cfg", List.of("", "host x")))
                .isInstanceOf(SyntaxException.class)
                .hasMessage("o.cfg:2: 'host x' is outside a block; one begins: define TYPE {");
        assertThatThrownBy(() -> ObjectFile.parse("o.cfg", List.of("define host {", "host_name a")))
                .hasMessage("o.cfg:1: define host is not closed by a }");
    }

    @Test
    void anUnknownHostgroupHoldsNothing() throws SyntaxException {
        ObjectFile none = PollerConfig.cut(ObjectFile.parse("o", WHOLE.lines().toList()), List.of("elsewhere"));
        assertThat(none.blocks()).isEmpty();
    }
}
