package org.merlin.protocol.event;

/**
 * A processed result of a host or service check: what the plugin said, and what the runner's state machine made of it.
 * Holds no switch (checks enabled, notifications enabled, ...): those travel as registers of their own.
 *
 * @param object the host or service
 * @param state 0..2 for hosts (up, down, unreachable), 0..3 for services (ok, warning, critical, unknown)
 * @param stateType soft or hard, after this result
 * @param attempt 1..maxAttempts, after this result
 * @param maxAttempts {@code max_check_attempts} of the runner's configuration
 * @param checkType active or passive
 * @param output what the plugin printed
 * @param timing when it ran
 * @param history what the state was before
 * @param notification what had been notified when the result was processed
 * @param problem when the present problem and state began
 */
public record CheckResult(
        MonitoredObject object,
        int state,
        StateType stateType,
        int attempt,
        int maxAttempts,
        CheckType checkType,
        Output output,
        Timing timing,
        History history,
        NotificationCount notification,
        Problem problem)
        implements Event {

    /** A result before the module has said of which problem it is. */
    public CheckResult(
            MonitoredObject object,
            int state,
            StateType stateType,
            int attempt,
            int maxAttempts,
            CheckType checkType,
            Output output,
            Timing timing,
            History history,
            NotificationCount notification) {
        this(
                object,
                state,
                stateType,
                attempt,
                maxAttempts,
                checkType,
                output,
                timing,
                history,
                notification,
                Problem.NONE);
    }

    /** The same of a problem. */
    public CheckResult of(Problem of) {
        return new CheckResult(
                object, state, stateType, attempt, maxAttempts, checkType, output, timing, history, notification, of);
    }

    /** The same with other figures of its notifications. */
    public CheckResult counted(NotificationCount count) {
        return new CheckResult(
                object, state, stateType, attempt, maxAttempts, checkType, output, timing, history, count, problem);
    }

    /**
     * Names a problem, the same on every node. Revisions of the object, unsigned; 0 for before anybody counted.
     *
     * @param began of the result with which the object left its good state; 0 while it is in it
     * @param since of the result with which the problem came into its present state; 0 while there is none
     */
    public record Problem(int began, int since) {
        public static final Problem NONE = new Problem(0, 0);

        /** What a result makes of it. */
        public Problem then(int lastState, int state, int revision) {
            if (state == 0) {
                return NONE;
            }
            return new Problem(lastState == 0 ? revision : began, lastState == state ? since : revision);
        }
    }

    /**
     * What the plugin printed.
     *
     * @param text first line, before the {@code |}
     * @param longText further lines, joined by line feeds; empty if none
     * @param perfData performance data of all lines, joined by blanks; empty if none
     */
    public record Output(String text, String longText, String perfData) {
        public static Output of(String text) {
            return new Output(text, "", "");
        }
    }

    /**
     * When the check ran. All in microseconds; instants since 1970.
     *
     * @param latencyMicros how much later than due it started
     * @param nextCheckMicros when the runner means to run it again; 0 if it does not
     */
    public record Timing(
            long startMicros, long endMicros, long latencyMicros, long executionMicros, long nextCheckMicros) {}

    /**
     * What the state was before this result and since when. Instants in microseconds since 1970, 0 for never.
     *
     * @param lastState the state before this result
     * @param lastHardState the last confirmed state, this result included
     * @param lastTimes by state number, when the object was last seen in it; states 0..3
     * @param flapping whether the runner thinks that it flaps
     * @param percentChange how much it changed lately, 0..100
     * @param lately the last 21 states, from which flapping is found: two bits each, the place of the next one from bit 42
     */
    public record History(
            int lastState,
            int lastHardState,
            long lastStateChangeMicros,
            long lastHardStateChangeMicros,
            LastTimes lastTimes,
            long eventId,
            long lastEventId,
            long problemId,
            long lastProblemId,
            boolean flapping,
            double percentChange,
            long lately) {
        public History(
                int lastState,
                int lastHardState,
                long lastStateChangeMicros,
                long lastHardStateChangeMicros,
                LastTimes lastTimes,
                long eventId,
                long lastEventId,
                long problemId,
                long lastProblemId,
                boolean flapping,
                double percentChange) {
            this(
                    lastState,
                    lastHardState,
                    lastStateChangeMicros,
                    lastHardStateChangeMicros,
                    lastTimes,
                    eventId,
                    lastEventId,
                    problemId,
                    lastProblemId,
                    flapping,
                    percentChange,
                    0);
        }

        /** The same with other last states. */
        public History with(long otherLately) {
            return new History(
                    lastState,
                    lastHardState,
                    lastStateChangeMicros,
                    lastHardStateChangeMicros,
                    lastTimes,
                    eventId,
                    lastEventId,
                    problemId,
                    lastProblemId,
                    flapping,
                    percentChange,
                    otherLately);
        }
    }

    /** When an object was last seen in each of its states, microseconds since 1970, 0 for never. Hosts leave {@code state3} at 0. */
    public record LastTimes(long state0, long state1, long state2, long state3) {
        public static final LastTimes NEVER = new LastTimes(0, 0, 0, 0);

        /** The same with one of them set. */
        public LastTimes with(int state, long micros) {
            return new LastTimes(
                    state == 0 ? micros : state0,
                    state == 1 ? micros : state1,
                    state == 2 ? micros : state2,
                    state == 3 ? micros : state3);
        }
    }

    /**
     * What had been notified of the present problem when the result was processed.
     *
     * @param number how many notifications, 0 or more
     * @param lastMicros when the last one was sent, 0 for never
     * @param nextMicros earliest time of the next one, 0 for none
     * @param notifiedOn bit by state of this problem that was notified, as Nagios counts: 1 shifted left by the state
     * @param noMore whether there will be no further one of this problem
     */
    public record NotificationCount(int number, long lastMicros, long nextMicros, int notifiedOn, boolean noMore) {
        public static final NotificationCount NONE = new NotificationCount(0, 0, 0);

        public NotificationCount(int number, long lastMicros, long nextMicros) {
            this(number, lastMicros, nextMicros, 0, false);
        }
    }

    public CheckResult {
        if (state < 0 || state > (object.isHost() ? 2 : 3)) {
            throw new IllegalArgumentException("state " + state + " is none of " + object);
        }
        if (attempt < 0 || maxAttempts < 0) {
            throw new IllegalArgumentException("attempt " + attempt + " of " + maxAttempts + " for " + object);
        }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.checkResult(this);
    }
}
