package org.merlin.confsync.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.objects.ObjectFile.SyntaxException;

class SplitterTest {
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
              january 2 00:00-24:00
              exclude bank
            }
            define timeperiod {
              timeperiod_name bank
              monday 1 may 13:00-14:00, 00:00-12:00
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
            define contact {
              contact_name clara
              contactgroups admins
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
              parents bgp
            }
            define service {
              host_name router
              service_description bgp
              check_command unused
            }
            define service {
              hostgroup_name all
              service_description up
              parents router,bgp,switch1,up
              servicegroups ups
              _note a,b
            }
            define servicegroup {
              servicegroup_name ups
            }
            define servicegroup {
              servicegroup_name core
              members router,bgp
            }
            define hostgroup {
              hostgroup_name branch
              members till1
            }
            define hostgroup {
              hostgroup_name all
              members router
              hostgroup_members branch
            }
            define hostgroup {
              hostgroup_name empty
            }
            define hostdependency {
              host_name router,switch1
              dependent_host_name till1
              execution_failure_criteria u,d
              dependency_period never
            }
            define hostdependency {
              host_name router
              dependent_host_name switch1
            }
            define servicedependency {
              host_name till1
              service_description up
              dependent_service_description load
            }
            define hostescalation {
              hostgroup_name all
              contacts berta
            }
            define serviceescalation {
              host_name router
              service_description bgp
            }
            """;

    static Splitter splitter(String text) {
        return splitter(text, List.of());
    }

    private static Splitter splitter(String text, List<String> commands) {
        try {
            return Splitter.read(
                    "objects.cache", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), commands);
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Part part) {
        return StandardCharsets.UTF_8.decode(part.bytes()).toString();
    }

    private static String branch() {
        return text(splitter(WHOLE).part(List.of("branch")));
    }

    private static List<ObjectBlock> blocks(String type) throws SyntaxException {
        return ObjectFile.parse("part", branch().lines().toList()).of(type);
    }

    private static List<String> names(String type) throws SyntaxException {
        return blocks(type).stream().map(block -> block.get(type + "_name")).toList();
    }

    @Test
    void keepsTheHostsOfItsHostgroupsAndWhatTheseName() throws SyntaxException {
        assertThat(names("host")).containsExactly("switch1", "till1");
        assertThat(names("command")).containsExactly("mail", "ping");
        assertThat(names("contact")).containsExactly("anna", "berta", "clara");
        assertThat(names("contactgroup")).containsExactly("admins");
        assertThat(blocks("contactgroup").get(0).get("members")).isEqualTo("anna,clara");
    }

    @Test
    void timeperiodsComeWithAllThatTheyExclude() throws SyntaxException {
        assertThat(names("timeperiod")).containsExactly("always", "bank", "holidays", "never");
        assertThat(branch()).contains("""
                define timeperiod {
                	timeperiod_name	bank
                	monday 1 may	00:00-12:00,13:00-14:00
                }
                """, "\tjanuary 1\t00:00-24:00\n\tjanuary 2\t00:00-24:00\n");
    }

    @Test
    void leavesOutHostsOfOthersFromParentsGroupsAndServices() throws SyntaxException {
        assertThat(blocks("host").get(1).get("parents")).isEqualTo("switch1");
        assertThat(blocks("hostgroup"))
                .extracting(group -> group.get("hostgroup_name") + "=" + group.get("members"))
                .containsExactly("all=switch1,till1", "branch=switch1,till1");
        assertThat(blocks("servicegroup"))
                .extracting(group -> group.get("servicegroup_name") + "=" + group.get("members"))
                .containsExactly("ups=switch1,up,till1,up");
        assertThat(blocks("service"))
                .extracting(service -> service.get("host_name") + ";" + service.get("service_description") + " "
                        + service.get("parents"))
                .containsExactly("switch1;up switch1,up", "till1;load till1,bgp", "till1;up switch1,up");
    }

    @Test
    void dependenciesAreKeptWhereBothSidesAreInThePart() {
        assertThat(branch()).contains("""
                define hostdependency {
                	host_name	switch1
                	dependent_host_name	till1
                	dependency_period	never
                	execution_failure_criteria	d,u
                }
                """, """
                define servicedependency {
                	host_name	till1
                	dependent_host_name	till1
                	dependent_service_description	load
                	service_description	up
                }
                """).doesNotContain("router");
    }

    @Test
    void escalationsAreReducedToHostsOfThePart() {
        assertThat(branch()).contains("""
                define hostescalation {
                	host_name	switch1,till1
                	contacts	berta
                }
                """).doesNotContain("serviceescalation");
    }

    @Test
    void commandsOfTheMainConfigurationAreInEveryPart() {
        List<String> main = List.of(
                "# ocsp_command=berta",
                "ocsp_command=unused!a!b",
                "global_host_event_handler = not-there",
                "host_perfdata_file_processing_command=");
        assertThat(MainCommands.in(main)).containsExactly("not-there", "unused");
        assertThat(text(splitter(WHOLE, List.copyOf(MainCommands.in(main))).part(List.of("empty"))))
                .endsWith("define command {\n\tcommand_name\tunused\n\tcommand_line\tfalse\n}\n\n");
    }

    @Test
    void semicolonsOfTheSchedulersOwnCacheAreNoComments() {
        String cache = "# NAGIOS OBJECT CACHE FILE\n" + WHOLE.replace("\\; true ; this is a comment", "; true");
        String part = text(splitter(cache).part(List.of("branch")));
        assertThat(part).contains("\tcommand_line\tcheck_ping -H $HOSTADDRESS$ \\; true\n");
        assertThat(part).isEqualTo(branch());
    }

    @Test
    void bytesThatAreNoUtf8StayWhatTheyAre() throws IOException, SyntaxException {
        String latin =
                "define host {\nhost_name h\u00fc\n}\ndefine hostgroup {\nhostgroup_name g\nmembers h\u00fc\n}\n";
        Part part = Splitter.read("o", new ByteArrayInputStream(latin.getBytes(StandardCharsets.ISO_8859_1)), List.of())
                .part(List.of("g"));
        assertThat(StandardCharsets.ISO_8859_1.decode(part.bytes()).toString()).contains("\tmembers\th\u00fc\n");
    }

    @Test
    void findsHostgroupsWithLettersBeyondAscii() {
        Part part = splitter(WHOLE.replace("branch", "Sch\u00f6neberg")).part(List.of("Sch\u00f6neberg"));
        assertThat(part.hosts()).isEqualTo(2);
        assertThat(text(part)).contains("\thostgroup_name\tSch\u00f6neberg\n");
    }

    @Test
    void countsAndHashesWhatItWrites() {
        Part part = splitter(WHOLE).part(List.of("branch"));
        assertThat(part.hosts()).isEqualTo(2);
        assertThat(part.services()).isEqualTo(3);
        assertThat(part.sha1()).isEqualTo(DigestUtils.sha1Hex(text(part)));
        assertThat(part.remarks()).isEmpty();
    }

    @Test
    void namesHostgroupsThatAreNotThereOrHoldNoHost() {
        Part part = splitter(WHOLE).part(List.of("elsewhere", "empty", "branch"));
        assertThat(part.remarks())
                .containsExactly("there is no hostgroup 'elsewhere'", "hostgroup 'empty' holds no host");
        assertThat(text(part)).isEqualTo(branch());
        assertThat(splitter(WHOLE).part(List.of("elsewhere")).hosts()).isZero();
    }

    @Test
    void namesHostsThatTwoGroupsOfPollersCheck() {
        Map<String, List<String>> pollers = Map.of(
                "p1", List.of("branch"),
                "p2", List.of("branch"),
                "p3", List.of("all"),
                "p4", List.of("elsewhere"));
        assertThat(splitter(WHOLE).overlaps(pollers))
                .containsExactly("host 'switch1' and 1 more are in the parts of p3 and of p1, p2: both check them");
    }

    @Test
    void namesTypesOfBlocksThatItLeavesOut() {
        assertThat(splitter(WHOLE + "define hostextinfo {\n}\n").remarks())
                .containsExactly("blocks of type hostextinfo are left out: 1");
    }

    @Test
    void aPartOfAPartIsThePart() {
        assertThat(text(splitter(branch()).part(List.of("branch")))).isEqualTo(branch());
    }

    @Test
    void refusesWhatIsNoExpandedConfiguration() {
        assertThatThrownBy(() -> splitter("define host {\nhost_name a\nuse generic\n}\n"))
                .hasMessage("objects.cache:1: 'use' and 'register' belong to templates: give the expanded file that"
                        + " the scheduler writes, its object_cache_file");
        assertThatThrownBy(() -> splitter("define host {\nhost_name a\n}\n\ndefine host {\nhost_name a\n}\n"))
                .hasMessage("objects.cache:5: there are two of host 'a'");
        assertThatThrownBy(() -> splitter("define hostgroup {\nhostgroup_name a\n}\n".repeat(2)))
                .hasMessage("objects.cache:4: there are two of hostgroup 'a'");
        assertThatThrownBy(() -> splitter("define command {\n}\n"))
                .hasMessage("objects.cache:1: this command has no command_name");
        assertThatThrownBy(() -> splitter(WHOLE + "define service {\nhost_name till1\nservice_description up\n}\n"))
                .hasMessageEndingWith("there are two of service 'up' on host 'till1'");
        assertThatThrownBy(() -> splitter("status {\n"))
                .hasMessage("objects.cache:1: 'status {' is outside a block; one begins: define TYPE {");
    }
}
