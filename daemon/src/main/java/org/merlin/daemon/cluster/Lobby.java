package org.merlin.daemon.cluster;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Links of whom nobody knows yet who it is: without TLS the first pulse tells. So many of them, for so long; beyond that the oldest go. Confined
 * to the cluster loop.
 */
final class Lobby {
    static final int MOST = 1_000;
    static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Map<Session, Long> waiting = new LinkedHashMap<>(); // since when, oldest first

    void enter(Session session, long nowNanos) {
        if (waiting.size() >= MOST) {
            refuseOldest("it sent no pulse while " + MOST + " others wait", nowNanos);
        }
        waiting.put(session, nowNanos);
    }

    /** It is known now, or gone. */
    void leave(Session session) {
        waiting.remove(session);
    }

    void onTick(long nowNanos) {
        while (!waiting.isEmpty() && nowNanos - waiting.values().iterator().next() >= PATIENCE_NANOS) {
            refuseOldest("no pulse within 10 s", nowNanos);
        }
    }

    private void refuseOldest(String why, long nowNanos) {
        Iterator<Session> all = waiting.keySet().iterator();
        Session oldest = all.next();
        all.remove();
        oldest.refuse(why, nowNanos);
    }
}
