package org.merlin.module.bench;

import java.util.concurrent.TimeUnit;
import org.merlin.module.BrokerModule;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.StateType;

/**
 * A number of results at a rate, or as fast as the daemon takes them. Each holds its number and when it was due, so that waiting
 * for a slow receiver counts as latency. Confined to the scheduler's thread.
 */
final class Load {
    /** Bytes that may be on their way to the daemon: less than what the module's outbox holds in memory. */
    private static final long WINDOW_BYTES = 5 << 20;

    /** Of a result with an output of one character, about: the rest of a packet's size is output. */
    private static final int BARE_BYTES = 210;

    /** How soon it is looked at whether the daemon took some of them. */
    private static final long WINDOW_NANOS = 100_000L;

    private static final int AT_ONCE = 500;

    /** Schedulers take in what their workers bring in groups, too. */
    private static final long GROUPS_PER_SECOND = 2000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final BrokerModule module;
    private final LoadedObjects objects;
    private long events;
    private final long perSecond;
    private final String output;
    private final long before;
    private final long begunNanos;
    private final long group;
    private final long window;
    private final boolean changing;
    private long sent;

    /**
     * Begins now.
     *
     * @param perSecond 0 for as fast as possible
     * @param bytes of a packet, roughly
     * @param sentBefore events that this module sent before
     * @param changing whether each result is a change of its object's state
     */
    Load(
            BrokerModule module,
            LoadedObjects objects,
            long events,
            long perSecond,
            int bytes,
            long sentBefore,
            boolean changing) {
        this.changing = changing;
        this.module = module;
        this.objects = objects;
        this.events = events;
        this.perSecond = perSecond;
        this.group = Math.max(1, perSecond / GROUPS_PER_SECOND);
        this.window = WINDOW_BYTES / bytes;
        this.output = "x".repeat(Math.max(1, bytes - BARE_BYTES));
        this.before = sentBefore;
        this.begunNanos = System.nanoTime();
    }

    /** Sends what is due, some of it at most; returns whether more is due now. */
    boolean step() {
        long now = System.nanoTime();
        long due = perSecond == 0 ? events : Math.min(events, dueBy(now));
        if (perSecond == 0) {
            due = Math.min(due, module.acknowledged() - before + window);
        }
        long until = Math.min(due, sent + AT_ONCE);
        while (sent < until) {
            send(perSecond == 0 ? now : dueNanos(sent));
        }
        return sent < due;
    }

    /** Sends no more. */
    void stop() {
        events = sent;
    }

    /** Whether the daemon has all of them. */
    boolean isDone() {
        return sent == events && module.acknowledged() - before >= events;
    }

    /** How long nothing is to be done, so that the thread may rest. */
    long restNanos() {
        if (perSecond == 0 || sent == events) {
            return WINDOW_NANOS;
        }
        return Math.max(1, dueNanos(sent) - System.nanoTime());
    }

    /** How many are due at a time: those whose group's time has come. */
    private long dueBy(long nanos) {
        return group * (1 + (nanos - begunNanos) * perSecond / SECOND / group);
    }

    private long dueNanos(long number) {
        return begunNanos + number / group * group * SECOND / perSecond;
    }

    long sent() {
        return sent;
    }

    private void send(long dueNanos) {
        int index = 1 + (int) ((before + sent) % (objects.entries().size() - 1));
        boolean bad = changing && (before + sent) / (objects.entries().size() - 1) % 2 == 0;
        sent++;
        long micros = System.currentTimeMillis() * 1000;
        module.onResult(
                index,
                new CheckResult(
                        objects.entries().get(index).object(),
                        bad ? 2 : 0,
                        StateType.HARD,
                        1,
                        1,
                        CheckType.ACTIVE,
                        new CheckResult.Output(output, "", ""),
                        new CheckResult.Timing(micros - 12_000, micros, 1_000, 12_000, micros + 60_000_000),
                        new CheckResult.History(
                                changing && !bad ? 2 : 0,
                                bad ? 2 : 0,
                                micros,
                                micros,
                                new CheckResult.LastTimes(micros, 0, 0, 0),
                                before + sent,
                                dueNanos,
                                0,
                                0,
                                false,
                                0.0,
                                0),
                        CheckResult.NotificationCount.NONE));
    }
}
