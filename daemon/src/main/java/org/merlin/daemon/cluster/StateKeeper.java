package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.daemon.state.StateFormat;
import org.merlin.daemon.state.StateTable;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * The state table over restarts: a file that is written in small parts while the table goes on changing, and what the log has from
 * the position on at which that began. The log keeps what lies above the last whole one. Confined to the cluster loop.
 */
final class StateKeeper {
    private static final int PART_BYTES = 256 << 10;
    private static final int PART_SLOTS = 4_000;
    /** Of the log, at least, between two files: a start reads as much in a tenth of a second. */
    private static final long EVERY_BYTES = 16L << 20;

    private static final long EVERY_NANOS = 600_000_000_000L;
    private static final long FIRST_NANOS = 10_000_000_000L;
    /** Left free on the disk beside the file: on a full one it is what lets the log delete, and make room. */
    private static final long SPARE_BYTES = 64L << 10;

    private final Store store;
    private final StateTable table;
    private final Journal journal;
    private Optional<StateTable.Walk> walk = Optional.empty();
    private boolean awaits;
    private boolean hurry;
    private long begunPosition;
    private long keptPosition;
    private boolean kept;
    private long takenBytes;
    private long begunTakenBytes;
    private long begunNanos;
    private boolean ticked;

    StateKeeper(Store store, StateTable table, Journal journal) {
        this.store = store;
        this.table = table;
        this.journal = journal;
    }

    /**
     * Reads the file, and of the log what lies above; before anything else happens.
     *
     * @return whether that is all there is: not where the file is damaged, or older than what the log still has, and the log has forgotten its
     *     beginning
     */
    boolean recover() {
        Optional<ByteBuffer> file = store.lastState();
        keptPosition = store.start();
        boolean whole = file.isPresent() || store.start() == 0;
        if (file.isPresent()) {
            try {
                long position = StateFormat.read(file.get(), table);
                kept = position <= store.end();
                whole = position >= store.start();
                keptPosition = Math.max(store.start(), Math.min(position, store.end()));
            } catch (MalformedPacketException e) {
                journal.warn(LogEvent.STATE_BAD, e.getMessage());
                whole = store.start() == 0;
            }
        }
        try (EventLog.Reader log = store.reader(keptPosition)) {
            while (log.next()) {
                int kind = LogRecord.kind(log.record());
                if (kind == LogRecord.CHUNK || kind == LogRecord.ITEMS) {
                    onTaken(LogRecord.readChunk(log.record()));
                }
            }
        }
        begunPosition = keptPosition;
        return whole;
    }

    /** A chunk is on its way into the log. */
    void onTaken(Chunk chunk) {
        table.take(chunk);
        takenBytes += chunk.recordBytes();
    }

    /** Items of a neighbour's table were taken; {@code inLog} if the log has them, else only the file can keep them. */
    void onItems(int bytes, boolean inLog) {
        takenBytes += bytes;
        hurry |= !inLog;
    }

    StateTable table() {
        return table;
    }

    /** What lies below this position of the log is in the file. */
    long keptFrom() {
        return keptPosition;
    }

    /** The log wants to delete what lies below a position: to be written as fast as it goes. */
    void want(long position) {
        hurry |= position > keptPosition;
    }

    void onTick(long nowNanos, long nowMicros) {
        if (!ticked) {
            ticked = true;
            begunNanos = nowNanos - EVERY_NANOS + FIRST_NANOS; // where no file is yet the log keeps everything
        }
        if (walk.isEmpty() && isDue(nowNanos)) {
            begin(nowNanos, nowMicros);
        }
        step();
    }

    private boolean isDue(long nowNanos) {
        if (store.end() == begunPosition && kept || store.usableBytes() < table.bytes() + SPARE_BYTES) {
            return false;
        }
        return hurry
                || nowNanos - begunNanos >= EVERY_NANOS
                || takenBytes - begunTakenBytes >= Math.max(EVERY_BYTES, table.bytes() / 2);
    }

    private void begin(long nowNanos, long nowMicros) {
        table.forgetOver(nowMicros);
        walk = Optional.of(table.walk(any -> true));
        begunPosition = store.end();
        begunTakenBytes = takenBytes;
        begunNanos = nowNanos;
        awaits = true;
        store.keepState(StateFormat.header(begunPosition), true, false);
    }

    /** One part a tick, so that a large table costs neither the loop nor the disk much; all of it in a hurry. */
    private void step() {
        if (walk.isEmpty() || awaits) {
            return;
        }
        awaits = true;
        Optional<Chunk> part = walk.get().next(PART_BYTES, PART_SLOTS);
        while (part.isPresent() && part.get().count() == 0) {
            part = walk.get().next(PART_BYTES, PART_SLOTS);
        }
        if (part.isPresent()) {
            store.keepState(StateFormat.part(part.get()), false, false);
        } else {
            store.keepState(StateFormat.end(walk.get().met()), false, true);
        }
    }

    /** A part is in the file, or with the last one the file is whole and in its place; or the disk did not take it. */
    void onKept(boolean ok, boolean last) {
        awaits = false;
        if (!ok || last) {
            walk = Optional.empty();
        }
        if (last && ok) {
            kept = true;
            keptPosition = begunPosition;
            hurry = false;
        }
        if (hurry) {
            step();
        }
    }
}
