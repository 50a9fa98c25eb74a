package org.merlin.daemon.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Who comes and goes: a node that went three times in ten minutes without having said so is taken back into a ring after 30 s of quiet only, and after
 * twice as long with each further time, up to ten minutes. Its checks are run twice meanwhile, by it and by the others, and not
 * moved to and fro. Confined to the cluster loop.
 */
final class Damping {
    static final int MANY = 3;
    static final long WINDOW_NANOS = 600_000_000_000L;
    /** What happens sooner after it went is of the same failure, or of two links of a start of which one is closed. */
    static final long APART_NANOS = 5_000_000_000L;

    /** The longest quiet, in first ones. */
    static final int MOST_QUIET = 20;

    private long leastQuietNanos;
    private final Map<Node, Seen> seen = new HashMap<>();

    /** @param leastQuietNanos for how long a node must show quiet at first; 0 for no damping */
    Damping(long leastQuietNanos) {
        this.leastQuietNanos = leastQuietNanos;
    }

    private final class Seen {
        private final Deque<Long> went = new ArrayDeque<>();
        private boolean here;
        private long sinceNanos;
        private long quietNanos;

        void update(boolean active, boolean planned, long nowNanos) {
            if (here && !active && !planned && (went.isEmpty() || nowNanos - went.getLast() >= APART_NANOS)) {
                went.add(nowNanos);
                while (nowNanos - went.getFirst() >= WINDOW_NANOS) {
                    went.removeFirst();
                }
                quietNanos = went.size() < MANY
                        ? 0
                        : quietNanos == 0 ? leastQuietNanos : Math.min(MOST_QUIET * leastQuietNanos, 2 * quietNanos);
            }
            if (active && !here) {
                sinceNanos = nowNanos;
            }
            here = active;
        }

        long leftNanos(long nowNanos) {
            return here ? Math.max(0, quietNanos - (nowNanos - sinceNanos)) : 0;
        }
    }

    /**
     * Notes whether a node is active now.
     *
     * @param planned whether one that is not has said goodbye in order: that is no failure
     */
    void update(Node node, boolean active, boolean planned, long nowNanos) {
        seen.computeIfAbsent(node, any -> new Seen()).update(active, planned, nowNanos);
    }

    /** Goes by another first quiet. */
    void leastQuiet(long newLeastQuietNanos) {
        leastQuietNanos = newLeastQuietNanos;
    }

    void forget(Node node) {
        seen.remove(node);
    }

    /** How much quiet an active node is still to show before it is taken back; 0 if it is not kept out. */
    long leftNanos(Node node, long nowNanos) {
        Seen of = seen.get(node);
        return of == null ? 0 : of.leftNanos(nowNanos);
    }
}
