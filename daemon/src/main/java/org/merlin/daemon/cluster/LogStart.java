package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.StreamId;

/**
 * What a daemon finds of its former run: the last checkpoint, and what the log has above it. Used once, before anything else
 * happens; confined to the thread that starts the daemon.
 */
final class LogStart {
    private final Store store;
    private final Journal journal;
    private final Map<Long, Checkpoint.Cursor> cursors = new HashMap<>();
    private final Map<Long, Map<StreamId, Long>> acknowledgedSince = new HashMap<>();
    private long position;

    /** Marks of all streams, and how much was read for them. */
    record Known(Map<StreamId, Long> marks, long events, long records) {}

    LogStart(Store store, Journal journal) {
        this.store = store;
        this.journal = journal;
    }

    /** Reads checkpoint and log. */
    Known read() {
        Checkpoint last = lastCheckpoint();
        if (last.position() > store.end()) {
            journal.warn(LogEvent.LOG_CUT, store.end(), last.position(), last.position() - store.end());
            store.leap(last.position()); // its positions are known to cursors, and perhaps to others
        }
        position = Math.max(last.position(), store.start());
        last.cursors().forEach(cursor -> cursors.put(cursor.subscriber(), cursor));
        Map<StreamId, Long> marks = new HashMap<>();
        last.marks().forEach(mark -> marks.put(mark.stream(), mark.sequence()));
        long records = 0;
        long events = 0;
        try (EventLog.Reader log = store.reader(position)) {
            while (log.next()) {
                records++;
                events += log.events();
                ByteBuffer record = log.record();
                if (LogRecord.kind(record) == LogRecord.CHUNK) {
                    Chunk chunk = LogRecord.readChunk(record);
                    marks.merge(chunk.stream(), chunk.upTo(), Math::max);
                } else if (LogRecord.kind(record) == LogRecord.ACKNOWLEDGED) {
                    Map<StreamId, Long> of =
                            acknowledgedSince.computeIfAbsent(LogRecord.subscriber(record), any -> new HashMap<>());
                    LogRecord.readMarks(record).marks().forEach(mark -> of.put(mark.stream(), mark.sequence()));
                }
            }
        }
        return new Known(marks, events, records);
    }

    private Checkpoint lastCheckpoint() {
        Optional<ByteBuffer> content = store.lastCheckpoint();
        try {
            return content.isEmpty() ? Checkpoint.NONE : Checkpoint.decode(content.get());
        } catch (MalformedPacketException e) {
            journal.warn(LogEvent.CHECKPOINT_BAD, e.getMessage());
            return Checkpoint.NONE;
        }
    }

    /** Tells a feed where it stands; after {@link #read}. */
    void recover(Feed feed) {
        long id = feed.subscriber().id();
        Map<StreamId, Long> since = acknowledgedSince.getOrDefault(id, Map.of());
        Checkpoint.Cursor known = cursors.get(id);
        if (known == null) {
            if (since.isEmpty() && store.start() > 0) {
                feed.unknownBefore();
            }
            Checkpoint.Cursor first = new Checkpoint.Cursor(id, store.start(), 0, 0, 0, List.of(), List.of());
            feed.recovered(owed(feed.subscriber(), first, since, store.start()));
            return;
        }
        Map<StreamId, Long> acknowledged = new HashMap<>();
        known.acknowledged().forEach(mark -> acknowledged.put(mark.stream(), mark.sequence()));
        boolean moved =
                since.entrySet().stream().anyMatch(entry -> !entry.getValue().equals(acknowledged.get(entry.getKey())));
        acknowledged.putAll(since);
        feed.recovered(owed(feed.subscriber(), known, acknowledged, moved ? known.position() : position));
    }

    /** Counts what a subscriber is owed from a position on, beside what its cursor counted up to there. */
    private Checkpoint.Cursor owed(
            Subscriber subscriber, Checkpoint.Cursor known, Map<StreamId, Long> acknowledged, long from) {
        boolean anew = from <= known.position();
        long first = anew ? -1 : known.position();
        long events = anew ? 0 : known.events();
        long bytes = anew ? 0 : known.bytes();
        try (EventLog.Reader log = store.reader(from)) {
            while (log.next()) {
                if (LogRecord.kind(log.record()) != LogRecord.CHUNK) {
                    continue;
                }
                LoggedChunk logged = new LoggedChunk(log.position(), LogRecord.readChunk(log.record()));
                Chunk chunk = logged.chunk();
                LoggedChunk.Owed owed = logged.owed(subscriber);
                boolean news = chunk.upTo() > acknowledged.getOrDefault(chunk.stream(), 0L);
                if (news && (owed.events() > 0 || chunk.lost() && subscriber.entitled(chunk.stream()))) {
                    first = first < 0 ? logged.position() : first;
                    events += owed.events();
                    bytes += owed.bytes();
                }
            }
        }
        List<Mark> marks = acknowledged.entrySet().stream()
                .map(entry -> new Mark(entry.getKey(), entry.getValue()))
                .toList();
        return new Checkpoint.Cursor(
                known.subscriber(),
                first < 0 ? store.end() : first,
                events,
                bytes,
                known.dropped(),
                marks,
                known.gaps());
    }
}
