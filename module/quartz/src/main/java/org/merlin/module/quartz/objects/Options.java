package org.merlin.module.quartz.objects;

import java.util.Locale;

/**
 * Sets of states and occasions, as bits: bit 0..3 is the state of that number (0 for recovery), then flapping and downtime.
 * Stateless.
 */
public final class Options {
    public static final int FLAPPING = 1 << 4;
    public static final int DOWNTIME = 1 << 5;
    public static final int ALL = 0b111111;

    private Options() {}

    /** The bit of a state. */
    public static int ofState(int state) {
        return 1 << state;
    }

    public static boolean has(int options, int bit) {
        return (options & bit) != 0;
    }

    /** What a word of the object file stands for; negative if it is none. */
    static int of(String word, boolean host) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "a", "all" -> ALL;
            case "n", "none" -> 0;
            case "r", "recovery", "o", "ok", "up" -> 1;
            case "d", "down" -> host ? 1 << 1 : -1;
            case "w", "warning" -> host ? -1 : 1 << 1;
            case "c", "critical" -> host ? -1 : 1 << 2;
            case "u", "unreachable", "unknown" -> host ? 1 << 2 : 1 << 3;
            case "f", "flapping" -> FLAPPING;
            case "s", "downtime" -> DOWNTIME;
            default -> -1;
        };
    }
}
