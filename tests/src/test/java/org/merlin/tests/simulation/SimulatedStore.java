package org.merlin.tests.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.cluster.Store;

/** A log's thread in simulated time: appends take up to five milliseconds, syncs ten more. The log itself survives the daemon. */
final class SimulatedStore implements Store {
    private static final int LONGEST_APPEND_NANOS = 5_000_000;

    private final World world;
    private final EventLog log;
    private final Kept kept;
    private final Listener[] listener = new Listener[1];
    private final ByteArrayOutputStream stateBytes = new ByteArrayOutputStream();
    private long end;
    private long appendedNanos;
    private boolean gone;

    /** What survives the daemon beside the log. */
    static final class Kept {
        private Optional<ByteBuffer> checkpoint = Optional.empty();
        private Optional<ByteBuffer> state = Optional.empty();
    }

    SimulatedStore(World world, EventLog log, Kept kept) {
        this.world = world;
        this.kept = kept;
        this.log = log;
        this.end = log.end();
    }

    void listener(Listener who) {
        listener[0] = who;
    }

    /** The process is killed: nothing that it waited for comes. */
    void vanish() {
        gone = true;
    }

    @Override
    public void append(ByteBuffer record, int events) {
        ByteBuffer copy =
                ByteBuffer.allocate(record.remaining()).put(record.duplicate()).flip();
        appendedNanos = Math.max(
                appendedNanos, world.nowNanos() + 100_000 + world.random().nextInt(LONGEST_APPEND_NANOS));
        world.in(appendedNanos - world.nowNanos(), () -> {
            if (gone) {
                return;
            }
            long position = log.append(copy, events);
            end = position + events;
            listener[0].onAppended(position, world.nowNanos());
            world.in(10_000_000, () -> {
                if (!gone) {
                    listener[0].onSynced(1, world.nowNanos());
                }
            });
        });
    }

    @Override
    public void leap(long position) {
        log.leap(position);
        end = log.end();
    }

    @Override
    public long startWithin(long maxBytes) {
        return log.startWithin(maxBytes);
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public Optional<ByteBuffer> lastCheckpoint() {
        return kept.checkpoint;
    }

    /** Takes 20 ms, and is there or not at all if the process ends meanwhile. */
    @Override
    public void checkpoint(ByteBuffer content, long discardBelow) {
        world.in(20_000_000, () -> {
            if (!gone) {
                kept.checkpoint = Optional.of(content);
                log.discard(discardBelow);
                listener[0].onCheckpoint(world.nowNanos());
            }
        });
    }

    @Override
    public Optional<ByteBuffer> lastState() {
        return kept.state;
    }

    /** Takes a millisecond; what is not whole when the process ends is lost. */
    @Override
    public void keepState(ByteBuffer bytes, boolean first, boolean last) {
        if (first) {
            stateBytes.reset();
        }
        stateBytes.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        world.in(1_000_000, () -> {
            if (!gone) {
                if (last) {
                    kept.state = Optional.of(ByteBuffer.wrap(stateBytes.toByteArray()));
                }
                listener[0].onStateKept(true, last);
            }
        });
    }

    @Override
    public boolean roomy() {
        return true;
    }

    @Override
    public EventLog.Reader reader(long position) {
        return log.reader(position);
    }

    @Override
    public long start() {
        return log.start();
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long bytes() {
        return log.bytes();
    }
}
