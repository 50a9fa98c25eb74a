package org.merlin.module.quartz.objects;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.conf.ConfException;
import org.merlin.tests.fuzz.Hostile;

/** The embedded scheduler's object file. */
class InventoryFuzzTest {
    private static final String SEED = """
            define command {
              command_name c
              command_line true $ARG1$
            }
            define timeperiod {
              timeperiod_name t
              alias work
              monday 09:00-17:00,18:00-24:00
              2026-01-01 - 2026-02-01 / 3 00:00-24:00
              day 1 - 15 00:00-12:00
              monday 3 may 00:00-24:00
              exclude u
            }
            define timeperiod {
              timeperiod_name u
            }
            define contact {
              contact_name a
              host_notification_commands c
              service_notification_commands c!x
              host_notification_period t
              service_notification_period t
              service_notification_options w,u,c,r
            }
            define contactgroup {
              contactgroup_name cg
              members a
            }
            define host {
              host_name h
              check_command c!1
              check_period t
              contact_groups cg
              max_check_attempts 3
              flap_detection_options o,d
            }
            define host {
              host_name behind
              parents h ; a comment
              event_handler c
            }
            define hostgroup {
              hostgroup_name g
              members h,behind
            }
            define servicegroup {
              servicegroup_name sg
              members h,s
            }
            define service {
              host_name h
              service_description s
              check_command c!a\\!b
              check_interval 0.5
              contacts a
            }
            """;

    static Stream<byte[]> seeds() {
        return Stream.of(
                SEED.getBytes(StandardCharsets.UTF_8),
                "define host {\n  host_name a\n  parents b\n}\ndefine host {\n  host_name b\n  parents a\n}\n"
                        .getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aFileIsReadOrAllItsProblemsAreTold(byte[] input) {
        Hostile.decode(input.length, 4096, ConfException.class, () -> Inventory.read("objects.cfg", input));
    }
}
