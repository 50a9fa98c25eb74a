package org.merlin.tests.simulation;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Simulated time: what is planned happens in the order of its time, in one thread, the same for the same seed. */
final class World {
    private final PriorityQueue<Planned> plan = new PriorityQueue<>();
    private final SplittableRandom random;
    private long nowNanos = 1_000_000_000L;
    private long planned;

    private record Planned(long atNanos, long order, Runnable what) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    World(long seed) {
        random = new SplittableRandom(seed);
    }

    long nowNanos() {
        return nowNanos;
    }

    /** The right time, microseconds since 1970. */
    long wallMicros() {
        return 1_700_000_000_000_000L + nowNanos / 1000;
    }

    SplittableRandom random() {
        return random;
    }

    void in(long nanos, Runnable what) {
        plan.add(new Planned(nowNanos + nanos, planned++, what));
    }

    /** Lets time pass, and all that is planned happen. */
    void run(long nanos) {
        long until = nowNanos + nanos;
        while (!plan.isEmpty() && plan.peek().atNanos <= until) {
            Planned next = plan.remove();
            nowNanos = next.atNanos;
            next.what.run();
        }
        nowNanos = until;
    }
}
