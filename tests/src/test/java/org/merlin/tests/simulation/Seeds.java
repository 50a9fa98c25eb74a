package org.merlin.tests.simulation;

import java.util.stream.LongStream;

/**
 * From which numbers whole clusters are made: a fixed set, which seeds that ever failed stay in, and a few fresh ones.
 * {@code -Dmerlin.seed=N} runs that one alone, {@code -Dmerlin.seeds=N} takes N fresh ones, {@code -Dmerlin.seeds.fixed=false} of the
 * fixed ones the first alone.
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
        LongStream known = all()
                ? LongStream.concat(LongStream.rangeClosed(1, fixed), LongStream.of(failedOnce))
                : LongStream.of(1);
        return LongStream.concat(known, LongStream.range(first, first + fresh));
    }

    /** Whether all fixed ones are wanted: not by a search for more, where they were tried just before. */
    static boolean all() {
        return !"false".equals(System.getProperty("merlin.seeds.fixed"));
    }

    /** For messages of failures. */
    static String again(long seed) {
        return "seed " + seed + ", again: mvn test -pl tests -am -Dtest='*SimulationTest' -Dmerlin.seed=" + seed
                + " -Dsurefire.failIfNoSpecifiedTests=false";
    }
}
