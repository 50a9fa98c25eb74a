package org.merlin.tests.simulation;

import java.util.stream.LongStream;

/**
 * From which numbers whole clusters are made: a fixed set, which seeds that ever failed stay in, and a few fresh ones.
 * {@code -Dmerlin.seed=N} runs that one alone, {@code -Dmerlin.seeds=N} takes N fresh ones.
 */
final class Seeds {
    private Seeds() {}

    static LongStream upTo(int fixed, long... failedOnce) {
        Long only = Long.getLong("merlin.seed");
        if (only != null) {
            return LongStream.of(only);
        }
        long first = System.nanoTime();
        long fresh = Long.getLong("merlin.seeds", 1);
        return LongStream.concat(
                LongStream.concat(LongStream.rangeClosed(1, fixed), LongStream.of(failedOnce)),
                LongStream.range(first, first + fresh));
    }

    /** For messages of failures. */
    static String again(long seed) {
        return "seed " + seed + ", again: mvn test -pl tests -am -Dtest='*SimulationTest' -Dmerlin.seed=" + seed
                + " -Dsurefire.failIfNoSpecifiedTests=false";
    }
}
