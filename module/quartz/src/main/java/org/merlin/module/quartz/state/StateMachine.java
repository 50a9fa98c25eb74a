package org.merlin.module.quartz.state;

import java.util.Optional;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.StateType;

/**
 * What a result makes of a state, by the rules of Nagios. A problem is <em>soft</em> until {@code maxAttempts} results in a row
 * have shown it, then <em>hard</em>. Confined to the core's thread, for the sake of {@link Ids}.
 *
 * <pre>
 *            was            finds     becomes              attempt
 *  service   ok             problem   soft (hard if 1)     1
 *            soft problem   problem   soft, at last hard   one more
 *            hard problem   problem   hard                 unchanged
 *            problem        ok        hard                 1, logged with the problem's type and attempt + 1 if soft
 *            anything       problem   hard, if its host is down
 *  host      up             problem   soft (hard if 1)     1
 *            soft problem   problem   soft, at last hard   one more
 *            hard problem   problem   hard                 1
 *            soft problem   up        soft                 one more, and hard, 1 with the next
 *            hard problem   up        hard                 1
 *            anything       any, passively    hard         1
 * </pre>
 */
public final class StateMachine {
    private final Ids ids;

    public StateMachine(Ids ids) {
        this.ids = ids;
    }

    /** What becomes of state type and attempt, and what of them is written to the log. */
    private record Verdict(StateType type, int attempt, StateType loggedType, int loggedAttempt) {
        static Verdict of(StateType type, int attempt) {
            return new Verdict(type, attempt, type, attempt);
        }
    }

    /**
     * Processes a result of a service.
     *
     * @param hostUp whether its host is up; while it is not, a problem of the service needs no confirmation
     */
    public Step service(ObjectState before, Finding finding, int maxAttempts, boolean hostUp) {
        Verdict verdict = finding.state() == 0
                ? serviceOk(before, maxAttempts)
                : serviceProblem(before, finding, maxAttempts, hostUp);
        return step(before, finding, finding.state(), verdict);
    }

    private static Verdict serviceOk(ObjectState before, int maxAttempts) {
        if (before.state() == 0) {
            return Verdict.of(StateType.HARD, 1);
        }
        return before.type() == StateType.SOFT
                ? new Verdict(StateType.HARD, 1, StateType.SOFT, Math.min(before.attempt() + 1, maxAttempts))
                : new Verdict(StateType.HARD, 1, StateType.HARD, before.attempt());
    }

    private static Verdict serviceProblem(ObjectState before, Finding finding, int maxAttempts, boolean hostUp) {
        if (!hostUp) {
            return Verdict.of(
                    StateType.HARD, before.state() != 0 && before.type() == StateType.HARD ? before.attempt() : 1);
        }
        if (before.state() == 0) {
            return Verdict.of(maxAttempts == 1 ? StateType.HARD : StateType.SOFT, 1);
        }
        if (before.type() == StateType.HARD) {
            return Verdict.of(StateType.HARD, before.attempt());
        }
        int attempt = Math.min(before.attempt() + 1, maxAttempts);
        return Verdict.of(attempt == maxAttempts ? StateType.HARD : StateType.SOFT, attempt);
    }

    /**
     * Processes a result of a host.
     *
     * @param reachable whether it has no parents, or one of them is up; a host that is down behind others that are down counts
     *     as unreachable
     */
    public Step host(ObjectState before, Finding finding, int maxAttempts, boolean reachable) {
        int state = finding.state() == 1 && !reachable ? 2 : finding.state();
        return step(before, finding, state, host(before, finding, state, maxAttempts));
    }

    private static Verdict host(ObjectState before, Finding finding, int state, int maxAttempts) {
        if (finding.type() == CheckType.PASSIVE || before.type() == StateType.HARD && before.state() != 0) {
            return Verdict.of(StateType.HARD, 1);
        }
        if (before.state() == 0) {
            return Verdict.of(state == 0 || maxAttempts == 1 ? StateType.HARD : StateType.SOFT, 1);
        }
        int attempt = Math.min(before.attempt() + 1, maxAttempts);
        return Verdict.of(state != 0 && attempt == maxAttempts ? StateType.HARD : StateType.SOFT, attempt);
    }

    private Step step(ObjectState before, Finding finding, int state, Verdict verdict) {
        boolean changed = state != before.state();
        boolean hardened = verdict.type() == StateType.HARD
                && (state != before.hard().state() || state != 0 && before.isUnconfirmedProblem());
        long at = finding.startMicros();
        ObjectState after = new ObjectState(
                true,
                state,
                verdict.type(),
                verdict.attempt(),
                finding.type(),
                finding.output(),
                new Timing(at, finding.endMicros(), finding.latencyMicros(), finding.executionMicros(), 0),
                before.state(),
                changed ? at : before.lastChangeMicros(),
                new ObjectState.Hard(
                        verdict.type() == StateType.HARD ? state : before.hard().state(),
                        hardened ? at : before.hard().changeMicros()),
                before.lastTimes().with(state, at),
                changed ? idsAfter(before, state) : before.ids(),
                before.flaps(),
                count(before.notification(), state, changed || hardened),
                before.revision());
        boolean logged = changed || hardened || state != 0 && verdict.loggedType() == StateType.SOFT;
        return new Step(
                after,
                changed || hardened,
                logged
                        ? Optional.of(new Alert(state, verdict.loggedType(), verdict.loggedAttempt()))
                        : Optional.empty());
    }

    /** A change makes the next notification due; escalations go on from where they were until the problem is over. */
    private static NotificationCount count(NotificationCount before, int state, boolean changed) {
        if (state == 0) {
            return NotificationCount.NONE;
        }
        return changed ? new NotificationCount(before.number(), 0, 0, before.notifiedOn(), false) : before;
    }

    private ObjectState.Ids idsAfter(ObjectState before, int state) {
        ObjectState.Ids old = before.ids();
        long problem = old.problem();
        long lastProblem = old.lastProblem();
        if (before.state() == 0) {
            problem = ids.nextProblem();
        } else if (state == 0) {
            lastProblem = problem;
            problem = 0;
        }
        return new ObjectState.Ids(ids.nextEvent(), old.event(), problem, lastProblem);
    }
}
