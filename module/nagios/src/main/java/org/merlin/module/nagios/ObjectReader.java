package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

/**
 * Makes a check result of what the shim laid into the event buffer: the callback's data from byte 16, the object as processed
 * from 256, its texts from 1280.
 */
final class ObjectReader {
    private static final int DATA = 16;
    private static final int OBJECT = 256;
    private static final int TEXTS = 1280;
    private static final int SERVICE_START = 96;
    private static final int HOST_START = 88;
    /** How many states flapping is found from. */
    static final int STATES = 21;

    private final ByteBuffer in;
    private final Layout host;
    private final Layout service;

    ObjectReader(ByteBuffer events, Layout layout) {
        this.in = events;
        this.host = layout.part("host");
        this.service = layout.part("service");
    }

    /** The scheduler's id of the object. */
    int id(boolean ofHost) {
        return number(ofHost ? host : service, "id");
    }

    CheckResult result(MonitoredObject name) {
        boolean ofHost = name.isHost();
        Layout type = ofHost ? host : service;
        int at = TEXTS;
        String[] texts = new String[3];
        for (int i = 0; i < texts.length; i++) {
            int length = in.getInt(at);
            byte[] bytes = new byte[length];
            in.get(at + Integer.BYTES, bytes);
            texts[i] = new String(bytes, StandardCharsets.UTF_8);
            at += Integer.BYTES + length;
        }
        return new CheckResult(
                name,
                Math.min(number(type, "current_state"), ofHost ? 2 : 3),
                number(type, "state_type") == 0 ? StateType.SOFT : StateType.HARD,
                Math.max(0, number(type, "current_attempt")),
                number(type, "max_attempts"),
                number(type, "check_type") == 0 ? CheckType.ACTIVE : CheckType.PASSIVE,
                new Output(texts[0], unescaped(texts[1]), texts[2]),
                timing(ofHost, type),
                history(type),
                new NotificationCount(
                        Math.max(0, number(type, "current_notification_number")),
                        micros(type, "last_notification"),
                        micros(type, "next_notification"),
                        number(type, "notified_on"),
                        number(type, "no_more_notifications") != 0));
    }

    /** The scheduler keeps further lines as one, with {@code \\n} for a line feed and {@code \\\\} for a backslash. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (next == 'n' || next == '\\') {
                plain.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private Timing timing(boolean ofHost, Layout type) {
        int start = DATA + (ofHost ? HOST_START : SERVICE_START);
        long startMicros = in.getLong(start) * 1_000_000 + in.getLong(start + 8);
        long endMicros = in.getLong(start + 16) * 1_000_000 + in.getLong(start + 24);
        double execution = in.getDouble(start + 40);
        double latency = in.getDouble(start + 48);
        return new Timing(
                startMicros,
                endMicros,
                Math.round(latency * 1e6),
                Math.round(execution * 1e6),
                micros(type, "next_check"));
    }

    private History history(Layout type) {
        return new History(
                number(type, "last_state"),
                lastHardState(type),
                micros(type, "last_state_change"),
                micros(type, "last_hard_state_change"),
                new LastTimes(
                        micros(type, "last_time_0"),
                        micros(type, "last_time_1"),
                        micros(type, "last_time_2"),
                        type.has("last_time_3") ? micros(type, "last_time_3") : 0),
                wide(type, "current_event_id"),
                wide(type, "last_event_id"),
                wide(type, "current_problem_id"),
                wide(type, "last_problem_id"),
                number(type, "is_flapping") != 0,
                in.getDouble(OBJECT + type.at("percent_state_change")),
                lately(type));
    }

    /** The scheduler notes a hard state after it has told of it; whoever took over then would alert, and mail, again. */
    private int lastHardState(Layout type) {
        return number(type, number(type, "state_type") == 0 ? "last_hard_state" : "current_state");
    }

    private long lately(Layout type) {
        long states = 0;
        for (int i = 0; i < STATES; i++) {
            long state = in.getInt(OBJECT + type.at("state_history") + i * Integer.BYTES) & 3;
            states |= state << 2 * i;
        }
        return states | (long) number(type, "state_history_index") << 2 * STATES;
    }

    private int number(Layout type, String field) {
        return in.getInt(OBJECT + type.at(field));
    }

    private long wide(Layout type, String field) {
        return in.getLong(OBJECT + type.at(field));
    }

    private long micros(Layout type, String field) {
        return wide(type, field) * 1_000_000;
    }
}
