package org.merlin.module;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.ToldDifferences;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.module.shared.SharedLines;
import org.merlin.module.shared.Teller;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.conf.MerlinConfReader;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.tests.fuzz.Hostile;

/** What module.memory and the retention file keep of comments, registers, acknowledgements and notifications, one line each. */
class SharedFuzzTest {
    private static final MonitoredObject HOST = MonitoredObject.ofHost("h");
    private static final SlotTable SLOTS = SlotTable.of(List.of(HOST), List.of(List.of()), List.of());
    private static final ObjectIndex OBJECTS = new ObjectIndex(SLOTS);
    private static final MerlinConf CONF = conf();

    private static MerlinConf conf() {
        try {
            Path file = Files.createTempFile("merlin", ".conf");
            Files.writeString(file, "node_name = luke;\npeer leia {\n address = 127.0.0.1;\n}\n");
            Optional<MerlinConf> conf = MerlinConfReader.read(file).conf();
            Files.delete(file);
            return conf.orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A scheduler, or somebody who tells, that has nothing and does nothing. */
    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer(method)));
    }

    private static Object answer(Method method) {
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
            return false;
        } else if (type == int.class) {
            return 0;
        } else if (type == long.class) {
            return 0L;
        } else if (type == OptionalLong.class) {
            return OptionalLong.empty();
        } else if (type == NotificationCount.class) {
            return NotificationCount.NONE;
        } else if (type == EventName.class) {
            return EventName.NONE;
        }
        return null;
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "here\tCOMMENT\t7/2/1\t5\ttrue\th\t0/0/0\ngone\tDOWNTIME\t7/2/3\t1700000000\n",
                        "register\tHOST/h//check_interval\t3/1700/ff\n",
                        "acknowledged\th\t3/1700/ff\t7/2/1\ttrue\t1\t2\ttrue\tfalse\ttrue\tanna\ta\\tb\t1\t2\n",
                        "counted\th\t1\t2\t3\t4\t5\ttrue\t6\t7\t8\nproblem\th\t1\t2\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aLineIsTakenBackOrPassedOver(byte[] input) {
        List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
        lines.forEach(line -> {
            List<String> fields = SharedLines.fields(line);
            if (!SharedLines.fields(SharedLines.of(fields.toArray())).equals(fields)) {
                throw new AssertionError("written and read again they are others: " + fields);
            }
        });
        SchedulerPort port = nothing(SchedulerPort.class);
        KnownStates states = new KnownStates(SLOTS, 1, new int[1]);
        ModuleRings rings = new ModuleRings(
                CONF, List.of(List.of()), new ToldDifferences(OBJECTS), SLOTS.hashes(), Optional.empty(), 0);
        Shared shared =
                new Shared(CONF, port, SLOTS, OBJECTS, states, nothing(Teller.class), rings, 0, Clock.systemUTC());
        Hostile.decode(input.length, 512, ArithmeticException.class, () -> {
            shared.read(lines, OBJECTS);
            return shared;
        });
        List<String> kept = shared.lines().get();
        Shared again = new Shared(
                CONF,
                port,
                SLOTS,
                OBJECTS,
                new KnownStates(SLOTS, 1, new int[1]),
                nothing(Teller.class),
                rings,
                0,
                Clock.systemUTC());
        again.read(kept, OBJECTS);
        if (!again.lines().get().stream()
                .sorted()
                .toList()
                .equals(kept.stream().sorted().toList())) {
            throw new AssertionError("kept and taken back it is another: " + kept + " -> "
                    + again.lines().get());
        }
    }
}
