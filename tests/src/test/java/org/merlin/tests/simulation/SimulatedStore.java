package org.merlin.tests.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.cluster.Store;

/**
 * A log's thread in simulated time: appends take up to five milliseconds, syncs ten more, and longer on a slow disk. The disk
 * itself survives the daemon.
 */
final class SimulatedStore implements Store {
    private static final int LONGEST_APPEND_NANOS = 5_000_000;
    private static final long RETRY_NANOS = 1_000_000_000L;
    /** As much smaller than the real one as all else is here. */
    private static final long MAX_WAITING_BYTES = 256 << 10;

    private final World world;
    private final SimulatedDisk disk;
    private final Process process;
    private final Listener[] listener = new Listener[1];
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final ByteArrayOutputStream stateBytes = new ByteArrayOutputStream();
    private long end;
    private long appendedNanos;
    private long syncedNanos;
    private long waitingBytes;
    private boolean full;
    private boolean wasRoomy = true;
    private boolean gone;

    private record Entry(ByteBuffer record, int events) {}

    /** Runs what the log answers, when its process runs. */
    interface Process {
        void in(Runnable what);
    }

    SimulatedStore(World world, SimulatedDisk disk) {
        this(world, disk, Runnable::run);
    }

    SimulatedStore(World world, SimulatedDisk disk, Process process) {
        this.world = world;
        this.disk = disk;
        this.process = process;
        this.end = disk.log().end();
    }

    void listener(Listener who) {
        listener[0] = who;
    }

    /** The process is killed: nothing that it waited for comes. */
    void vanish() {
        gone = true;
    }

    private void later(long nanos, Runnable what) {
        world.in(
                nanos,
                () -> process.in(() -> {
                    if (!gone) {
                        what.run();
                    }
                }));
    }

    @Override
    public void append(ByteBuffer record, int events) {
        ByteBuffer copy =
                ByteBuffer.allocate(record.remaining()).put(record.duplicate()).flip();
        waitingBytes += copy.remaining();
        tellRoom();
        waiting.add(new Entry(copy, events));
        appendedNanos = Math.max(
                appendedNanos,
                world.nowNanos() + 100_000 + world.random().nextInt(LONGEST_APPEND_NANOS) + disk.appendNanos());
        later(appendedNanos - world.nowNanos(), this::appendOldest);
    }

    private void appendOldest() {
        if (disk.isFull()) {
            full = true;
            tellRoom();
            appendedNanos = Math.max(appendedNanos, world.nowNanos() + RETRY_NANOS);
            later(RETRY_NANOS, this::appendOldest);
            return;
        }
        full = false;
        Entry oldest = waiting.remove();
        long position = disk.append(oldest.record, oldest.events);
        end = position + oldest.events;
        waitingBytes -= oldest.record.remaining();
        listener[0].onAppended(position, world.nowNanos());
        tellRoom();
        syncedNanos = Math.max(syncedNanos, world.nowNanos() + 10_000_000 + disk.syncNanos());
        long number = disk.appended();
        later(syncedNanos - world.nowNanos(), () -> {
            disk.synced(number);
            listener[0].onSynced(1, world.nowNanos());
        });
    }

    private void tellRoom() {
        if (roomy() != wasRoomy) {
            wasRoomy = roomy();
            listener[0].onRoom(wasRoomy, world.nowNanos());
        }
    }

    /** Records that wait for the log's thread. */
    int waiting() {
        return waiting.size();
    }

    @Override
    public void leap(long position) {
        disk.log().leap(position);
        end = disk.log().end();
    }

    @Override
    public long startWithin(long maxBytes) {
        return disk.log().startWithin(maxBytes);
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public Optional<ByteBuffer> lastCheckpoint() {
        return disk.checkpoint();
    }

    /** Takes 20 ms, and is there or not at all if the process ends meanwhile. */
    @Override
    public void checkpoint(ByteBuffer content, long discardBelow) {
        later(20_000_000 + disk.syncNanos(), () -> {
            if (!disk.isFull()) {
                disk.checkpoint(content, discardBelow);
            }
            listener[0].onCheckpoint(world.nowNanos());
        });
    }

    @Override
    public Optional<ByteBuffer> lastState() {
        return disk.state();
    }

    /** Takes a millisecond; what is not whole when the process ends is lost, and nothing fits on a full disk. */
    @Override
    public void keepState(ByteBuffer bytes, boolean first, boolean last) {
        if (first) {
            stateBytes.reset();
        }
        stateBytes.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        later(1_000_000 + disk.syncNanos(), () -> {
            boolean ok = !disk.isFull();
            if (ok && last) {
                disk.keepState(ByteBuffer.wrap(stateBytes.toByteArray()));
            }
            listener[0].onStateKept(ok, last);
        });
    }

    @Override
    public boolean roomy() {
        return !full && waitingBytes < MAX_WAITING_BYTES;
    }

    @Override
    public EventLog.Reader reader(long position) {
        return disk.log().reader(position);
    }

    @Override
    public long start() {
        return disk.log().start();
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long bytes() {
        return disk.log().bytes();
    }
}
