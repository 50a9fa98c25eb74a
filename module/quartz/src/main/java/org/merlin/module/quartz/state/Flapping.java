package org.merlin.module.quartz.state;

/**
 * How much an object changed lately, by the rules of Nagios: the last 21 states, of which the newer changes weigh more. They are
 * packed into a {@code long}, two bits each, and the place of the oldest from bit 42. Stateless.
 */
public final class Flapping {
    /** How many states are remembered. */
    public static final int STATES = 21;

    private static final int PLACE_BIT = 2 * STATES;
    private static final double LIGHTEST = 0.8;
    private static final double HEAVIEST = 1.2;

    private Flapping() {}

    /** The same with one more state, which takes the place of the oldest. */
    public static long with(long lately, int state) {
        int place = place(lately);
        long states = lately & (1L << PLACE_BIT) - 1;
        states &= ~(3L << 2 * place);
        states |= (long) (state & 3) << 2 * place;
        return states | (long) ((place + 1) % STATES) << PLACE_BIT;
    }

    /** How much it changed, 0..100; slightly more than 100 cannot be, as the weights are 1 on average. */
    public static double percent(long lately) {
        int place = place(lately);
        double changes = 0;
        for (int i = 1; i < STATES; i++) {
            if (state(lately, place + i) != state(lately, place + i - 1)) {
                changes += (i - 1) * (HEAVIEST - LIGHTEST) / (STATES - 2) + LIGHTEST;
            }
        }
        return changes * 100 / (STATES - 1);
    }

    /** Whether it flaps, given whether it did: between the thresholds nothing changes. */
    public static boolean flaps(boolean before, double percent, double low, double high) {
        return percent >= high || before && percent > low;
    }

    /** A number from another node may hold anything. */
    private static int place(long lately) {
        return (int) ((lately >>> PLACE_BIT) % STATES);
    }

    private static int state(long lately, int place) {
        return (int) (lately >>> 2 * (place % STATES)) & 3;
    }
}
