package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.daemon.state.StateTable;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.KnownEpochs;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/**
 * Events on their way through this daemon: taken once, in order, into the log, and from there to whoever is owed them.
 * Confined to the cluster loop.
 */
final class EventFlow implements Store.Listener, PassingOn.Sources {
    private static final long NOTE_NANOS = 1_000_000_000L;
    private static final int NOTED_MARKS = 5_000;

    private final Store store;
    private final Journal journal;
    private final RecentChunks recent = new RecentChunks();
    private final PacketWriter writer = new PacketWriter();
    private final PacketCursor item = new PacketCursor();
    private final Map<Long, Feed> feeds = new LinkedHashMap<>();
    private final Map<StreamId, Long> received = new HashMap<>();
    private final Map<StreamId, Long> durable = new HashMap<>();
    private final KnownEpochs epochs = new KnownEpochs();
    private final Deque<Waiting> appending = new ArrayDeque<>();
    private final Deque<Waiting> syncing = new ArrayDeque<>();
    private final Map<Source, Set<StreamId>> turnedAway = new LinkedHashMap<>();
    private final Map<StreamId, Asked> asked = new HashMap<>();
    private final Map<Long, String> lastBrought = new HashMap<>();
    private final StreamIndex index = new StreamIndex();
    private final StateKeeper state;
    private final Set<Feed> ready = new LinkedHashSet<>();
    private final Set<Feed> behindTheLog = new LinkedHashSet<>();
    private long end;
    private final LogKeeper keeper;
    private long eventsTaken;
    private long duplicates;
    private long gaps;
    private long notedNanos;
    private long tickNanos;

    private final Feed.Taken takenForFeeds = new Feed.Taken() {
        @Override
        public long end() {
            return end;
        }

        @Override
        public long neededFrom(Subscriber subscriber, Map<StreamId, Long> marks) {
            return EventFlow.this.neededFrom(subscriber, marks);
        }

        @Override
        public Map<StreamId, Long> marks() {
            return received;
        }
    };

    /** That a source was asked to go back to a mark, and when. */
    private record Asked(long mark, Source source, long nanos) {}

    /** A record that is not on the disk yet; without chunk and source it is a note. */
    private record Waiting(Optional<Chunk> chunk, Optional<Source> source) {}

    EventFlow(Store store, long logMaxBytes, Journal journal) {
        this(store, logMaxBytes, () -> Long.MAX_VALUE, journal);
    }

    /** {@code othersNeed}: lowest position that may be needed though no subscriber is owed it. */
    EventFlow(Store store, long logMaxBytes, LongSupplier othersNeed, Journal journal) {
        this.store = store;
        this.journal = journal;
        this.end = store.end();
        this.state = new StateKeeper(store, new StateTable(), journal);
        this.keeper = new LogKeeper(store, logMaxBytes, othersNeed, state, this::checkpoint, journal);
    }

    /** Adds somebody who is owed events; before {@link #recover}. */
    Feed subscribe(Subscriber subscriber, String name, MerlinConf.Backlog bounds) {
        Feed feed = new Feed(subscriber, store, recent, writer, takenForFeeds);
        feeds.put(subscriber.id(), feed);
        keeper.keep(feed, name, bounds);
        return feed;
    }

    /** Adds somebody who is owed events from about now on; while running. */
    Feed join(Subscriber subscriber, String name, MerlinConf.Backlog bounds) {
        Feed feed = subscribe(subscriber, name, bounds);
        feed.begin(keeper.recent());
        return feed;
    }

    /** Somebody is owed nothing any more, now or later. */
    void leave(Feed feed) {
        feed.close();
        feeds.remove(feed.subscriber().id());
        ready.remove(feed);
        behindTheLog.remove(feed);
        keeper.forget(feed);
        release();
    }

    /** Keeps log and backlogs within other bounds. */
    void bounds(long logMaxBytes, Map<Feed, MerlinConf.Backlog> bounds) {
        keeper.bounds(logMaxBytes, bounds);
    }

    /** Lowest position that may hold what a subscriber with these marks is owed; the end of the log if it has all. */
    private long neededFrom(Subscriber subscriber, Map<StreamId, Long> marks) {
        long from = end;
        for (Map.Entry<StreamId, Long> stream : received.entrySet()) {
            long mark = marks.getOrDefault(stream.getKey(), 0L);
            if (stream.getValue() > mark && subscriber.entitled(stream.getKey())) {
                from = Math.min(from, index.positionAbove(stream.getKey(), mark));
            }
        }
        return Math.max(from, store.start());
    }

    /**
     * Lowest position of what a neighbour that is there may come to need of others' streams; the end of the log if it has all.
     *
     * @param passable whether we could pass an origin's events on to it
     */
    long mayNeedFrom(Feed feed, LongPredicate passable) {
        long from = end;
        for (Map.Entry<StreamId, Long> stream : received.entrySet()) {
            long mark = feed.acknowledged(stream.getKey());
            if (stream.getValue() > mark
                    && index.knows(stream.getKey())
                    && passable.test(stream.getKey().origin())) {
                from = Math.min(from, index.positionAbove(stream.getKey(), mark));
            }
        }
        return from;
    }

    /** A subscriber is owed other streams than before. */
    void onEntitled(Feed feed) {
        feed.onEntitled();
        onWritable(feed);
    }

    @Override
    public Collection<Long> origins() {
        Set<Long> origins = new LinkedHashSet<>();
        received.keySet().forEach(stream -> origins.add(stream.origin()));
        return origins;
    }

    @Override
    public String lastBrought(long origin) {
        return lastBrought.getOrDefault(origin, "");
    }

    /**
     * Rebuilds marks and cursors from the last checkpoint and what the log has above it, and the state table; before anything else
     * happens.
     *
     * @return whether the state table is whole
     */
    boolean recover(LongSupplier wallMicros) {
        long begun = wallMicros.getAsLong();
        LogStart start = new LogStart(store, journal);
        LogStart.Known known = start.read();
        received.putAll(known.marks());
        known.marks().keySet().forEach(stream -> epochs.add(stream).forEach(received::remove));
        durable.putAll(received);
        end = store.end();
        feeds.values().forEach(feed -> start.recover(feed));
        boolean whole = state.recover();
        journal.info(LogEvent.LOG_READ, known.events(), known.records(), (wallMicros.getAsLong() - begun) / 1000);
        return whole;
    }

    /** Whether any stream was ever taken. */
    boolean knowsNothing() {
        return received.isEmpty();
    }

    /** Whether so many newer epochs of its origin are known that nothing of a stream is taken any more. */
    boolean isOver(StreamId stream) {
        return epochs.isOver(stream);
    }

    /** How far a stream was taken, whether it is on our disk yet or not; 0 if nothing of it was. */
    long mark(StreamId stream) {
        return received.getOrDefault(stream, 0L);
    }

    StateTable state() {
        return state.table();
    }

    /** Drops what a subscriber is owed and what happened before a time; tells whether that is finished, within seconds. */
    void drop(Feed feed, long sinceMicros, Consumer<Boolean> answer) {
        keeper.drop(feed, sinceMicros, answer);
    }

    /** Where everything stands that is in the log now; what waits for the log is left out. */
    Checkpoint checkpoint() {
        Map<StreamId, Long> appended = new HashMap<>(durable);
        syncing.forEach(
                waiting -> waiting.chunk().ifPresent(chunk -> appended.merge(chunk.stream(), chunk.upTo(), Math::max)));
        List<Mark> marks = new ArrayList<>();
        appended.forEach((stream, sequence) -> marks.add(new Mark(stream, sequence)));
        List<LoggedChunk> pending = new ArrayList<>();
        appending.forEach(waiting -> waiting.chunk().ifPresent(chunk -> pending.add(new LoggedChunk(0, chunk))));
        List<Checkpoint.Cursor> cursors = feeds.values().stream()
                .map(feed -> feed.cursor(store.end(), pending, stream -> !epochs.isOver(stream)))
                .toList();
        return new Checkpoint(store.end(), marks, cursors);
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
        if (mark == 0 && epochs.isOver(stream)) {
            duplicates += chunk.count();
            source.acknowledge(new Mark(stream, chunk.upTo()));
            return;
        }
        if (!store.roomy()) {
            turnedAway.computeIfAbsent(source, any -> new LinkedHashSet<>()).add(stream);
            return;
        }
        if (chunk.after() > mark) {
            askAgain(stream, mark, source);
            return;
        }
        Chunk fresh = fresh(chunk, mark);
        duplicates += chunk.count() - fresh.count();
        state.onTaken(fresh);
        if (fresh.lost() && !(fresh.byState() && mark == 0)) {
            gaps += fresh.upTo() - fresh.after();
            journal.warnLimited(
                    LogEvent.GAP, source.name(), fresh.upTo() - fresh.after(), stream, fresh.after(), fresh.upTo());
        }
        if (received.put(stream, chunk.upTo()) == null) {
            epochs.add(stream).forEach(this::forget);
        }
        lastBrought.put(stream.origin(), source.name());
        eventsTaken += fresh.count();
        appending.add(new Waiting(Optional.of(fresh), Optional.of(source)));
        store.append(LogRecord.chunk(fresh), fresh.count());
        LoggedChunk taken = new LoggedChunk(end, fresh);
        index.add(taken, mark);
        deliver(taken);
    }

    /**
     * Takes items of a neighbour's state table. What is new goes into the log as well, before the gap that it stands for can be passed:
     * else who is killed before the table is in its file would have neither.
     *
     * @param items of which all may come from that neighbour
     */
    void takeItems(Chunk items) {
        ByteBuffer in = items.packets();
        ByteBuffer news = ByteBuffer.allocate(in.remaining());
        int count = 0;
        while (Chunk.nextTrusted(item, in)) {
            if (state.table().take(item)) {
                news.put(item.packet());
                count++;
            }
        }
        if (count == 0) {
            return;
        }
        boolean roomy = store.roomy();
        state.onItems(news.flip().remaining(), roomy);
        if (roomy) {
            appending.add(new Waiting(Optional.empty(), Optional.empty()));
            store.append(LogRecord.chunk(Chunk.items(count, news)), 0);
        }
    }

    /** An epoch is over: what still comes of it was there already. */
    private void forget(StreamId stream) {
        received.remove(stream);
        durable.remove(stream);
        asked.remove(stream);
        index.forget(stream);
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

    /** Once a second for one mark: all that was on its way behind what is missing comes as well, and says nothing new. */
    private void askAgain(StreamId stream, long mark, Source source) {
        Asked last = asked.get(stream);
        if (last == null || last.mark != mark || last.source != source || tickNanos - last.nanos >= NOTE_NANOS) {
            journal.info(LogEvent.WENT_BACK, source.name(), stream, mark);
            goBack(stream, mark, source);
        }
    }

    /** Asks a source to repeat a stream from a mark. */
    void goBack(StreamId stream, long mark, Source source) {
        asked.put(stream, new Asked(mark, source, tickNanos));
        source.askAgain(new Mark(stream, mark));
    }

    private static Chunk fresh(Chunk chunk, long mark) {
        if (chunk.lost()) {
            return chunk.byState()
                    ? Chunk.lostByState(chunk.stream(), mark, chunk.upTo())
                    : Chunk.lost(chunk.stream(), mark, chunk.upTo());
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
        Map<StreamId, Mark> moved = new LinkedHashMap<>();
        Map<StreamId, Source> sources = new HashMap<>();
        for (int i = 0; i < records; i++) {
            Waiting waiting = syncing.remove();
            waiting.chunk().ifPresent(chunk -> {
                if (received.containsKey(chunk.stream())) {
                    durable.put(chunk.stream(), chunk.upTo());
                }
                moved.put(chunk.stream(), new Mark(chunk.stream(), chunk.upTo()));
                sources.put(chunk.stream(), waiting.source().orElseThrow());
            });
        }
        moved.forEach((stream, mark) -> sources.get(stream).acknowledge(mark));
    }

    @Override
    public void onCheckpoint(long nowNanos) {
        keeper.onCheckpoint();
    }

    @Override
    public void onStateKept(boolean ok, boolean last) {
        state.onKept(ok, last);
    }

    @Override
    public void onRoom(boolean roomy, long nowNanos) {
        if (roomy) {
            Map<Source, Set<StreamId>> waiting = new LinkedHashMap<>(turnedAway);
            turnedAway.clear();
            waiting.forEach((source, streams) ->
                    streams.forEach(stream -> goBack(stream, received.getOrDefault(stream, 0L), source)));
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
        boolean more = keeper.onTurn();
        release();
        return more || !ready.isEmpty();
    }

    /** Notes now and then in the log what subscribers have acknowledged, so that a restarted daemon knows. */
    void onTick(long nowNanos, long nowMicros) {
        tickNanos = nowNanos;
        state.onTick(nowNanos, nowMicros);
        keeper.onTick(nowNanos, nowMicros);
        if (nowNanos - notedNanos < NOTE_NANOS || !store.roomy()) {
            return;
        }
        notedNanos = nowNanos;
        for (Feed feed : feeds.values()) {
            List<Mark> moved = feed.takeMoved();
            for (int from = 0; from < moved.size(); from += NOTED_MARKS) {
                Marks marks = new Marks(
                        Marks.Kind.ACKNOWLEDGED, moved.subList(from, Math.min(moved.size(), from + NOTED_MARKS)));
                appending.add(new Waiting(Optional.empty(), Optional.empty()));
                store.append(LogRecord.acknowledged(feed.subscriber().id(), marks), 0);
            }
        }
    }

    /**
     * What is held in memory, for whoever watches its bounds.
     *
     * @param recentChunks chunks that some link has still to send
     * @param recentBytes the same in bytes
     * @param unsynced records that are not on the disk yet
     */
    record Load(int recentChunks, long recentBytes, int unsynced) {}

    Load load() {
        return new Load((int) (recent.end() - recent.first()), recent.bytes(), appending.size() + syncing.size());
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
