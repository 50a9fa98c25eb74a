package org.merlin.module.quartz.history;

import java.util.Locale;
import org.merlin.module.quartz.state.Alert;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.quartz.state.StateWords;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

/** The texts of lines, as Nagios words them. Stateless. */
public final class LogLines {
    private LogLines() {}

    /** {@code SERVICE ALERT: host;service;CRITICAL;SOFT;1;text}. */
    public static String alert(MonitoredObject object, Alert alert, String output) {
        return kind(object) + " ALERT: " + state(object, alert.state(), alert.type(), alert.attempt(), output);
    }

    /** {@code INITIAL SERVICE STATE: host;service;OK;HARD;1;text}: what is known at a start. */
    public static String initial(MonitoredObject object, ObjectState state) {
        return "INITIAL " + kind(object) + " STATE: "
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

    /** {@code Warning: A system time change of 3600 seconds (0d 1h 0m 0s forwards in time) ...}. */
    public static String clockSet(long movedSeconds) {
        long by = Math.abs(movedSeconds);
        return String.format(
                "Warning: A system time change of %d seconds (%dd %dh %dm %ds %s in time) has been detected."
                        + "  Compensating...",
                by, by / 86400, by / 3600 % 24, by / 60 % 60, by % 60, movedSeconds < 0 ? "backwards" : "forwards");
    }

    /** {@code SERVICE FLAPPING ALERT: host;service;STARTED; Service appears to have started flapping (...)}. */
    public static String flapping(
            MonitoredObject object, String word, double percent, String comparison, double threshold) {
        return String.format(
                Locale.ROOT,
                "%s FLAPPING ALERT: %s;%s; %s appears to have %s flapping (%2.1f%% change %s %2.1f%% threshold)",
                kind(object),
                object.name(),
                word,
                object.isHost() ? "Host" : "Service",
                word.toLowerCase(Locale.ROOT),
                percent,
                comparison,
                threshold);
    }

    private static String kind(MonitoredObject object) {
        return object.isHost() ? "HOST" : "SERVICE";
    }

    private static String state(MonitoredObject object, int state, StateType type, int attempt, String output) {
        String word = object.isHost() ? StateWords.ofHost(state) : StateWords.ofService(state);
        return object.name() + ";" + word + ";" + type + ";" + attempt + ";" + output;
    }
}
