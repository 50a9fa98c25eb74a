package org.merlin.confsync.generation;

/**
 * How a step ended that took its time.
 *
 * @param good whether it did what it should
 * @param words the scheduler's own where it printed some, else ours
 */
public record Outcome(boolean good, String words) {
    public static Outcome good(String words) {
        return new Outcome(true, words);
    }

    public static Outcome bad(String words) {
        return new Outcome(false, words);
    }
}
