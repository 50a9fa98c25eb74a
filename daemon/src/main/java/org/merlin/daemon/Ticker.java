package org.merlin.daemon;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.time.NanoClock;

/** Lets time pass for the cluster, on its loop; the loop's last resort for faults of ours. */
final class Ticker {
    private final Cluster cluster;
    private final ScheduledExecutorService loop;
    private final NanoClock clock;
    private final Journal journal;
    private final Runnable onBug;

    Ticker(Cluster cluster, ScheduledExecutorService loop, NanoClock clock, Journal journal, Runnable onBug) {
        this.cluster = cluster;
        this.loop = loop;
        this.clock = clock;
        this.journal = journal;
        this.onBug = onBug;
    }

    void start() {
        loop.scheduleWithFixedDelay(this::tick, 0, Cluster.TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        try {
            cluster.onTick(clock.nanos());
            goOn();
        } catch (RuntimeException | Error e) { // the loop's last resort
            journal.bug("the cluster loop", e);
            onBug.run();
        }
    }

    private void goOn() {
        if (cluster.onTurn()) {
            loop.execute(this::goOn); // after what else is waiting on the loop
        }
    }
}
