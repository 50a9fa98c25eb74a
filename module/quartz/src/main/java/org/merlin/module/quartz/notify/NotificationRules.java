package org.merlin.module.quartz.notify;

import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.merlin.module.quartz.objects.Contact;
import org.merlin.module.quartz.objects.NotificationPlan;
import org.merlin.module.quartz.objects.NotificationPlan.Escalation;
import org.merlin.module.quartz.objects.Options;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.StateType;

/** Whether a notification goes out, to whom, and when the next one may: the rules of Nagios. Pure; confined to no thread. */
public final class NotificationRules {
    private final Duration unit;
    private final ZoneId zone;

    /**
     * Makes the rules.
     *
     * @param unit what one of {@code notification_interval} is
     */
    public NotificationRules(Duration unit, ZoneId zone) {
        this.unit = unit;
        this.zone = zone;
    }

    /**
     * What the answer depends on.
     *
     * @param plan of the object
     * @param state of the object
     * @param count what was notified of its present problem, or of the one that has just ended
     * @param isVolatile whether each result is a new problem
     * @param acknowledged whether somebody takes care of the problem
     * @param downtimes how many downtimes of the object are in effect
     * @param hostDowntimes the same of a service's host; 0 for a host
     * @param hostDown whether the host of a service has a confirmed problem; false for a host
     */
    record Situation(
            NotificationPlan plan,
            ObjectState state,
            NotificationCount count,
            boolean isVolatile,
            boolean acknowledged,
            int downtimes,
            int hostDowntimes,
            boolean hostDown) {
        boolean inDowntime() {
            return downtimes > 0 || hostDowntimes > 0;
        }
    }

    /**
     * Decides whether a notification goes out, if there is somebody who wants it; forced ones are not asked about.
     *
     * @return why not; empty to send it
     */
    Optional<String> refusal(Reason reason, Situation now, long nowMillis) {
        if (!now.plan().enabled()) {
            return Optional.of("switched off for the object");
        }
        if (!now.plan().period().includes(nowMillis, zone)) {
            return Optional.of("outside of its period");
        }
        return switch (reason) {
            case NORMAL -> normal(now, nowMillis);
            case ACKNOWLEDGED -> now.state().state() == 0 ? Optional.of("there is no problem") : Optional.empty();
            case CUSTOM -> outsideOfDowntime(now);
            case FLAPPING_STARTED, FLAPPING_STOPPED, FLAPPING_DISABLED -> wanted(now, Options.FLAPPING);
            case DOWNTIME_STARTED, DOWNTIME_ENDED, DOWNTIME_CANCELLED -> wanted(now, Options.DOWNTIME);
        };
    }

    private static Optional<String> wanted(Situation now, int occasion) {
        return Options.has(now.plan().options(), occasion)
                ? outsideOfDowntime(now)
                : Optional.of("not among its options");
    }

    private static Optional<String> outsideOfDowntime(Situation now) {
        return now.inDowntime() ? Optional.of("in a downtime") : Optional.empty();
    }

    private Optional<String> normal(Situation now, long nowMillis) {
        ObjectState state = now.state();
        if (state.type() == StateType.SOFT) {
            return Optional.of("not confirmed");
        }
        if (now.acknowledged()) {
            return Optional.of("acknowledged");
        }
        if (!Options.has(now.plan().options(), Options.ofState(state.state()))) {
            return Optional.of("not among its options");
        }
        if (state.flaps().active()) {
            return Optional.of("flapping");
        }
        if (state.state() == 0) {
            return now.count().notifiedOn() == 0 ? Optional.of("its problem was not notified") : Optional.empty();
        }
        return problem(now, nowMillis);
    }

    private Optional<String> problem(Situation now, long nowMillis) {
        long firstMillis = sinceMillis(now.state()) + now.plan().firstDelayMillis(unit);
        if (now.count().number() == 0 && firstMillis > nowMillis) {
            return Optional.of("it is too soon for the first notification");
        }
        if (now.count().noMore()) {
            return Optional.of("once is enough");
        }
        if (now.hostDown()) {
            return Optional.of("its host has a problem");
        }
        if (nowMillis * 1000 < now.count().nextMicros() && !now.isVolatile()) {
            return Optional.of("it is too soon for another notification");
        }
        return outsideOfDowntime(now);
    }

    /** Since when there is a problem. */
    private static long sinceMillis(ObjectState state) {
        long lastFine = state.lastTimes().state0();
        return (lastFine > 0 ? lastFine : state.lastChangeMicros()) / 1000;
    }

    /** Whether a contact wants to be told this; forced notifications are not asked about. */
    boolean wants(Contact contact, Reason reason, boolean host, Situation now, long nowMillis) {
        Contact.Wishes wishes = contact.wishes(host);
        if (!wishes.enabled() || !wishes.period().includes(nowMillis, zone)) {
            return false;
        }
        return switch (reason) {
            case CUSTOM, ACKNOWLEDGED -> true;
            case FLAPPING_STARTED, FLAPPING_STOPPED, FLAPPING_DISABLED ->
                Options.has(wishes.options(), Options.FLAPPING);
            case DOWNTIME_STARTED, DOWNTIME_ENDED, DOWNTIME_CANCELLED ->
                Options.has(wishes.options(), Options.DOWNTIME);
            case NORMAL ->
                Options.has(wishes.options(), Options.ofState(now.state().state()))
                        && (now.state().state() != 0
                                || Options.has(wishes.options(), now.count().notifiedOn()));
        };
    }

    /**
     * The contacts that a notification is for, as places.
     *
     * @param number of the notification; of the last one for a recovery
     * @param everybody whether both the usual and all escalated contacts are meant
     */
    Set<Integer> recipients(NotificationPlan plan, int state, int number, boolean everybody, long nowMillis) {
        Set<Integer> found = new LinkedHashSet<>();
        List<Escalation> escalations = plan.escalations();
        for (Escalation escalation : escalations) {
            if (everybody || isValid(escalation, state, number, nowMillis)) {
                found.addAll(escalation.contacts());
            }
        }
        if (everybody || !isEscalated(plan, state, number, nowMillis)) {
            found.addAll(plan.contacts());
        }
        return found;
    }

    boolean isEscalated(NotificationPlan plan, int state, int number, long nowMillis) {
        return plan.escalations().stream().anyMatch(escalation -> isValid(escalation, state, number, nowMillis));
    }

    private boolean isValid(Escalation escalation, int state, int number, long nowMillis) {
        return escalation.first() <= number
                && (escalation.last() == 0 || number <= escalation.last())
                && Options.has(escalation.options(), Options.ofState(state))
                && escalation.period().includes(nowMillis, zone);
    }

    /** What is counted after a notification of the present state went out. */
    NotificationCount counted(Situation now, int number, long nowMillis) {
        double interval = now.plan().interval();
        boolean escalated = false;
        for (Escalation escalation : now.plan().escalations()) {
            if (escalation.interval() >= 0
                    && isValid(escalation, now.state().state(), number, nowMillis)
                    && (!escalated || escalation.interval() < interval)) {
                interval = escalation.interval();
                escalated = true;
            }
        }
        return new NotificationCount(
                number,
                nowMillis * 1000,
                (nowMillis + Math.round(interval * unit.toMillis())) * 1000,
                now.count().notifiedOn() | Options.ofState(now.state().state()),
                interval == 0 && !now.isVolatile());
    }
}
