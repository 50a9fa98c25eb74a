package org.merlin.tests.simulation;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.memory.MemoryEventLog;

/** What survives a daemon: its log and its checkpoint; and of a machine without power, what was synced. */
final class SimulatedDisk {
    private MemoryEventLog log = new MemoryEventLog();
    private Optional<ByteBuffer> checkpoint = Optional.empty();
    private Optional<ByteBuffer> state = Optional.empty();
    private long appended;
    private long synced;
    private long appendNanos;
    private long syncNanos;
    private boolean full;
    private long lost;

    EventLog log() {
        return log;
    }

    Optional<ByteBuffer> checkpoint() {
        return checkpoint;
    }

    Optional<ByteBuffer> state() {
        return state;
    }

    /** The state table is kept as a whole. */
    void keepState(ByteBuffer whole) {
        state = Optional.of(whole);
    }

    /** The newest records of the log are gone. */
    void loseTail(int records) {
        synced = Math.max(0, appended - records);
        losePower();
    }

    /** Each append takes so much longer, and each sync. */
    void slow(long appendBy, long syncBy) {
        appendNanos = appendBy;
        syncNanos = syncBy;
    }

    /** Nothing more fits on it. */
    void full(boolean on) {
        full = on;
    }

    boolean isFull() {
        return full;
    }

    long appendNanos() {
        return appendNanos;
    }

    long syncNanos() {
        return syncNanos;
    }

    long append(ByteBuffer record, int events) {
        appended++;
        return log.append(record, events);
    }

    /** Records appended, ever. */
    long appended() {
        return appended;
    }

    /** All up to this one, by {@link #appended}, are on the disk. */
    void synced(long upTo) {
        synced = Math.max(synced, upTo);
    }

    /** Syncs all, keeps this, and forgets what lies below a position; without room it does neither. */
    void checkpoint(ByteBuffer content, long discardBelow) {
        synced = appended;
        checkpoint = Optional.of(content);
        log.discard(discardBelow);
    }

    /** Power is lost: what was not synced is gone. Returns how many records that are. */
    int losePower() {
        int gone = (int) (appended - synced);
        if (gone > 0) {
            MemoryEventLog kept = new MemoryEventLog();
            kept.leap(log.start());
            int all = count();
            try (EventLog.Reader records = log.reader(log.start())) {
                for (int i = 0; i < all - gone && records.next(); i++) {
                    kept.append(records.record(), records.events());
                }
            }
            log = kept;
            appended = synced;
            lost += gone;
        }
        return gone;
    }

    /** Records that went with the power, ever. */
    long lost() {
        return lost;
    }

    private int count() {
        int count = 0;
        try (EventLog.Reader records = log.reader(log.start())) {
            while (records.next()) {
                count++;
            }
        }
        return count;
    }
}
