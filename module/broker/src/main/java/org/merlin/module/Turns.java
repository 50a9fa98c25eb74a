package org.merlin.module;

import java.util.function.BooleanSupplier;
import org.merlin.module.hook.Precheck;
import org.merlin.module.ipc.Inbox;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.time.NanoClock;

/**
 * Shares out what the module takes of the scheduler's thread: results that came in, checks whose runner is gone, and what is to be
 * told. Confined to that thread.
 */
final class Turns {
    /** Longest time of a turn. */
    static final long SLICE_NANOS = 2_000_000L;

    /** A check whose runner is gone waits at most this long behind results that are to be applied. */
    private static final long OVERDUE_WAIT_NANOS = 200_000_000L;

    private final NanoClock clock;
    private final SchedulerPort port;
    private final Inbox inbox;
    private final Precheck precheck;
    private final Applier applier;
    private final Shared shared;
    private boolean changeSeen;
    private long changeSeenNanos;

    Turns(NanoClock clock, SchedulerPort port, Inbox inbox, Precheck precheck, Applier applier, Shared shared) {
        this.clock = clock;
        this.port = port;
        this.inbox = inbox;
        this.precheck = precheck;
        this.applier = applier;
        this.shared = shared;
    }

    /** Returns whether more is waiting. */
    boolean turn(long begun) {
        shared.lookAtLosses();
        BooleanSupplier timeIsUp = () -> clock.nanos() - begun >= SLICE_NANOS;
        if (precheck.hasChanged() && !changeSeen) {
            changeSeen = true;
            changeSeenNanos = begun;
        }
        boolean overdue = changeSeen && begun - changeSeenNanos >= OVERDUE_WAIT_NANOS;
        boolean more = !overdue && applier.turn(begun, timeIsUp);
        if (changeSeen && !more) {
            precheck.runOverdue(port::runSoon, timeIsUp);
            changeSeen = precheck.hasChanged();
        }
        boolean idle = !more && inbox.isEmpty();
        more |= shared.onTick(idle, begun, timeIsUp);
        return more || changeSeen || !inbox.isEmpty();
    }
}
