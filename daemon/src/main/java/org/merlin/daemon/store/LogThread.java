package org.merlin.daemon.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogFullException;
import org.merlin.daemon.cluster.Store;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.time.NanoClock;

/**
 * The event log's own thread: appends what the loop hands over, forces it to the disk every 10 ms, and answers on the loop.
 * Appends stall for tens of milliseconds now and then; here they hold nobody. What waits is bounded by the loop, which stops
 * taking events while {@link #roomy()} is false.
 */
public final class LogThread implements Store, AutoCloseable {
    private static final long SYNC_NANOS = 10_000_000L;
    /** While there is work the thread looks for more so often by itself: to wake it each time costs more than the work. */
    private static final long REST_NANOS = 3_000_000L;
    /** So much waiting wakes it before. */
    private static final long WAKE_BYTES = 256 << 10;

    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final long MAX_WAITING_BYTES = 16 << 20;

    private final EventLog log;
    private final CheckpointFile checkpoints;
    private final StateFile states;
    private final Executor files;
    private final Executor loop;
    private final NanoClock clock;
    private final Journal journal;
    private final Runnable onBug;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Queue<Entry> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean idle;
    private Checkpoint checkpoint; // waits to be kept; guarded by the lock, as the queue is
    private boolean closing;
    private boolean checkpointFailed; // confined to the log's thread

    // confined to the loop
    private Listener listener;
    private long waitingBytes;
    private boolean full;
    private boolean wasRoomy = true;
    private long end;

    private record Entry(ByteBuffer record, int events) {}

    private record Checkpoint(ByteBuffer content, long discardBelow) {}

    private record Appended(long position, int events, int bytes) {}

    /**
     * Starts the thread.
     *
     * @param states written by {@code files}, on one other thread, which may wait for the disk longer than an append may
     * @param loop runs answers on the cluster loop, in order
     * @param onBug called when this thread ends by a fault of ours, so that the daemon ends
     */
    public LogThread(
            EventLog log,
            CheckpointFile checkpoints,
            StateFile states,
            Executor files,
            Executor loop,
            NanoClock clock,
            Journal journal,
            Runnable onBug) {
        this.log = log;
        this.checkpoints = checkpoints;
        this.states = states;
        this.files = files;
        this.loop = loop;
        this.clock = clock;
        this.journal = journal;
        this.onBug = onBug;
        this.end = log.end();
        this.thread = new Thread(this::run, "merlin-log");
        thread.setDaemon(true);
    }

    /** Names who is told, and begins. */
    public void start(Listener who) {
        listener = who;
        thread.start();
    }

    // --- the loop's side --------------------------------------------------------------------------------------------

    @Override
    public void append(ByteBuffer record, int events) {
        waitingBytes += record.remaining();
        tellRoom();
        lock.lock();
        try {
            queue.add(new Entry(record, events));
            queuedBytes += record.remaining();
            if (idle || queuedBytes >= WAKE_BYTES) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean roomy() {
        return !full && waitingBytes < MAX_WAITING_BYTES;
    }

    private void tellRoom() {
        if (roomy() != wasRoomy) {
            wasRoomy = roomy();
            listener.onRoom(wasRoomy, clock.nanos());
        }
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
        return checkpoints.usableBytes();
    }

    @Override
    public Optional<ByteBuffer> lastCheckpoint() {
        return checkpoints.read();
    }

    @Override
    public void checkpoint(ByteBuffer content, long discardBelow) {
        lock.lock();
        try {
            checkpoint = new Checkpoint(content, discardBelow);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<ByteBuffer> lastState() {
        return states.read();
    }

    @Override
    public void keepState(ByteBuffer bytes, boolean first, boolean last) {
        files.execute(() -> {
            boolean ok = true;
            try {
                states.write(bytes, first, last);
            } catch (IOException e) {
                ok = false;
                journal.warnLimited(LogEvent.STATE_FAILED, e.toString());
            }
            boolean kept = ok;
            loop.execute(() -> listener.onStateKept(kept, last));
        });
    }

    private void answer(List<Appended> batch) {
        for (Appended appended : batch) {
            waitingBytes -= appended.bytes();
            end = appended.position() + appended.events();
            listener.onAppended(appended.position(), clock.nanos());
        }
        tellRoom();
    }

    private void answerSynced(int records) {
        listener.onSynced(records, clock.nanos());
    }

    private void answerFull(boolean isFull, String why) {
        if (isFull && !full) {
            journal.warn(LogEvent.LOG_FULL, why);
        } else if (!isFull && full) {
            journal.info(LogEvent.LOG_ROOM);
        }
        full = isFull;
        tellRoom();
    }

    // --- the log's side ---------------------------------------------------------------------------------------------

    private void run() {
        try {
            int unsynced = 0;
            long syncedNanos = clock.nanos();
            while (true) {
                long toSync = SYNC_NANOS - (clock.nanos() - syncedNanos);
                List<Entry> batch = take(unsynced > 0 ? Math.max(0, Math.min(REST_NANOS, toSync)) : -1);
                if (batch == null) {
                    log.sync();
                    return;
                }
                keepCheckpoint();
                unsynced += append(batch);
                if (unsynced > 0 && clock.nanos() - syncedNanos >= SYNC_NANOS) {
                    log.sync();
                    int records = unsynced;
                    loop.execute(() -> answerSynced(records));
                    unsynced = 0;
                    syncedNanos = clock.nanos();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // the last resort of this loop: the daemon cannot go on without its log
            journal.bug("the event log's thread", e);
            onBug.run();
        }
    }

    /**
     * What is waiting, after a rest; null at the end.
     *
     * @param restNanos how long at most; negative to wait until there is something
     */
    private List<Entry> take(long restNanos) throws InterruptedException {
        lock.lock();
        try {
            idle = restNanos < 0;
            while (idle && queue.isEmpty() && checkpoint == null && !closing) {
                work.await();
            }
            idle = false;
            long left = restNanos;
            while (left > 0 && queuedBytes < WAKE_BYTES && !closing) {
                left = work.awaitNanos(left);
            }
            if (queue.isEmpty() && closing) {
                return null;
            }
            List<Entry> batch = new ArrayList<>(queue);
            queue.clear();
            queuedBytes = 0;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Also while the disk is full: it is what makes room. */
    private void keepCheckpoint() {
        Checkpoint keep;
        lock.lock();
        try {
            keep = checkpoint;
            checkpoint = null;
        } finally {
            lock.unlock();
        }
        if (keep == null) {
            return;
        }
        try {
            log.sync();
            checkpoints.write(keep.content());
            log.discard(keep.discardBelow());
            checkpointFailed = false;
        } catch (IOException e) {
            if (!checkpointFailed) {
                journal.warn(LogEvent.CHECKPOINT_FAILED, e.toString());
            }
            checkpointFailed = true; // told once, until one is kept
        }
        loop.execute(() -> listener.onCheckpoint(clock.nanos()));
    }

    private int append(List<Entry> batch) throws InterruptedException {
        List<Appended> done = new ArrayList<>(batch.size());
        for (Entry entry : batch) {
            int bytes = entry.record().remaining();
            done.add(new Appended(appendWhenThereIsRoom(entry), entry.events(), bytes));
        }
        if (!done.isEmpty()) {
            loop.execute(() -> answer(done));
        }
        return done.size();
    }

    private long appendWhenThereIsRoom(Entry entry) throws InterruptedException {
        boolean told = false;
        while (true) {
            try {
                long position = log.append(entry.record(), entry.events());
                if (told) {
                    loop.execute(() -> answerFull(false, ""));
                }
                return position;
            } catch (LogFullException e) {
                told = true;
                String why = e.getMessage();
                loop.execute(() -> answerFull(true, why));
                waitForRoom();
                keepCheckpoint();
            }
        }
    }

    private void waitForRoom() throws InterruptedException {
        lock.lock();
        try {
            if (closing) {
                throw new InterruptedException("closed while the disk is full");
            }
            if (checkpoint == null) {
                work.awaitNanos(RETRY_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Appends and syncs what is waiting, then closes the log. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            return; // it still appends: to unmap the log under it would end the process
        }
        try {
            log.close();
        } catch (UncheckedIOException e) {
            journal.warn(LogEvent.LOG_FULL, "closing: " + e.getMessage());
        }
    }
}
