package org.merlin.daemon.sink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.cluster.LogTail;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

/**
 * Reads what was not written yet out of the log: each scheduler's run from where it was written to, whatever order runs have in this
 * log. Used by one thread at a time.
 */
final class EventReader implements AutoCloseable {
    /** A portion ends after so many chunks even if all of them are written: whoever reads shows meanwhile that it lives. */
    private static final int CHUNKS = 50_000;

    private final Map<StreamId, Long> written;
    private final EventCodec codec = new EventCodec();
    private final LogTail tail;

    /**
     * A run of which nothing was written before.
     *
     * @param micros when its first event here happened
     * @param again whether an earlier run of the same scheduler is known: then this one is a restart
     */
    record Begun(long micros, boolean again) {}

    /** What was read, and how far that leads. */
    static final class Portion {
        private final List<NamedEvent> events = new ArrayList<>();
        private final Map<StreamId, Long> upTo = new HashMap<>();
        private final Map<StreamId, Begun> begun = new LinkedHashMap<>();
        private long bytes;
        private boolean full = true;
        private long lost;
        private long unreadable;
        private boolean gap;
        private boolean behind;
        private long oldestMicros;
        private long position;

        /** Position of the log behind it. */
        long position() {
            return position;
        }

        List<NamedEvent> events() {
            return events;
        }

        Map<StreamId, Long> upTo() {
            return upTo;
        }

        Map<StreamId, Begun> begun() {
            return begun;
        }

        /** Events that no log has any more. */
        long lost() {
            return lost;
        }

        /** Whether something is missing, so that the present is to be learnt from elsewhere. */
        boolean hasGap() {
            return gap;
        }

        /** Whether this log has nothing any more of what comes next to what was written: another node's may. */
        boolean isBehind() {
            return behind;
        }

        /** Events of a newer version. */
        long unreadable() {
            return unreadable;
        }

        /** Whether there may be more at once. */
        boolean isFull() {
            return full;
        }

        boolean isEmpty() {
            return upTo.isEmpty();
        }

        /** When the first of it happened. */
        long oldestMicros() {
            return oldestMicros;
        }
    }

    /** Begins with the oldest that the log has: where each run is to go on is known only by what was written of it. */
    EventReader(EventLog log, Map<StreamId, Long> written) {
        this.written = new HashMap<>(written);
        this.tail = new LogTail(log, log.start());
    }

    private boolean hadRunBefore(StreamId run) {
        return written.keySet().stream()
                .anyMatch(other -> other.origin() == run.origin() && other.epoch() != run.epoch());
    }

    /** The next events, as many as are there up to either bound; one chunk may go beyond it. None, and more at once, where it still skips. */
    Portion next(int maxEvents, long maxBytes) {
        Portion portion = new Portion();
        for (int chunks = 0;
                portion.events.size() < maxEvents && portion.bytes < maxBytes && chunks < CHUNKS;
                chunks++) {
            Optional<Chunk> chunk = tail.next();
            if (chunk.isEmpty()) {
                portion.full = false;
                break;
            }
            take(chunk.get(), portion);
        }
        portion.position = tail.position();
        return portion;
    }

    private void take(Chunk chunk, Portion portion) {
        long mark = written.getOrDefault(chunk.stream(), 0L);
        if (chunk.upTo() <= mark) {
            return;
        }
        if (chunk.lost()) {
            portion.lost += written.containsKey(chunk.stream()) || !chunk.byState()
                    ? chunk.upTo() - Math.max(mark, chunk.after())
                    : 0;
            portion.gap = true;
        } else if (chunk.after() > mark && mark > 0) {
            portion.lost += chunk.after() - mark;
            portion.gap = true;
            portion.behind = true;
        }
        int known = portion.events.size();
        portion.bytes += chunk.recordBytes();
        ByteBuffer packets = chunk.packets();
        PacketCursor cursor = new PacketCursor();
        while (!chunk.lost() && Chunk.nextTrusted(cursor, packets)) {
            if (cursor.sequence() > mark) {
                decode(cursor, portion);
            }
        }
        if (mark == 0 && portion.events.size() > known) {
            portion.begun.put(
                    chunk.stream(), new Begun(portion.events.get(known).micros(), hadRunBefore(chunk.stream())));
        }
        written.put(chunk.stream(), chunk.upTo());
        portion.upTo.put(chunk.stream(), chunk.upTo());
    }

    private void decode(PacketCursor cursor, Portion portion) {
        Optional<NamedEvent> event = NamedEvent.read(codec, cursor);
        if (event.isEmpty()) {
            portion.unreadable++;
            return;
        }
        portion.oldestMicros = portion.events.isEmpty() ? cursor.timeMicros() : portion.oldestMicros;
        portion.events.add(event.get());
    }

    @Override
    public void close() {
        tail.close();
    }
}
