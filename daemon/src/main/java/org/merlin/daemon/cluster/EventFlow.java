package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/**
 * Events on their way through this daemon: taken once, in order, into the log, and from there to whoever is owed them.
 * Confined to the cluster loop.
 */
final class EventFlow implements Store.Listener {
    private static final long NOTE_NANOS = 1_000_000_000L;

    private final Store store;
    private final Journal journal;
    private final RecentChunks recent = new RecentChunks();
    private final PacketWriter writer = new PacketWriter();
    private final Map<Long, Feed> feeds = new LinkedHashMap<>();
    private final Map<StreamId, Long> received = new HashMap<>();
    private final Map<StreamId, Long> durable = new HashMap<>();
    private final Deque<Waiting> appending = new ArrayDeque<>();
    private final Deque<Waiting> syncing = new ArrayDeque<>();
    private final Map<Source, Set<StreamId>> turnedAway = new LinkedHashMap<>();
    private final Set<Feed> ready = new LinkedHashSet<>();
    private final Set<Feed> behindTheLog = new LinkedHashSet<>();
    private long end;
    private long eventsTaken;
    private long duplicates;
    private long gaps;
    private long notedNanos;

    /** A record that is not on the disk yet; without chunk and source it is a note. */
    private record Waiting(Optional<Chunk> chunk, Optional<Source> source) {}

    EventFlow(Store store, Journal journal) {
        this.store = store;
        this.journal = journal;
        this.end = store.end();
    }

    /** Adds somebody who is owed events; before {@link #recover}. */
    Feed subscribe(Subscriber subscriber) {
        Feed feed = new Feed(subscriber, store, recent, writer, () -> end);
        feeds.put(subscriber.id(), feed);
        return feed;
    }

    /** Rebuilds marks and cursors from the log. Reads all of it, twice; before anything else happens. */
    void recover(LongSupplier wallMicros) {
        long begun = wallMicros.getAsLong();
        Map<Long, Map<StreamId, Long>> acknowledged = new HashMap<>();
        long records = 0;
        long events = 0;
        try (EventLog.Reader log = store.reader(store.start())) {
            while (log.next()) {
                records++;
                events += log.events();
                ByteBuffer record = log.record();
                if (LogRecord.kind(record) == LogRecord.CHUNK) {
                    Chunk chunk = LogRecord.readChunk(record);
                    received.merge(chunk.stream(), chunk.upTo(), Math::max);
                } else if (LogRecord.kind(record) == LogRecord.ACKNOWLEDGED) {
                    Map<StreamId, Long> marks =
                            acknowledged.computeIfAbsent(LogRecord.subscriber(record), any -> new HashMap<>());
                    LogRecord.readMarks(record).marks().forEach(mark -> marks.put(mark.stream(), mark.sequence()));
                }
            }
        }
        durable.putAll(received);
        feeds.forEach((id, feed) -> recoverFeed(feed, acknowledged.getOrDefault(id, Map.of())));
        journal.info(LogEvent.LOG_READ, events, records, (wallMicros.getAsLong() - begun) / 1000);
    }

    private void recoverFeed(Feed feed, Map<StreamId, Long> marks) {
        long position = -1;
        long events = 0;
        long bytes = 0;
        try (EventLog.Reader log = store.reader(store.start())) {
            while (log.next()) {
                if (LogRecord.kind(log.record()) != LogRecord.CHUNK) {
                    continue;
                }
                LoggedChunk chunk = new LoggedChunk(log.position(), LogRecord.readChunk(log.record()));
                LoggedChunk.Owed owed = chunk.owed(feed.subscriber());
                if (owed.events() > 0 && chunk.chunk().upTo() > marks.getOrDefault(chunk.chunk().stream(), 0L)) {
                    position = position < 0 ? chunk.position() : position;
                    events += owed.events();
                    bytes += owed.bytes();
                }
            }
        }
        feed.recovered(marks, position < 0 ? store.end() : position, events, bytes);
    }

    /** What is on our disk, for a source that connects: all streams that come from it. */
    List<Mark> durableMarks(Predicate<StreamId> of) {
        List<Mark> marks = new ArrayList<>();
        durable.forEach((stream, sequence) -> {
            if (of.test(stream)) {
                marks.add(new Mark(stream, sequence));
            }
        });
        return marks;
    }

    /** Takes a chunk from a source that may bring its stream. */
    void take(Chunk chunk, Source source) {
        StreamId stream = chunk.stream();
        long mark = received.getOrDefault(stream, 0L);
        if (chunk.upTo() <= mark) {
            duplicates += chunk.count();
            source.acknowledge(new Mark(stream, durable.getOrDefault(stream, 0L)));
            return;
        }
        if (!store.roomy()) {
            turnedAway.computeIfAbsent(source, any -> new LinkedHashSet<>()).add(stream);
            return;
        }
        if (chunk.after() > mark) {
            journal.info(LogEvent.WENT_BACK, source.name(), stream, mark);
            source.askAgain(new Mark(stream, mark));
            return;
        }
        Chunk fresh = fresh(chunk, mark);
        duplicates += chunk.count() - fresh.count();
        if (fresh.lost()) {
            gaps += fresh.upTo() - fresh.after();
            journal.warnLimited(
                    LogEvent.GAP, source.name(), fresh.upTo() - fresh.after(), stream, fresh.after(), fresh.upTo());
        }
        received.put(stream, chunk.upTo());
        eventsTaken += fresh.count();
        appending.add(new Waiting(Optional.of(fresh), Optional.of(source)));
        store.append(LogRecord.chunk(fresh), fresh.count());
        deliver(new LoggedChunk(end, fresh));
    }

    /** Sends at once: what waits for our log can be had from its source again until we acknowledge it. */
    private void deliver(LoggedChunk taken) {
        end = taken.end();
        recent.add(taken);
        for (Feed feed : feeds.values()) {
            feed.onTaken(taken);
            pump(feed);
        }
        release();
    }

    private static Chunk fresh(Chunk chunk, long mark) {
        if (chunk.lost()) {
            return Chunk.lost(chunk.stream(), mark, chunk.upTo());
        }
        return chunk.after() == mark ? chunk : chunk.only(mark, any -> true);
    }

    @Override
    public void onAppended(long position, long nowNanos) {
        syncing.add(appending.remove());
        if (!behindTheLog.isEmpty()) {
            List<Feed> now = List.copyOf(behindTheLog);
            behindTheLog.clear();
            now.forEach(this::pump);
            release();
        }
    }

    @Override
    public void onSynced(int records, long nowNanos) {
        Map<StreamId, Source> moved = new LinkedHashMap<>();
        for (int i = 0; i < records; i++) {
            Waiting waiting = syncing.remove();
            waiting.chunk().ifPresent(chunk -> {
                durable.merge(chunk.stream(), chunk.upTo(), Math::max);
                moved.put(chunk.stream(), waiting.source().orElseThrow());
            });
        }
        moved.forEach((stream, source) -> source.acknowledge(new Mark(stream, durable.get(stream))));
    }

    @Override
    public void onRoom(boolean roomy, long nowNanos) {
        if (roomy) {
            Map<Source, Set<StreamId>> waiting = new LinkedHashMap<>(turnedAway);
            turnedAway.clear();
            waiting.forEach((source, streams) ->
                    streams.forEach(stream -> source.askAgain(new Mark(stream, received.getOrDefault(stream, 0L)))));
        }
    }

    private void pump(Feed feed) {
        if (feed.pump()) {
            ready.add(feed);
        } else if (feed.awaitsLog()) {
            behindTheLog.add(feed);
        }
    }

    /** Sends to a subscriber what its link takes now. */
    void onWritable(Feed feed) {
        pump(feed);
        release();
    }

    private void release() {
        long needed = Long.MAX_VALUE;
        for (Feed feed : feeds.values()) {
            needed = Math.min(needed, feed.needsFrom());
        }
        recent.release(needed);
    }

    /** Goes on where a turn's bound stopped; returns whether there is still more to do at once. */
    boolean onTurn() {
        List<Feed> now = List.copyOf(ready);
        ready.clear();
        now.forEach(this::pump);
        release();
        return !ready.isEmpty();
    }

    /** Notes now and then in the log what subscribers have acknowledged, so that a restarted daemon knows. */
    void onTick(long nowNanos) {
        if (nowNanos - notedNanos < NOTE_NANOS || !store.roomy()) {
            return;
        }
        notedNanos = nowNanos;
        for (Feed feed : feeds.values()) {
            if (feed.takeNoteDue()) {
                Marks marks = new Marks(Marks.Kind.ALL, feed.acknowledged());
                appending.add(new Waiting(Optional.empty(), Optional.empty()));
                store.append(LogRecord.acknowledged(feed.subscriber().id(), marks), 0);
            }
        }
    }

    /** Events taken from all sources since the start of the daemon. */
    long eventsTaken() {
        return eventsTaken;
    }

    /** Events that came a second time and were dropped, since the start. */
    long duplicates() {
        return duplicates;
    }

    /** Events that were named as lost by their sender, since the start. */
    long gaps() {
        return gaps;
    }
}
