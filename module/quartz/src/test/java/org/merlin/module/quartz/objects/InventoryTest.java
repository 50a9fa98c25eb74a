package org.merlin.module.quartz.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.event.MonitoredObject;

class InventoryTest {
    private static final String SMALL = """
            ########################################
            # NAGIOS OBJECT CACHE FILE
            define timeperiod {
            \ttimeperiod_name\t24x7
            \talias\tAlways
            \tsunday\t00:00-24:00
            \t}

            define command {
            \tcommand_name\tcheck_it
            \tcommand_line\t$USER1$/check_it -H $HOSTADDRESS$ -w $ARG1$ \\; echo done ; a comment
            \t}
            define contact {
            \tcontact_name\tsomebody
            \thost_notification_commands\tcheck_it
            \tservice_notification_commands\tcheck_it
            \t}
            define hostgroup {
            \thostgroup_name\tdb
            \tmembers\tweb-1
            \t}
            define hostgroup {
            \thostgroup_name\tall
            \t}
            define host {
            \thost_name\tweb
            \talias\tThe web
            \taddress\t192.0.2.1
            \tcheck_command\tcheck_it!5,10%!\\!
            \tcheck_interval\t0.500000
            \tretry_interval\t1.000000
            \tmax_check_attempts\t3
            \tcheck_period\t24x7
            \thostgroups\tall
            \t_SITE\tHamburg
            \t}
            define host{
              host_name web-1
              parents   web
              hostgroups all
            }
            define service {
            \thost_name\tweb-1
            \tservice_description\ta
            \tcheck_command\tcheck_it
            \tactive_checks_enabled\t0
            \t}
            define service {
            \thost_name\tweb
            \tservice_description\tz
            \tcheck_command\tcheck_it
            \tcheck_interval\t2
            \t}
            """;

    @Test
    void readsHostsAndServicesInTheOrderOfSlots() {
        Inventory inventory = Inventories.of(SMALL);
        assertThat(inventory.all())
                .extracting(object -> object.name().name())
                .containsExactly("web", "web-1", "web-1;a", "web;z"); // '-' comes before ';'
        assertThat(inventory.hosts()).isEqualTo(2);
        assertThat(inventory.services()).isEqualTo(2);
        assertThat(inventory.servicesOf(0)).containsExactly(3);
        assertThat(inventory.find(MonitoredObject.ofService("web", "z"))).hasValue(3);
        assertThat(inventory.warnings()).isEmpty();
    }

    @Test
    void takesASemicolonForACommentUnlessABackslashIsBeforeIt() {
        Checkable web = Inventories.of(SMALL).get(0);
        assertThat(web.command()).hasValueSatisfying(command -> {
            assertThat(command.line()).isEqualTo("$USER1$/check_it -H $HOSTADDRESS$ -w $ARG1$ ; echo done");
            assertThat(command.arguments()).containsExactly("5,10%", "!");
        });
    }

    @Test
    void readsPlansGroupsParentsAndOwnVariables() {
        Inventory inventory = Inventories.of(SMALL);
        Checkable web = inventory.get(0);
        assertThat(web.plan().checkMillis(Duration.ofSeconds(60))).isEqualTo(30_000);
        assertThat(web.plan().maxAttempts()).isEqualTo(3);
        assertThat(web.plan().period().name()).isEqualTo("24x7");
        assertThat(web.labels().custom()).containsEntry("SITE", "Hamburg");
        assertThat(web.hostgroups()).containsExactly("all");
        assertThat(inventory.get(1).hostgroups()).containsExactly("db", "all");
        assertThat(inventory.get(1).parents()).containsExactly(0);
        assertThat(inventory.get(2).hostgroups()).containsExactly("db", "all");
        assertThat(inventory.get(2).plan().active()).isFalse();
    }

    @Test
    void putsAServiceOnSeveralHostsAndGroups() {
        Inventory inventory = Inventories.of("""
                define command {
                  command_name c
                  command_line true
                }
                define hostgroup {
                  hostgroup_name g
                  members b,c
                }
                define host {
                  host_name a
                }
                define host {
                  host_name b
                }
                define host {
                  host_name c
                }
                define service {
                  host_name a , b
                  hostgroup_name g
                  service_description s
                  check_command c
                }
                """);
        assertThat(inventory.all())
                .extracting(object -> object.name().name())
                .containsExactly("a", "b", "c", "a;s", "b;s", "c;s");
    }

    @Test
    void namesEveryMistakeWithItsLine() {
        ConfException refused = catchThrowableOfType(ConfException.class, () -> Inventories.read("""
                define command {
                  command_name check_it
                }
                define host {
                  host_name a
                  check_command chek_it
                  check_period never
                  parents b,zz
                  max_check_attempts 0
                  check_interval often
                }
                define host {
                  host_name b
                  parents a
                  active_checks_enabled maybe
                }
                define host {
                  host_name a
                }
                define service {
                  host_name c
                  service_description s
                  check_command check_it
                }
                define service {
                  host_name a
                  service_description none
                }
                define host {
                  use generic-host
                  host_name d
                }
                define hots {
                }
                define hostgroup {
                  hostgroup_name g
                  members a,q
                }
                stray
                define service {
                  host_name a
                """));
        assertThat(refused.getMessage().lines())
                .containsExactly(
                        "objects.cfg:1: command 'check_it' has no command_line",
                        "objects.cfg:6: unknown command 'chek_it'; did you mean 'check_it'?",
                        "objects.cfg:7: unknown timeperiod 'never'",
                        "objects.cfg:8: unknown host 'zz'; did you mean 'a'?",
                        "objects.cfg:9: max_check_attempts is '0'; a whole number from 1 would be right",
                        "objects.cfg:10: check_interval is 'often'; a number like 5 or 0.5 would be right",
                        "objects.cfg:14: host 'b' is its own parent through 'a'",
                        "objects.cfg:15: active_checks_enabled is 'maybe'; 0 or 1 would be right",
                        "objects.cfg:17: host 'a' is there twice, first in line 4",
                        "objects.cfg:21: unknown host 'c'; did you mean 'a'?",
                        "objects.cfg:25: service 'none' has no check_command; with active_checks_enabled 0 it needs none",
                        "objects.cfg:30: 'use' belongs to templates, which are not read here: give the expanded file that Nagios"
                                + " writes (objects.cache)",
                        "objects.cfg:33: unknown object type 'hots'; did you mean 'host'?",
                        "objects.cfg:37: unknown host 'q'; did you mean 'a'?",
                        "objects.cfg:39: 'stray' is outside of any block; expected 'define TYPE {'",
                        "objects.cfg:40: the block of this service is not closed: '}' is missing");
    }

    @Test
    void warnsOfAttributesThatItDoesNotKnow() {
        Inventory inventory = Inventories.of("define host {\n host_name a\n chek_interval 5\n}\n");
        assertThat(inventory.warnings())
                .extracting(Object::toString)
                .containsExactly(
                        "objects.cfg:3: warning: unknown attribute 'chek_interval' of a host is ignored; did you"
                                + " mean 'check_interval'?");
    }

    @Test
    void warnsOfMacrosThatHaveNoValueHere() {
        assertThat(Inventories.of("""
                        define command {
                          command_name c
                          command_line $USER1$/check -p $USER2$ -q $USER17$ -r $USER2$
                        }
                        """).warnings())
                .extracting(Object::toString)
                .containsExactly(
                        "objects.cfg:3: warning: $USER2$ is empty here, and only $USER1$ is not: it is the folder of the plugins",
                        "objects.cfg:3: warning: $USER17$ is empty here, and only $USER1$ is not: it is the folder of the plugins");
    }

    @Test
    void stampsTheFileWithItsHash(@TempDir Path directory) throws IOException, ConfException {
        Path file = Files.writeString(directory.resolve("objects.cfg"), "");
        assertThat(Inventory.read(file).stamp().sha1()).isEqualTo("da39a3ee5e6b4b0d3255bfef95601890afd80709");
        assertThat(Inventory.read(file).stamp().newestMtimeSeconds()).isPositive();
        assertThat(Inventory.read(file).all()).isEqualTo(List.of());
    }

    @Test
    void splitsCommandsAtExclamationMarks() {
        assertThat(CheckCommand.split("a!b\\!c!!d")).containsExactly("a", "b!c", "", "d");
        assertThat(new CheckCommand("a", "", List.of("b!c", "")).text()).isEqualTo("a!b\\!c!");
    }

    private static final String TOLD = """
            define command {
              command_name mail
              command_line true
            }
            define timeperiod {
              timeperiod_name work
              monday 09:00-17:00
            }
            define contact {
              contact_name ann
              email ann@example.org
              host_notification_commands mail!now
              service_notification_options c,r
              service_notifications_enabled 0
              contactgroups outer
            }
            define contact {
              contact_name bob
            }
            define contactgroup {
              contactgroup_name inner
              members bob
            }
            define contactgroup {
              contactgroup_name outer
              contactgroup_members inner
            }
            define host {
              host_name h
              contact_groups outer
              notification_interval 5
              notification_period work
              notification_options d,f
              event_handler mail!x
            }
            define service {
              host_name h
              service_description from-host
              active_checks_enabled 0
              is_volatile 1
              high_flap_threshold 12.5
            }
            define service {
              host_name h
              service_description own
              active_checks_enabled 0
              contacts bob
              notification_interval 0
              servicegroups sg
            }
            define servicegroup {
              servicegroup_name sg
              members h,from-host
            }
            define serviceescalation {
              host_name h
              service_description own
              first_notification 2
              last_notification 4
              contacts ann
            }
            """;

    @Test
    void readsWhoIsToldAndInheritsItFromTheHost() {
        Inventory inventory = Inventories.of(TOLD);
        assertThat(inventory.contacts()).extracting(Contact::name).containsExactly("ann", "bob");
        assertThat(inventory.warnings())
                .hasSize(3)
                .first()
                .satisfies(warning ->
                        assertThat(warning.text()).isEqualTo("contact 'ann' has no service_notification_commands"));
        Contact ann = inventory.contact(0);
        assertThat(ann.hosts().commands()).extracting(CheckCommand::text).containsExactly("mail!now");
        assertThat(ann.services().enabled()).isFalse();
        assertThat(ann.services().options()).isEqualTo(0b101);
        assertThat(ann.groups()).containsExactly("outer");
        NotificationPlan host = inventory.get(0).reaction().notifications();
        assertThat(host.contacts()).containsExactlyInAnyOrder(0, 1);
        assertThat(host.options()).isEqualTo(0b10010);
        NotificationPlan inherited = inventory.get(1).reaction().notifications();
        assertThat(inherited.contacts()).isEqualTo(host.contacts());
        assertThat(inherited.interval()).isEqualTo(5);
        assertThat(inherited.period().name()).isEqualTo("work");
        NotificationPlan own = inventory.get(2).reaction().notifications();
        assertThat(own.contacts()).containsExactly(1);
        assertThat(own.interval()).isZero();
        assertThat(own.escalations()).singleElement().satisfies(escalation -> {
            assertThat(escalation.first()).isEqualTo(2);
            assertThat(escalation.last()).isEqualTo(4);
            assertThat(escalation.interval()).isNegative();
            assertThat(escalation.contacts()).containsExactly(0);
        });
    }

    @Test
    void readsHandlersFlapThresholdsAndGroups() {
        Inventory inventory = Inventories.of(TOLD);
        assertThat(inventory.get(0).reaction().handler()).isPresent();
        Reaction service = inventory.get(1).reaction();
        assertThat(service.isVolatile()).isTrue();
        assertThat(service.flaps()).isEqualTo(new FlapPlan(true, 20, 12.5, Options.ALL));
        assertThat(inventory.servicesOfGroup("sg").orElseThrow()).containsExactlyInAnyOrder(1, 2);
        assertThat(inventory.hostsOfGroup("none")).isEmpty();
    }

    @Test
    void complainsOfContactsThatAreNotThere() {
        ConfException e = catchThrowableOfType(
                ConfException.class,
                () -> Inventories.read("define host {\n host_name h\n contacts ann\n notification_options x\n}\n"));
        assertThat(e.getMessage()).contains("unknown contact 'ann'").contains("notification_options has 'x'");
    }
}
