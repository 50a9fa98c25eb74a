package org.merlin.daemon.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.memory.MemoryEventLog;

/** A log whose thread works when the test says so. It survives its listener. */
final class DirectStore implements Store {
    private MemoryEventLog log = new MemoryEventLog();
    private Optional<ByteBuffer> checkpoint = Optional.empty();
    private Optional<ByteBuffer> state = Optional.empty();
    private final ByteArrayOutputStream stateBytes = new ByteArrayOutputStream();
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private final Deque<Integer> counts = new ArrayDeque<>();
    private Listener listener;
    private boolean diskTakesCheckpoints = true;
    private long usable = Long.MAX_VALUE;

    /** A new process: what the one before had not appended is gone. */
    void listener(Listener who) {
        waiting.clear();
        counts.clear();
        listener = who;
    }

    void usable(long bytes) {
        usable = bytes;
    }

    /** Whether checkpoints are kept, or lost with the process before they are on the disk. */
    void takeCheckpoints(boolean yes) {
        diskTakesCheckpoints = yes;
    }

    @Override
    public void append(ByteBuffer record, int events) {
        waiting.add(record);
        counts.add(events);
    }

    /** The log is damaged: it is as it was before anything was written, the checkpoint stays. */
    void loseTheLog() {
        log = new MemoryEventLog();
    }

    /** Somebody puts back a file of before. */
    void state(Optional<ByteBuffer> before) {
        state = before;
    }

    /** A byte of the kept state table has changed on the disk. */
    void damageState() {
        ByteBuffer kept = state.orElseThrow();
        kept.put(kept.limit() / 2, (byte) (kept.get(kept.limit() / 2) + 1));
    }

    /** How many records wait to be appended. */
    int waiting() {
        return waiting.size();
    }

    /** Appends and syncs some of what waits. */
    void work(int records) {
        for (int i = 0; i < records && !waiting.isEmpty(); i++) {
            listener.onAppended(log.append(waiting.remove(), counts.remove()), 0);
            listener.onSynced(1, 0);
        }
    }

    @Override
    public void checkpoint(ByteBuffer content, long discardBelow) {
        if (diskTakesCheckpoints) {
            checkpoint = Optional.of(content);
            log.discard(discardBelow);
        }
        listener.onCheckpoint(0);
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
        return log.end();
    }

    @Override
    public long bytes() {
        return log.bytes();
    }

    @Override
    public void leap(long position) {
        log.leap(position);
    }

    @Override
    public long startWithin(long maxBytes) {
        return log.startWithin(maxBytes);
    }

    @Override
    public long usableBytes() {
        return usable;
    }

    @Override
    public Optional<ByteBuffer> lastCheckpoint() {
        return checkpoint;
    }

    @Override
    public Optional<ByteBuffer> lastState() {
        return state;
    }

    @Override
    public void keepState(ByteBuffer bytes, boolean first, boolean last) {
        if (first) {
            stateBytes.reset();
        }
        stateBytes.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        if (last) {
            state = Optional.of(ByteBuffer.wrap(stateBytes.toByteArray()));
        }
        listener.onStateKept(true, last);
    }
}
