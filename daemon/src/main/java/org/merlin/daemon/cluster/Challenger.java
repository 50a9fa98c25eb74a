package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.List;
import org.merlin.protocol.control.Pulse;

/**
 * A second link that must wait: by the rule on names the first one stays, unless it is silent for a second after a probe.
 * What arrives meanwhile is held, up to a bound. Confined to the cluster loop.
 */
final class Challenger {
    static final long PROBE_NANOS = 1_000_000_000L;
    private static final int MAX_HELD = 64;

    final Session session;
    final Pulse pulse;
    final long untilNanos;
    final List<Runnable> held = new ArrayList<>();

    Challenger(Session session, Pulse pulse, long untilNanos) {
        this.session = session;
        this.pulse = pulse;
        this.untilNanos = untilNanos;
    }

    /** Whether the other link, which was probed when this one came, has been heard of since. */
    boolean answered(Session current, long nowNanos) {
        return current.silentNanos(nowNanos) <= nowNanos - (untilNanos - PROBE_NANOS);
    }

    /** Keeps what arrived for the moment when this link is adopted. */
    void hold(Runnable arrival, long nowNanos) {
        if (held.size() == MAX_HELD) {
            session.refuse("there is another link, wait for the decision", nowNanos);
        } else {
            held.add(arrival);
        }
    }
}
