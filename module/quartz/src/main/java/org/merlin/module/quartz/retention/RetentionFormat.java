package org.merlin.module.quartz.retention;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.merlin.module.Memory;
import org.merlin.module.quartz.retention.Retained.Executing;
import org.merlin.module.quartz.retention.Retained.Kept;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.StateType;

/**
 * The format of the retention file: lines of fields, separated by tabs, with {@code \t}, {@code \n} and {@code \\} for what would
 * be one.
 *
 * <pre>
 *   merlin-retention 1
 *   memory    received applied duplicates gaps checks-run
 *   applied   origin epoch sequence results             one line per stream
 *   executing hosts services
 *   set       subject name service attribute value      one line per attribute that was set
 *   comment, downtime, acknowledged, numbers            see NoteLines
 *   object    name key=value key=value ...              one line per object
 *   end       CRC-32C of all bytes above
 * </pre>
 *
 * A reader skips lines and keys that it does not know.
 */
final class RetentionFormat {
    private static final String VERSION = "merlin-retention 1";

    private RetentionFormat() {}

    static void write(Retained retained, OutputStream to) throws IOException {
        Lines out = new Lines(to);
        out.line(VERSION);
        Memory memory = retained.memory();
        out.line(
                "memory",
                memory.resultsReceived(),
                memory.resultsApplied(),
                memory.duplicates(),
                memory.gaps(),
                memory.checksRun());
        for (Memory.Applied applied : memory.applied()) {
            out.line(
                    "applied",
                    Long.toHexString(applied.origin()),
                    Integer.toUnsignedString(applied.epoch()),
                    applied.sequence(),
                    applied.results());
        }
        for (String line : retained.memory().shared()) {
            out.line("shared", line);
        }
        out.line("executing", retained.executing().hosts(), retained.executing().services());
        for (Register register : retained.settings()) {
            out.line(
                    "set",
                    register.subject(),
                    register.name(),
                    register.service(),
                    register.attribute(),
                    register.value());
        }
        NoteLines.write(retained.notes(), out::line);
        for (Map.Entry<String, Kept> object : retained.objects().entrySet()) {
            out.line(fields(object.getKey(), object.getValue()));
        }
        out.end();
    }

    private static Object[] fields(String name, Kept kept) {
        ObjectState state = kept.state();
        Timing timing = state.timing();
        LastTimes times = state.lastTimes();
        ObjectState.Ids ids = state.ids();
        return new Object[] {
            "object",
            name,
            "checked=" + state.checked(),
            "state=" + state.state(),
            "type=" + state.type(),
            "attempt=" + state.attempt(),
            "by=" + state.checkType(),
            "text=" + state.output().text(),
            "long=" + state.output().longText(),
            "perf=" + state.output().perfData(),
            "timing=" + timing.startMicros() + "," + timing.endMicros() + "," + timing.latencyMicros() + ","
                    + timing.executionMicros() + "," + timing.nextCheckMicros(),
            "last=" + state.lastState() + "," + state.lastChangeMicros(),
            "hard=" + state.hard().state() + "," + state.hard().changeMicros(),
            "times=" + times.state0() + "," + times.state1() + "," + times.state2() + "," + times.state3(),
            "ids=" + ids.event() + "," + ids.lastEvent() + "," + ids.problem() + "," + ids.lastProblem(),
            "notified=" + state.notification().number() + ","
                    + state.notification().lastMicros() + ","
                    + state.notification().nextMicros(),
            "told=" + state.notification().notifiedOn() + ","
                    + (state.notification().noMore() ? 1 : 0),
            "flaps=" + (state.flaps().active() ? 1 : 0) + "," + state.flaps().lately(),
            "percent=" + state.flaps().percent(),
            "revision=" + state.revision(),
            "due=" + kept.dueMillis(),
            "active=" + kept.active().map(Object::toString).orElse("")
        };
    }

    /** Writes lines and sums them up. */
    private static final class Lines {
        private final OutputStream out;
        private final CRC32C crc = new CRC32C();
        private final StringBuilder line = new StringBuilder();

        Lines(OutputStream out) {
            this.out = out;
        }

        void line(Object... fields) throws IOException {
            line.setLength(0);
            for (int i = 0; i < fields.length; i++) {
                if (i > 0) {
                    line.append('\t');
                }
                escape(String.valueOf(fields[i]), line);
            }
            byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
            crc.update(bytes);
            out.write(bytes);
        }

        void end() throws IOException {
            line("end", Long.toHexString(crc.getValue()));
        }
    }

    static Retained read(byte[] bytes) throws DamagedException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.startsWith(VERSION + "\n")) {
            throw new DamagedException("it does not begin with '" + VERSION + "'");
        }
        int end = text.lastIndexOf("\nend\t") + 1;
        if (end == 0 || !text.endsWith("\n")) {
            throw new DamagedException("its last line is missing");
        }
        CRC32C crc = new CRC32C();
        // the last line is plain ASCII, so its length in bytes is that in characters
        crc.update(bytes, 0, bytes.length - (text.length() - end));
        if (!text.substring(end + "end\t".length()).strip().equals(Long.toHexString(crc.getValue()))) {
            throw new DamagedException("its checksum is wrong");
        }
        try {
            return new Reader().read(text.substring(0, end));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DamagedException("a line of it makes no sense: " + e.getMessage(), e);
        }
    }

    /** Collects what the lines of a file say. */
    private static final class Reader {
        private final List<Memory.Applied> applied = new ArrayList<>();
        private final List<String> shared = new ArrayList<>();
        private final Map<String, Kept> objects = new LinkedHashMap<>();
        private final List<Register> settings = new ArrayList<>();
        private final NoteLines notes = new NoteLines();
        private long[] memory = new long[5];
        private Executing executing = Retained.NOTHING.executing();

        Retained read(String text) {
            for (int at = 0, end; at < text.length(); at = end + 1) {
                end = text.indexOf('\n', at);
                line(text.substring(at, end).split("\t", -1));
            }
            return new Retained(
                    new Memory(applied, memory[0], memory[1], memory[2], memory[3], memory[4], shared),
                    executing,
                    objects,
                    notes.kept(),
                    settings);
        }

        private void line(String[] fields) {
            switch (fields[0]) {
                case "memory" -> memory = numbers(fields, 5);
                case "applied" ->
                    applied.add(new Memory.Applied(
                            Long.parseUnsignedLong(fields[1], 16),
                            Integer.parseUnsignedInt(fields[2]),
                            Long.parseLong(fields[3]),
                            Long.parseLong(fields[4])));
                case "executing" ->
                    executing = new Executing(Boolean.parseBoolean(fields[1]), Boolean.parseBoolean(fields[2]));
                case "shared" -> shared.add(unescape(fields[1]));
                case "object" -> objects.put(unescape(fields[1]), kept(fields));
                case "set" ->
                    settings.add(new Register(
                            Register.Subject.valueOf(fields[1]),
                            unescape(fields[2]),
                            unescape(fields[3]),
                            unescape(fields[4]),
                            unescape(fields[5])));
                default -> notes.read(plain(fields)); // or a line of a later release
            }
        }

        private static String[] plain(String[] fields) {
            String[] plain = new String[fields.length];
            for (int i = 0; i < fields.length; i++) {
                plain[i] = unescape(fields[i]);
            }
            return plain;
        }

        private static long[] numbers(String[] fields, int count) {
            long[] numbers = new long[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = Long.parseLong(fields[i + 1]);
            }
            return numbers;
        }

        private static Kept kept(String[] fields) {
            Map<String, String> values = new HashMap<>();
            for (int i = 2; i < fields.length; i++) {
                int equals = fields[i].indexOf('=');
                values.put(fields[i].substring(0, equals), fields[i].substring(equals + 1));
            }
            long[] timing = list(values, "timing", 5);
            long[] last = list(values, "last", 2);
            long[] hard = list(values, "hard", 2);
            long[] times = list(values, "times", 4);
            long[] ids = list(values, "ids", 4);
            long[] notified = list(values, "notified", 3);
            long[] told = list(values, "told", 2, "0,0");
            long[] flaps = list(values, "flaps", 2, "0,0");
            ObjectState state = new ObjectState(
                    Boolean.parseBoolean(values.get("checked")),
                    (int) list(values, "state", 1)[0],
                    StateType.valueOf(word(values, "type")),
                    (int) list(values, "attempt", 1)[0],
                    CheckType.valueOf(word(values, "by")),
                    new Output(text(values, "text"), text(values, "long"), text(values, "perf")),
                    new Timing(timing[0], timing[1], timing[2], timing[3], timing[4]),
                    (int) last[0],
                    last[1],
                    new ObjectState.Hard((int) hard[0], hard[1]),
                    new LastTimes(times[0], times[1], times[2], times[3]),
                    new ObjectState.Ids(ids[0], ids[1], ids[2], ids[3]),
                    new ObjectState.Flaps(
                            flaps[0] != 0, Double.parseDouble(values.getOrDefault("percent", "0")), flaps[1]),
                    new NotificationCount((int) notified[0], notified[1], notified[2], (int) told[0], told[1] != 0),
                    (int) list(values, "revision", 1)[0]);
            String active = values.getOrDefault("active", "");
            return new Kept(
                    state,
                    list(values, "due", 1)[0],
                    active.isEmpty() ? Optional.empty() : Optional.of(Boolean.valueOf(active)));
        }

        private static String word(Map<String, String> values, String key) {
            return Optional.ofNullable(values.get(key))
                    .orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
        }

        private static long[] list(Map<String, String> values, String key, int count) {
            return list(values, key, count, "");
        }

        /** Numbers that files of older releases lack. */
        private static long[] list(Map<String, String> values, String key, int count, String otherwise) {
            String[] parts = values.getOrDefault(key, otherwise).split(",", -1);
            if (parts.length < count) {
                throw new IllegalArgumentException(key + " has not " + count + " numbers");
            }
            long[] numbers = new long[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = Long.parseLong(parts[i]);
            }
            return numbers;
        }

        private static String text(Map<String, String> values, String key) {
            return unescape(values.getOrDefault(key, ""));
        }
    }

    private static void escape(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '\t' -> to.append("\\t");
                case '\n' -> to.append("\\n");
                default -> to.append(c);
            }
        }
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                plain.append(next == 't' ? '\t' : next == 'n' ? '\n' : next);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
