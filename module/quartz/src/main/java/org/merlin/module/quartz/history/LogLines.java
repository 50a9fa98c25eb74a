package org.merlin.module.quartz.history;

import org.merlin.module.quartz.state.Alert;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

/** The texts of lines, as Nagios words them. Stateless. */
public final class LogLines {
    private static final String[] HOST_STATES = {"UP", "DOWN", "UNREACHABLE"};
    private static final String[] SERVICE_STATES = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

    private LogLines() {}

    /** {@code SERVICE ALERT: host;service;CRITICAL;SOFT;1;text}. */
    public static String alert(MonitoredObject object, Alert alert, String output) {
        return kind(object) + " ALERT: " + state(object, alert.state(), alert.type(), alert.attempt(), output);
    }

    /** {@code CURRENT SERVICE STATE: ...}, or {@code INITIAL} before the first check. */
    public static String standing(MonitoredObject object, ObjectState state) {
        return (state.checked() ? "CURRENT " : "INITIAL ") + kind(object) + " STATE: "
                + state(
                        object,
                        state.state(),
                        state.type(),
                        state.attempt(),
                        state.output().text());
    }

    /** {@code PASSIVE SERVICE CHECK: host;service;2;text}. */
    public static String passive(MonitoredObject object, int state, String output) {
        return "PASSIVE " + kind(object) + " CHECK: " + object.name() + ";" + state + ";" + output;
    }

    private static String kind(MonitoredObject object) {
        return object.isHost() ? "HOST" : "SERVICE";
    }

    private static String state(MonitoredObject object, int state, StateType type, int attempt, String output) {
        return object.name() + ";" + (object.isHost() ? HOST_STATES : SERVICE_STATES)[state] + ";" + type + ";"
                + attempt + ";" + output;
    }
}
