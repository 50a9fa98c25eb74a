package org.merlin.module.quartz.objects;

import java.time.Duration;

/**
 * When an object is checked.
 *
 * @param checkInterval in units of {@code interval_length}, fractions allowed; 0 means never by itself
 * @param retryInterval the same, while a problem is not confirmed
 * @param maxAttempts how many results in a row confirm a problem, 1 or more
 * @param active whether it is checked by itself
 * @param passive whether results that others hand in are taken
 * @param period outside of which it is not checked by itself
 */
public record CheckPlan(
        double checkInterval,
        double retryInterval,
        int maxAttempts,
        boolean active,
        boolean passive,
        Timeperiod period) {
    /** No interval is shorter: a misplaced {@code interval_length} must not become a storm of processes. */
    private static final long SHORTEST_MILLIS = 100;

    /** The usual interval; 0 for never. */
    public long checkMillis(Duration unit) {
        return millis(checkInterval, unit);
    }

    /** The interval after a result that is not confirmed; the usual one where none is set. */
    public long retryMillis(Duration unit) {
        return retryInterval > 0 ? millis(retryInterval, unit) : checkMillis(unit);
    }

    public CheckPlan withIntervals(double check, double retry) {
        return new CheckPlan(check, retry, maxAttempts, active, passive, period);
    }

    public CheckPlan withMaxAttempts(int most) {
        return new CheckPlan(checkInterval, retryInterval, most, active, passive, period);
    }

    public CheckPlan withPassive(boolean on) {
        return new CheckPlan(checkInterval, retryInterval, maxAttempts, active, on, period);
    }

    public CheckPlan withPeriod(Timeperiod other) {
        return new CheckPlan(checkInterval, retryInterval, maxAttempts, active, passive, other);
    }

    private static long millis(double units, Duration unit) {
        return units <= 0 ? 0 : Math.max(SHORTEST_MILLIS, Math.round(units * unit.toMillis()));
    }
}
