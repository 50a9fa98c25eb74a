package org.merlin.daemon.net;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.merlin.protocol.time.NanoClock;

/**
 * Bounds the handshakes in progress, each of which takes memory: who comes when there are enough waits for its turn, which costs an open
 * socket and no more. If others wait, one that takes long has to go. Confined to the cluster loop.
 */
final class HandshakeGate {
    /** Who takes longer goes when others wait: a node needs a moment, whoever floods us has them all wait. */
    static final long LONG_NANOS = 1_000_000_000L;

    private final int mostBegun;
    private final int mostWaiting;
    private final NanoClock clock;
    private final Consumer<Runnable> soon;
    private final Map<Comer, Long> begun = new LinkedHashMap<>(); // and when, oldest first
    private final Queue<Comer> waiting = new ArrayDeque<>();
    private boolean turnDue;

    /** A connection before its handshake. */
    interface Comer {
        /** Its turn has come; it says {@link #leave} when the handshake is over, one way or the other. */
        void begin();

        /** It has taken long, and others wait. */
        void turnAway();
    }

    /**
     * Opens it.
     *
     * @param soon runs a turn on the loop in some milliseconds; asked for while somebody waits
     */
    HandshakeGate(int mostBegun, int mostWaiting, NanoClock clock, Consumer<Runnable> soon) {
        this.mostBegun = mostBegun;
        this.mostWaiting = mostWaiting;
        this.clock = clock;
        this.soon = soon;
    }

    /** Lets it begin, at once or when its turn comes; false if too many wait. */
    boolean enter(Comer comer) {
        if (waiting.size() >= mostWaiting) {
            return false;
        }
        waiting.add(comer);
        if (!turnDue) {
            turn();
        }
        return true;
    }

    /** Its handshake is over. */
    void leave(Comer comer) {
        begun.remove(comer);
    }

    private void turn() {
        turnDue = false;
        while (!waiting.isEmpty() && hasRoom()) {
            Comer next = waiting.remove();
            begun.put(next, clock.nanos());
            next.begin();
        }
        if (!waiting.isEmpty()) {
            turnDue = true;
            soon.accept(this::turn);
        }
    }

    private boolean hasRoom() {
        if (begun.size() < mostBegun) {
            return true;
        }
        Iterator<Map.Entry<Comer, Long>> all = begun.entrySet().iterator();
        Map.Entry<Comer, Long> oldest = all.next();
        if (clock.nanos() - oldest.getValue() < LONG_NANOS) {
            return false;
        }
        all.remove();
        oldest.getKey().turnAway();
        return true;
    }
}
