package org.merlin.module.quartz.objects;

import java.time.Duration;
import java.util.List;

/**
 * Who is told about an object, and when.
 *
 * @param interval between notifications of one problem, in units of {@code interval_length}; 0 for one notification only
 * @param firstDelay how long a problem lasts before the first one, in the same units
 * @param period outside of which nobody is told
 * @param options see {@link Options}
 * @param contacts places in {@link Inventory#contacts()}, those of groups included
 */
public record NotificationPlan(
        boolean enabled,
        double interval,
        double firstDelay,
        Timeperiod period,
        int options,
        List<Integer> contacts,
        List<Escalation> escalations) {
    public NotificationPlan {
        contacts = List.copyOf(contacts);
        escalations = List.copyOf(escalations);
    }

    /**
     * Who is told instead, from one notification to another.
     *
     * @param first number of the first notification that it is for
     * @param last number of the last one; 0 for all that come
     * @param interval as the plan's; negative for the plan's
     */
    public record Escalation(
            int first, int last, double interval, Timeperiod period, int options, List<Integer> contacts) {
        public Escalation {
            contacts = List.copyOf(contacts);
        }
    }

    public long firstDelayMillis(Duration unit) {
        return Math.round(firstDelay * unit.toMillis());
    }

    public NotificationPlan withEnabled(boolean on) {
        return new NotificationPlan(on, interval, firstDelay, period, options, contacts, escalations);
    }

    NotificationPlan withEscalations(List<Escalation> all) {
        return new NotificationPlan(enabled, interval, firstDelay, period, options, contacts, all);
    }

    public NotificationPlan withPeriod(Timeperiod other) {
        return new NotificationPlan(enabled, interval, firstDelay, other, options, contacts, escalations);
    }
}
