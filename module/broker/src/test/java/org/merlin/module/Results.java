package org.merlin.module;

import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

/** Builds check results; fills in what a test does not care about. */
public final class Results {
    private Results() {}

    public static CheckResult aResult(MonitoredObject object, long endMicros, String text) {
        return new CheckResult(
                object,
                0,
                StateType.HARD,
                1,
                3,
                CheckType.ACTIVE,
                CheckResult.Output.of(text),
                new CheckResult.Timing(endMicros - 1000, endMicros, 10, 1000, endMicros + 60_000_000),
                new CheckResult.History(0, 0, 1, 1, CheckResult.LastTimes.NEVER, 0, 0, 0, 0, false, 0),
                CheckResult.NotificationCount.NONE);
    }
}
