package org.merlin.module.quartz.state;

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
 * All that is known about a host or service. Immutable, so that a snapshot of 20,000 is a copy of references, and workers may
 * read it while the core goes on.
 *
 * @param checked whether there was a result yet
 * @param hard the last confirmed state, and since when
 * @param timing of the last check
 * @param flaps how it changed lately
 * @param notification what was notified of the present problem
 * @param revision of the object, as the module gave it
 */
public record ObjectState(
        boolean checked,
        int state,
        StateType type,
        int attempt,
        CheckType checkType,
        Output output,
        Timing timing,
        int lastState,
        long lastChangeMicros,
        Hard hard,
        LastTimes lastTimes,
        Ids ids,
        Flaps flaps,
        NotificationCount notification,
        int revision) {

    /** The last confirmed state, and when it was confirmed first; microseconds since 1970, 0 for never. */
    public record Hard(int state, long changeMicros) {}

    /** Numbers of the present and the former change of state and problem; 0 for none. */
    public record Ids(long event, long lastEvent, long problem, long lastProblem) {}

    /**
     * How an object changed lately.
     *
     * @param active whether it counts as flapping
     * @param percent how much, 0..100
     * @param lately the last states, see {@link Flapping}
     */
    public record Flaps(boolean active, double percent, long lately) {
        public static final Flaps NONE = new Flaps(false, 0, 0);
    }

    /** As it is before the first result: fine, and nobody has looked. */
    public static final ObjectState PENDING = new ObjectState(
            false,
            0,
            StateType.HARD,
            1,
            CheckType.ACTIVE,
            Output.of(""),
            new Timing(0, 0, 0, 0, 0),
            0,
            0,
            new Hard(0, 0),
            LastTimes.NEVER,
            new Ids(0, 0, 0, 0),
            Flaps.NONE,
            NotificationCount.NONE,
            0);

    /** The same with the runner's figures, as another node told them. */
    public static ObjectState of(CheckResult result, int revision) {
        History history = result.history();
        return new ObjectState(
                true,
                result.state(),
                result.stateType(),
                result.attempt(),
                result.checkType(),
                result.output(),
                result.timing(),
                history.lastState(),
                history.lastStateChangeMicros(),
                new Hard(history.lastHardState(), history.lastHardStateChangeMicros()),
                history.lastTimes(),
                new Ids(history.eventId(), history.lastEventId(), history.problemId(), history.lastProblemId()),
                new Flaps(history.flapping(), history.percentChange(), history.lately()),
                result.notification(),
                revision);
    }

    /** What other nodes are told about this state. */
    public CheckResult toResult(MonitoredObject object, int maxAttempts) {
        return new CheckResult(
                object,
                state,
                type,
                attempt,
                maxAttempts,
                checkType,
                output,
                timing,
                new History(
                        lastState,
                        hard.state(),
                        lastChangeMicros,
                        hard.changeMicros(),
                        lastTimes,
                        ids.event(),
                        ids.lastEvent(),
                        ids.problem(),
                        ids.lastProblem(),
                        flaps.active(),
                        flaps.percent(),
                        flaps.lately()),
                notification);
    }

    /** A problem that is not confirmed yet, so that it is looked at again soon. */
    public boolean isUnconfirmedProblem() {
        return state != 0 && type == StateType.SOFT;
    }

    public ObjectState withRevision(int newer) {
        return new ObjectState(
                checked,
                state,
                type,
                attempt,
                checkType,
                output,
                timing,
                lastState,
                lastChangeMicros,
                hard,
                lastTimes,
                ids,
                flaps,
                notification,
                newer);
    }

    public ObjectState with(Flaps newer) {
        return new ObjectState(
                checked,
                state,
                type,
                attempt,
                checkType,
                output,
                timing,
                lastState,
                lastChangeMicros,
                hard,
                lastTimes,
                ids,
                newer,
                notification,
                revision);
    }

    public ObjectState with(NotificationCount newer) {
        return new ObjectState(
                checked,
                state,
                type,
                attempt,
                checkType,
                output,
                timing,
                lastState,
                lastChangeMicros,
                hard,
                lastTimes,
                ids,
                flaps,
                newer,
                revision);
    }

    public ObjectState withNextCheck(long micros) {
        return new ObjectState(
                checked,
                state,
                type,
                attempt,
                checkType,
                output,
                new Timing(
                        timing.startMicros(),
                        timing.endMicros(),
                        timing.latencyMicros(),
                        timing.executionMicros(),
                        micros),
                lastState,
                lastChangeMicros,
                hard,
                lastTimes,
                ids,
                flaps,
                notification,
                revision);
    }
}
