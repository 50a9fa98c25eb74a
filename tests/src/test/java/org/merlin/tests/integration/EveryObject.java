package org.merlin.tests.integration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a configuration that Nagios accepts, with templates and every type of object, that differs with the seed. */
final class EveryObject {
    static final List<String> TYPES = List.of(
            "command",
            "timeperiod",
            "contact",
            "contactgroup",
            "hostgroup",
            "servicegroup",
            "host",
            "service",
            "hostdependency",
            "servicedependency",
            "hostescalation",
            "serviceescalation");
    private static final int HOSTS = 24;
    private static final int SERVICES = 4;
    private static final int SITES = 3;
    private static final int CONTACTS = 6;
    private static final String FIXED = """
            define command {
              command_name check
              command_line /bin/echo "$HOSTADDRESS$\\; $ARG1$" \\; true ; a comment
            }
            define command {
              command_name handle
              command_line /bin/true
            }
            define command {
              command_name global-handler
              command_line /bin/true
            }
            define command {
              command_name obsess
              command_line /bin/true
            }
            define command {
              command_name perfdata
              command_line /bin/true
            }
            define command {
              command_name mail
              command_line /bin/true
            }
            define command {
              command_name sms
              command_line /bin/true
            }
            define timeperiod {
              timeperiod_name always
              alias Always\\; nearly
              sunday 00:00-24:00
              monday 00:00-24:00
              tuesday 00:00-24:00
              wednesday 00:00-24:00
              thursday 00:00-09:00,10:00-24:00
              friday 00:00-24:00
              saturday 00:00-24:00
              exclude holidays,night
            }
            define timeperiod {
              timeperiod_name holidays
              alias Holidays
              january 1 00:00-24:00
              january 2 - january 6 / 2 00:00-12:00,13:00-24:00
              2026-12-24 - 2026-12-26 08:00-24:00
              day 1 - 3 00:00-01:00
              day -1 00:00-01:00
              monday 3 may 00:00-24:00
              thursday -1 november - friday 2 december / 3 00:00-10:00
              exclude bank
            }
            define timeperiod {
              timeperiod_name bank
              alias Bank
              monday 1 august 00:00-24:00
            }
            define timeperiod {
              timeperiod_name night
              alias Night
              tuesday 01:00-02:00
            }
            define timeperiod {
              timeperiod_name work
              alias Work
              monday 08:00-18:00
              exclude bank
            }
            define timeperiod {
              timeperiod_name unused
              alias Unused
              monday 08:00-18:00
            }
            define contact {
              name usual-contact
              register 0
              host_notification_period always
              service_notification_period work
              host_notification_options d,u,r,f,s
              service_notification_options w,u,c,r,f,s
              host_notification_commands mail,sms
              service_notification_commands sms
            }
            define host {
              name usual-host
              register 0
              max_check_attempts 3
              check_command check!usual
              check_period always
              notification_period work
              notification_options d,r
              event_handler handle!a!b
              flap_detection_options o,d,u
              stalking_options d,u
            }
            define service {
              name usual-service
              register 0
              max_check_attempts 2
              check_interval 3.5
              check_command check!1\\;2!$USER1$
              check_period always
              notification_options w,c
            }
            """;

    private final Random random;
    private final StringBuilder text = new StringBuilder(FIXED);

    EveryObject(long seed) {
        random = new Random(seed);
    }

    String text() {
        people();
        for (int host = 0; host < HOSTS; host++) {
            host(host);
        }
        for (int site = 0; site < SITES; site++) {
            int own = site;
            group("hostgroup", "site" + site, hosts(host -> host % SITES == own));
        }
        group("hostgroup", "odd", hosts(host -> host % 2 == 1));
        group("hostgroup", "nobody", "");
        text.append("define hostgroup {\n  hostgroup_name everything\n  hostgroup_members site0,site1,site2\n}\n");
        servicegroups();
        dependencies();
        escalations();
        return text.toString();
    }

    private void people() {
        for (int i = 0; i < CONTACTS; i++) {
            block(
                    "contact",
                    "contact_name c" + i,
                    "use usual-contact",
                    "alias Contact " + i + "\\; the " + i,
                    "email c" + i + "@example.org",
                    "contactgroups g" + i % 3,
                    "_phone 5" + i);
        }
        for (int i = 0; i < 3; i++) {
            block("contactgroup", "contactgroup_name g" + i, "alias G" + i);
        }
        block("contactgroup", "contactgroup_name both", "contactgroup_members g0,g1");
    }

    private void host(int host) {
        List<String> lines = new ArrayList<>(List.of(
                "host_name h" + host,
                "use usual-host",
                "address 10.0.0." + host,
                "contact_groups " + (random.nextBoolean() ? "both,g2" : "g1"),
                "notes a \"note\"\\; with #, ' and \\ in it",
                "_rack " + random.nextInt(10),
                "_Row b\\;" + host));
        if (host > 0) {
            lines.add("parents " + shuffled(List.of("h" + random.nextInt(host), "h0")));
        }
        block("host", lines.toArray(String[]::new));
        for (int service = 0; service < SERVICES; service++) {
            service(host, service);
        }
    }

    private void service(int host, int service) {
        List<String> lines = new ArrayList<>(List.of(
                "host_name h" + host,
                "service_description s" + service,
                "use usual-service",
                "contacts c" + random.nextInt(CONTACTS),
                "_order " + random.nextInt(3)));
        if (service > 0) {
            boolean alone = host == 0 || random.nextBoolean();
            lines.add("parents " + (alone ? "s0" : "h" + host + ",s0,h" + host / 2 + ",s0"));
        }
        if (random.nextInt(3) == 0) {
            lines.add("servicegroups joined");
        }
        block("service", lines.toArray(String[]::new));
    }

    private void servicegroups() {
        block("servicegroup", "servicegroup_name joined", "alias Joined");
        block("servicegroup", "servicegroup_name none", "alias None");
        group(
                "servicegroup",
                "first",
                IntStream.range(0, HOSTS).mapToObj(host -> "h" + host + ",s0").collect(Collectors.joining(",")));
    }

    private void dependencies() {
        for (int i = 0; i < 10; i++) {
            int master = random.nextInt(HOSTS - 1);
            int dependent = master + 1 + random.nextInt(HOSTS - 1 - master);
            block(
                    "hostdependency",
                    "host_name h" + master,
                    "dependent_host_name h" + dependent,
                    "inherits_parent 1",
                    "execution_failure_criteria d,u",
                    "notification_failure_criteria u,d,p",
                    "dependency_period night");
            block(
                    "servicedependency",
                    "host_name h" + master,
                    "service_description s1",
                    "dependent_host_name h" + dependent,
                    "dependent_service_description s2",
                    "execution_failure_criteria w,c");
        }
        block(
                "servicedependency",
                "hostgroup_name site0",
                "service_description s0",
                "dependent_service_description s3",
                "notification_failure_criteria c");
    }

    private void escalations() {
        block(
                "hostescalation",
                "hostgroup_name odd,site2",
                "first_notification 2",
                "last_notification 0",
                "notification_interval 30",
                "escalation_period night",
                "escalation_options r,d",
                "contact_groups g2",
                "contacts c5,c0");
        block(
                "serviceescalation",
                "host_name h" + random.nextInt(HOSTS) + ",h0",
                "service_description s0",
                "first_notification 3",
                "last_notification 5",
                "notification_interval 0",
                "contacts c1");
    }

    private String hosts(IntPredicate which) {
        return shuffled(IntStream.range(0, HOSTS)
                .filter(which)
                .mapToObj(host -> "h" + host)
                .toList());
    }

    private String shuffled(List<String> names) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, random);
        return shuffled.stream().distinct().collect(Collectors.joining(","));
    }

    private void group(String type, String name, String members) {
        block(
                type,
                type + "_name " + name,
                "alias The " + name,
                members.isEmpty() ? "notes none" : "members " + members);
    }

    private void block(String type, String... lines) {
        text.append("define ").append(type).append(" {\n");
        for (String line : lines) {
            text.append("  ").append(line).append('\n');
        }
        text.append("}\n");
    }
}
