package org.merlin.module.quartz.objects;

/**
 * When an object counts as flapping.
 *
 * @param low it flaps no longer at this many percent of change or less
 * @param high it flaps from this many percent
 * @param options the states that count, see {@link Options}
 */
public record FlapPlan(boolean enabled, double low, double high, int options) {
    public FlapPlan withEnabled(boolean on) {
        return new FlapPlan(on, low, high, options);
    }
}
