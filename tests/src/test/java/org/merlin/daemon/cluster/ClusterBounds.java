package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.List;

/** What a daemon's loop holds in memory beside its bounds. For simulations; lies here to see the cluster's inside. */
public final class ClusterBounds {
    private ClusterBounds() {}

    /** Sentences about what is over its bound; empty if all is well. */
    public static List<String> exceeded(Cluster cluster) {
        List<String> over = new ArrayList<>();
        EventFlow.Load load = cluster.flow().load();
        compare(over, "chunks in memory", load.recentChunks(), RecentChunks.MAX_CHUNKS);
        compare(over, "bytes of chunks in memory", load.recentBytes(), RecentChunks.MAX_BYTES + ONE_CHUNK);
        for (Node node : cluster.nodes()) {
            compare(over, "chunks in flight to " + node, node.feed().inFlight(), Feed.MAX_IN_FLIGHT + GAPS);
            compare(
                    over,
                    "bytes in flight to " + node,
                    node.feed().inFlightBytes(),
                    Feed.MAX_IN_FLIGHT_BYTES + ONE_CHUNK);
        }
        compare(over, "chunks in flight to the module", cluster.module().feed().inFlight(), Feed.MAX_IN_FLIGHT + GAPS);
        return over;
    }

    /** The last chunk may go over. */
    private static final long ONE_CHUNK = 512 << 10;
    /** Gaps are named at once, one per stream. */
    private static final int GAPS = 256;

    /** What waits for somebody, in bytes of events, beside what is kept for it at most; what is on its way to it has a bound of its own. */
    public static List<String> backlogsOver(Cluster cluster, long slackBytes) {
        List<String> over = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            compare(
                    over,
                    "backlog bytes of " + node,
                    node.feed().unsentBytes(),
                    node.conf().backlog().maxBytes() + slackBytes);
        }
        return over;
    }

    /** Records that wait for the log. */
    public static int unsynced(Cluster cluster) {
        return cluster.flow().load().unsynced();
    }

    private static void compare(List<String> over, String what, long now, long bound) {
        if (now > bound) {
            over.add(what + ": " + now + ", at most " + bound);
        }
    }
}
