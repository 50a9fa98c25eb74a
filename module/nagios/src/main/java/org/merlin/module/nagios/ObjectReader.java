package org.merlin.module.nagios;

import static org.merlin.module.nagios.ObjectField.CHECK_TYPE;
import static org.merlin.module.nagios.ObjectField.CURRENT_ATTEMPT;
import static org.merlin.module.nagios.ObjectField.CURRENT_EVENT_ID;
import static org.merlin.module.nagios.ObjectField.CURRENT_NOTIFICATION_NUMBER;
import static org.merlin.module.nagios.ObjectField.CURRENT_PROBLEM_ID;
import static org.merlin.module.nagios.ObjectField.CURRENT_STATE;
import static org.merlin.module.nagios.ObjectField.ID;
import static org.merlin.module.nagios.ObjectField.IS_FLAPPING;
import static org.merlin.module.nagios.ObjectField.LAST_EVENT_ID;
import static org.merlin.module.nagios.ObjectField.LAST_HARD_STATE;
import static org.merlin.module.nagios.ObjectField.LAST_HARD_STATE_CHANGE;
import static org.merlin.module.nagios.ObjectField.LAST_NOTIFICATION;
import static org.merlin.module.nagios.ObjectField.LAST_PROBLEM_ID;
import static org.merlin.module.nagios.ObjectField.LAST_STATE;
import static org.merlin.module.nagios.ObjectField.LAST_STATE_CHANGE;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_0;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_1;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_2;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_3;
import static org.merlin.module.nagios.ObjectField.MAX_ATTEMPTS;
import static org.merlin.module.nagios.ObjectField.NEXT_CHECK;
import static org.merlin.module.nagios.ObjectField.NEXT_NOTIFICATION;
import static org.merlin.module.nagios.ObjectField.NOTIFIED_ON;
import static org.merlin.module.nagios.ObjectField.NO_MORE_NOTIFICATIONS;
import static org.merlin.module.nagios.ObjectField.PERCENT_STATE_CHANGE;
import static org.merlin.module.nagios.ObjectField.STATE_HISTORY;
import static org.merlin.module.nagios.ObjectField.STATE_HISTORY_INDEX;
import static org.merlin.module.nagios.ObjectField.STATE_TYPE;

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
    private final ObjectLayout host;
    private final ObjectLayout service;

    ObjectReader(ByteBuffer events, Layout layout) {
        this.in = events;
        this.host = layout.part("host");
        this.service = layout.part("service");
    }

    /** The scheduler's id of the object. */
    int id(boolean ofHost) {
        return number(ofHost ? host : service, ID);
    }

    CheckResult result(MonitoredObject name) {
        boolean ofHost = name.isHost();
        ObjectLayout type = ofHost ? host : service;
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
                Math.min(number(type, CURRENT_STATE), ofHost ? 2 : 3),
                number(type, STATE_TYPE) == 0 ? StateType.SOFT : StateType.HARD,
                Math.max(0, number(type, CURRENT_ATTEMPT)),
                number(type, MAX_ATTEMPTS),
                number(type, CHECK_TYPE) == 0 ? CheckType.ACTIVE : CheckType.PASSIVE,
                new Output(texts[0], unescaped(texts[1]), texts[2]),
                timing(ofHost, type),
                history(type),
                new NotificationCount(
                        Math.max(0, number(type, CURRENT_NOTIFICATION_NUMBER)),
                        micros(type, LAST_NOTIFICATION),
                        micros(type, NEXT_NOTIFICATION),
                        number(type, NOTIFIED_ON),
                        number(type, NO_MORE_NOTIFICATIONS) != 0));
    }

    /** The scheduler keeps further lines as one, with {@code \\n} for a line feed and {@code \\\\} for a backslash. */
    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
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

    private Timing timing(boolean ofHost, ObjectLayout type) {
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
                micros(type, NEXT_CHECK));
    }

    private History history(ObjectLayout type) {
        return new History(
                number(type, LAST_STATE),
                lastHardState(type),
                micros(type, LAST_STATE_CHANGE),
                micros(type, LAST_HARD_STATE_CHANGE),
                new LastTimes(
                        micros(type, LAST_TIME_0),
                        micros(type, LAST_TIME_1),
                        micros(type, LAST_TIME_2),
                        type.has(LAST_TIME_3) ? micros(type, LAST_TIME_3) : 0),
                wide(type, CURRENT_EVENT_ID),
                wide(type, LAST_EVENT_ID),
                wide(type, CURRENT_PROBLEM_ID),
                wide(type, LAST_PROBLEM_ID),
                number(type, IS_FLAPPING) != 0,
                in.getDouble(OBJECT + type.at(PERCENT_STATE_CHANGE)),
                lately(type));
    }

    /** The scheduler notes a hard state after it has told of it; whoever took over then would alert, and mail, again. */
    private int lastHardState(ObjectLayout type) {
        return number(type, number(type, STATE_TYPE) == 0 ? LAST_HARD_STATE : CURRENT_STATE);
    }

    private long lately(ObjectLayout type) {
        long states = 0;
        for (int i = 0; i < STATES; i++) {
            long state = in.getInt(OBJECT + type.at(STATE_HISTORY) + i * Integer.BYTES) & 3;
            states |= state << 2 * i;
        }
        return states | (long) number(type, STATE_HISTORY_INDEX) << 2 * STATES;
    }

    private int number(ObjectLayout type, ObjectField field) {
        return in.getInt(OBJECT + type.at(field));
    }

    private long wide(ObjectLayout type, ObjectField field) {
        return in.getLong(OBJECT + type.at(field));
    }

    private long micros(ObjectLayout type, ObjectField field) {
        return wide(type, field) * 1_000_000;
    }
}
