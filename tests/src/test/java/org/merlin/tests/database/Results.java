package org.merlin.tests.database;

import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

/** Results of checks, one after another, as a scheduler with three attempts makes them. */
final class Results {
    private static final long MINUTE = 60_000_000L;

    private final MonitoredObject object;
    private final int maxAttempts;
    private int state;
    private StateType type = StateType.HARD;
    private int attempt = 1;
    private int lastHard;
    private long hardMicros;
    private long micros;
    private boolean flaps;
    private String output = "";

    Results(MonitoredObject object, int maxAttempts, long beginMicros) {
        this.object = object;
        this.maxAttempts = maxAttempts;
        this.micros = beginMicros;
    }

    Results flapping(boolean now) {
        flaps = now;
        return this;
    }

    Results output(String text) {
        output = text;
        return this;
    }

    long micros() {
        return micros;
    }

    /** The next one, a minute later. */
    CheckResult next(int now) {
        micros += MINUTE;
        int last = state;
        boolean confirms = false;
        if (now == 0) {
            confirms = lastHard != 0;
            type = StateType.HARD;
            attempt = 1;
        } else if (last == 0) {
            type = maxAttempts == 1 ? StateType.HARD : StateType.SOFT;
            attempt = 1;
            confirms = type == StateType.HARD;
        } else if (type == StateType.SOFT) {
            attempt++;
            type = attempt >= maxAttempts ? StateType.HARD : StateType.SOFT;
            confirms = type == StateType.HARD;
        } else {
            attempt = object.isHost() ? 1 : attempt; // as Nagios counts
            confirms = now != lastHard;
        }
        state = now;
        if (type == StateType.HARD) {
            lastHard = now;
        }
        hardMicros = confirms ? micros : hardMicros;
        return new CheckResult(
                object,
                now,
                type,
                attempt,
                maxAttempts,
                CheckType.ACTIVE,
                new Output(output.isEmpty() ? "state " + now : output, "more\nlines", "n=" + now),
                new Timing(micros, micros + 100_000, 5_000, 100_000, micros + MINUTE),
                new History(last, lastHard, micros, hardMicros, LastTimes.NEVER, 0, 0, 0, 0, flaps, 0),
                NotificationCount.NONE);
    }
}
