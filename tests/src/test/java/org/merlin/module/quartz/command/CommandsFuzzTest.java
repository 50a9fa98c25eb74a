package org.merlin.module.quartz.command;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.protocol.conf.ConfException;
import org.merlin.tests.fuzz.Hostile;

/** What is written into the command pipe, by whoever may. */
class CommandsFuzzTest {
    private static final Inventory INVENTORY = inventory();

    private static Inventory inventory() {
        String text = """
                define command {
                  command_name c
                  command_line true
                }
                define host {
                  host_name h
                }
                define service {
                  host_name h
                  service_description s
                  check_command c
                }
                define hostgroup {
                  hostgroup_name g
                  members h
                }
                """;
        try {
            java.nio.file.Path file = java.nio.file.Files.createTempFile("objects", ".cfg");
            java.nio.file.Files.writeString(file, text);
            Inventory read = Inventory.read(file);
            java.nio.file.Files.delete(file);
            return read;
        } catch (java.io.IOException | ConfException e) {
            throw new AssertionError(e);
        }
    }

    private final CommandTarget target = (CommandTarget) Proxy.newProxyInstance(
            CommandTarget.class.getClassLoader(), new Class<?>[] {CommandTarget.class}, (proxy, method, arguments) -> {
                Class<?> type = method.getReturnType();
                if (type == Optional.class) {
                    return Optional.empty();
                } else if (type == boolean.class) {
                    return true;
                } else if (type == long.class) {
                    return 1L;
                } else if (type == int.class) {
                    return 1;
                }
                return null;
            });

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "PROCESS_SERVICE_CHECK_RESULT;h;s;2;bad|x=1\\nmore",
                        "PROCESS_HOST_CHECK_RESULT;h;1;down",
                        "SCHEDULE_FORCED_SVC_CHECK;h;s;1700000000.0",
                        "SCHEDULE_HOST_SVC_CHECKS;h;5",
                        "ADD_SVC_COMMENT;h;s;1;anna;why",
                        "DEL_HOST_COMMENT;7",
                        "ACKNOWLEDGE_SVC_PROBLEM;h;s;2;1;1;anna;mine",
                        "SCHEDULE_HOSTGROUP_SVC_DOWNTIME;g;1;2;1;0;0;anna;why",
                        "SCHEDULE_AND_PROPAGATE_TRIGGERED_HOST_DOWNTIME;h;1;2;0;3;60;anna;why",
                        "DEL_DOWNTIME_BY_HOST_NAME;h;s;1;why",
                        "DELAY_SVC_NOTIFICATION;h;s;5",
                        "SEND_CUSTOM_HOST_NOTIFICATION;h;3;anna;look",
                        "CHANGE_SVC_CHECK_COMMAND;h;s;c!1",
                        "CHANGE_NORMAL_HOST_CHECK_INTERVAL;h;5",
                        "DISABLE_HOSTGROUP_SVC_CHECKS;g",
                        "DISABLE_NOTIFICATIONS",
                        "CHANGE_HOST_MODATTR;h;17",
                        "CHANGE_CUSTOM_SVC_VAR;h;s;_A;b",
                        "SAVE_STATE_INFORMATION")
                .map(command -> ("[1700000000] " + command + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aLineIsExecutedOrRefusedInTheLog(byte[] input) {
        List<String> lines = Hostile.decode(
                        input.length, 64, ArithmeticException.class, () -> new LineCutter().cut(ByteBuffer.wrap(input)))
                .orElseThrow();
        Commands commands = new Commands(INVENTORY, target, Clock.systemUTC());
        for (String line : new ArrayList<>(lines)) {
            Hostile.decode(input.length, 512, ArithmeticException.class, () -> {
                commands.given(line);
                return line;
            });
        }
    }
}
