package org.merlin.daemon.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.cluster.Checkpoint.Gap;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/**
 * What one subscriber is owed of the event log: a cursor that stands still while it is away. Sends from memory what it can,
 * from the log what it must, in the log's order, above the subscriber's marks. Confined to the cluster loop.
 */
final class Feed {
    /** Chunks sent and not yet acknowledged; at the bound sending waits for acknowledgements. */
    static final int MAX_IN_FLIGHT = 4096;
    /** The same in bytes: enough for the time between two syncs at the other side, less than what it lets wait for its log. */
    static final long MAX_IN_FLIGHT_BYTES = 8 << 20;
    /** Bytes of records looked at in one turn, so that pulses and other links get theirs. */
    static final int TURN_BYTES = 512 * 1024;
    /** Records looked at to tell how old the oldest owed event is. */
    private static final int LOOK_AHEAD_RECORDS = 2000;

    /** Counted anew at once: more would hold the loop, and is counted right when all of it is sent. */
    private static final long RECOUNT_EVENTS = 100_000;

    private final Subscriber subscriber;
    private final Store store;
    private final RecentChunks recent;
    private final PacketWriter writer;
    private final Taken taken;

    private final Map<StreamId, Long> acknowledged = new HashMap<>();
    private final Map<StreamId, Long> sent = new HashMap<>();
    /** Acknowledged since the last note in the log, or told otherwise. */
    private final Set<StreamId> moved = new HashSet<>();

    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private Link link;
    private EventLog.Reader reader;
    private long nextPosition;
    private long nextNumber;
    private long liveFrom;
    private boolean atLogEnd;
    private long joinsAt = Long.MAX_VALUE;
    private long unsentEvents;
    private long unsentBytes;
    private long inFlightEvents;
    private long inFlightBytes;
    private boolean trimming;
    /** While the subscriber is away: everything that was taken is passed. */
    private boolean owedNothing;

    private long dropped;
    private final InDoubt inDoubt = new InDoubt();
    private long oldestAt = -1;
    private long oldestMicros;
    private final Gaps gaps = new Gaps();
    /** Of streams that others have as well: how far each was looked at without a hole. */
    private final Map<StreamId, Long> whole = new HashMap<>();
    /** Not null while what the log lacks must be told from what is merely not owed: how far each stream was looked at. */
    private Map<StreamId, Long> scanned;
    /** The streams for which {@link #scanned} is wanted, since the subscriber has less of them than it had; empty for all. */
    private final Set<StreamId> fallen = new HashSet<>();

    private boolean isNew;

    /** What was taken of all streams. */
    interface Taken {
        /** Position behind the last event that was taken, whether it is in the log yet or not. */
        long end();

        /** Lowest position that may hold what a subscriber with some marks is owed. */
        long neededFrom(Subscriber subscriber, Map<StreamId, Long> marks);

        /** How far each stream was taken. */
        Map<StreamId, Long> marks();
    }

    private record InFlight(long position, StreamId stream, long upTo, LoggedChunk.Owed owed) {}

    /**
     * How far a subscriber is behind.
     *
     * @param oldestMicros when the oldest owed event happened, since 1970; 0 if nothing is owed
     * @param dropped how many events were dropped at its bounds since its backlog was made
     */
    record Distance(long events, long bytes, long oldestMicros, long dropped) {}

    /**
     * Makes a feed of somebody who is away.
     *
     * @param taken what there is of it
     */
    Feed(Subscriber subscriber, Store store, RecentChunks recent, PacketWriter writer, Taken taken) {
        this.subscriber = subscriber;
        this.store = store;
        this.recent = recent;
        this.writer = writer;
        this.taken = taken;
    }

    Subscriber subscriber() {
        return subscriber;
    }

    /** Takes what is known of a former run. */
    void recovered(Checkpoint.Cursor cursor) {
        cursor.acknowledged().forEach(mark -> acknowledged.put(mark.stream(), mark.sequence()));
        cursor.gaps().forEach(gap -> gaps.add(gap, gap.after()));
        nextPosition = cursor.position();
        unsentEvents = cursor.events();
        unsentBytes = cursor.bytes();
        dropped = cursor.dropped();
    }

    /**
     * It is new here: of what lies before a position it is sent only what it turns out to need, since it has what is before that. Who has
     * nothing begins with somebody's state table.
     */
    void begin(long position) {
        isNew = true;
        unknownBefore();
        seek(position, taken.end() - position <= RECOUNT_EVENTS);
        stopReading();
    }

    /** Nothing is known of it: what the log has lost of each stream before now, it has lost for it too. */
    void unknownBefore() {
        scanned = new HashMap<>();
        fallen.clear();
    }

    /**
     * Where it stands now, for a checkpoint as of a position.
     *
     * @param pending what was taken and does not lie below that position yet
     * @param known whether a stream is remembered
     */
    Checkpoint.Cursor cursor(long position, List<LoggedChunk> pending, Predicate<StreamId> known) {
        long pendingEvents = 0;
        long pendingBytes = 0;
        for (LoggedChunk chunk : pending) {
            pendingEvents += chunk.owed(subscriber).events();
            pendingBytes += chunk.owed(subscriber).bytes();
        }
        // acknowledged in order: where some of the pending are, all before them are, and what is left is less than they
        return new Checkpoint.Cursor(
                subscriber.id(),
                Math.min(needs(), position),
                Math.max(0, unsentEvents + inFlightEvents - pendingEvents),
                Math.max(0, unsentBytes + inFlightBytes - pendingBytes),
                dropped + inDoubt.events(),
                acknowledged().stream()
                        .filter(mark -> known.test(mark.stream()))
                        .toList(),
                gaps.all());
    }

    /** Position below which it needs nothing of the log any more. */
    long needs() {
        return inFlight.isEmpty() ? nextPosition : inFlight.peekFirst().position;
    }

    /** Counts a chunk that has just been taken; one that is not owed is passed at once. */
    void onTaken(LoggedChunk chunk) {
        LoggedChunk.Owed owed = chunk.owed(subscriber);
        unsentEvents += owed.events();
        unsentBytes += owed.bytes();
        if (owedNothing && !wants(chunk, owed)) {
            nextPosition = chunk.end();
        } else {
            owedNothing = false;
        }
    }

    private boolean wants(LoggedChunk logged, LoggedChunk.Owed owed) {
        Chunk chunk = logged.chunk();
        return owed.events() > 0 || chunk.lost() && subscriber.entitled(chunk.stream());
    }

    /**
     * The subscriber is there.
     *
     * @param marks all that it has; what is not named is at 0
     * @param fromStart whether to look through the whole log, since it may be owed what it was not entitled to before
     */
    void open(Link newLink, List<Mark> marks, boolean fromStart) {
        close();
        Map<StreamId, Long> now = new HashMap<>();
        marks.forEach(mark -> now.put(mark.stream(), mark.sequence()));
        dropped += inDoubt.settle(now);
        List<StreamId> less = acknowledged.entrySet().stream()
                .filter(entry -> now.getOrDefault(entry.getKey(), 0L) < entry.getValue())
                .map(Map.Entry::getKey)
                .filter(subscriber::entitled)
                .toList();
        boolean newcomer = isNew && now.keySet().stream().anyMatch(subscriber::entitled);
        boolean hasLess = newcomer || !less.isEmpty();
        isNew = false;
        Set<StreamId> others = new HashSet<>(acknowledged.keySet());
        others.addAll(now.keySet());
        others.stream()
                .filter(stream -> acknowledged(stream) != now.getOrDefault(stream, 0L))
                .forEach(moved::add);
        acknowledged.clear();
        acknowledged.putAll(now);
        acknowledged.forEach(gaps::acknowledged);
        sent.clear();
        sent.putAll(now);
        owedNothing = false;
        link = newLink;
        liveFrom = recent.end();
        if (newcomer || hasLess && fromStart) {
            unknownBefore();
        } else if (hasLess) {
            scanAgain(less);
        }
        whole.clear();
        if (hasLess || fromStart) {
            seek(taken.neededFrom(subscriber, acknowledged), true);
        } else {
            seek(nextPosition, false);
        }
        sendGaps(false);
    }

    /** The subscriber has less of these than it had, and the log may have lost that; of others it was passed what it was not owed. */
    private void scanAgain(List<StreamId> streams) {
        boolean all = scanned != null && fallen.isEmpty();
        scanned = new HashMap<>();
        if (!all) {
            fallen.addAll(streams);
        }
    }

    private boolean scans(StreamId stream) {
        return scanned != null && (fallen.isEmpty() || fallen.contains(stream));
    }

    /** The subscriber is away: what it has not acknowledged is owed again. */
    void close() {
        owedNothing = link != null && inFlight.isEmpty() && reader == null && nextNumber == recent.end();
        link = null;
        inFlight.forEach(chunk -> inDoubt.sent(chunk.stream, chunk.upTo));
        takeBackInFlight();
        stopReading();
        trimming = false;
    }

    /** Takes acknowledgements. */
    void onAcknowledged(List<Mark> marks) {
        for (Mark mark : marks) {
            if (acknowledged.getOrDefault(mark.stream(), 0L) < mark.sequence()) {
                acknowledged.put(mark.stream(), mark.sequence());
                moved.add(mark.stream());
            }
            sent.merge(mark.stream(), mark.sequence(), Math::max); // it may have it from others
        }
        while (!inFlight.isEmpty()
                && inFlight.peekFirst().upTo <= acknowledged.getOrDefault(inFlight.peekFirst().stream, 0L)) {
            forget(inFlight.pollFirst());
        }
        marks.forEach(mark -> gaps.acknowledged(mark.stream(), acknowledged(mark.stream())));
    }

    private void forget(InFlight chunk) {
        inFlightEvents -= chunk.owed.events();
        inFlightBytes -= chunk.owed.bytes();
    }

    /** The subscriber did not take a chunk since it lacks what is before it: go back to its mark. */
    void onGoBack(Mark mark) {
        boolean hasLess = mark.sequence() < acknowledged.getOrDefault(mark.stream(), 0L);
        takeBackInFlight();
        acknowledged.put(mark.stream(), mark.sequence());
        moved.add(mark.stream());
        sent.clear();
        sent.putAll(acknowledged);
        if (hasLess) {
            scanAgain(List.of(mark.stream()));
        }
        whole.clear();
        seek(hasLess ? taken.neededFrom(subscriber, acknowledged) : nextPosition, hasLess);
        sendGaps(false);
    }

    /** The subscriber wants streams from these marks on, entitled to them or not. */
    void onWanted(List<Mark> marks) {
        for (Mark mark : marks) {
            acknowledged.put(mark.stream(), mark.sequence());
            moved.add(mark.stream());
        }
        if (!marks.isEmpty()) {
            onEntitled();
        }
    }

    /** The subscriber is owed other streams than before. */
    void onEntitled() {
        if (link == null) {
            lookAgain();
            return;
        }
        takeBackInFlight();
        sent.clear();
        sent.putAll(acknowledged);
        whole.clear();
        long from = Math.min(nextPosition, taken.neededFrom(subscriber, acknowledged));
        seek(from, taken.end() - from <= RECOUNT_EVENTS);
        sendGaps(false);
    }

    /** While it is away: what was passed since it was not owed is owed now. */
    private void lookAgain() {
        owedNothing = false;
        trimming = false;
        long from = Math.min(nextPosition, taken.neededFrom(subscriber, acknowledged));
        seek(from, taken.end() - from <= RECOUNT_EVENTS);
        stopReading();
    }

    private void takeBackInFlight() {
        if (inFlight.isEmpty()) {
            return;
        }
        nextPosition = inFlight.peekFirst().position;
        stopReading();
        if (recent.covers(nextPosition, taken.end())) {
            recount();
        } else {
            unsentEvents += inFlightEvents; // to read all of it once more would hold the loop
            unsentBytes += inFlightBytes;
        }
        inFlight.clear();
        inFlightEvents = 0;
        inFlightBytes = 0;
    }

    private void seek(long position, boolean countAnew) {
        stopReading();
        nextPosition = position;
        if (countAnew) {
            recount();
        }
        if (recent.covers(position, taken.end())) {
            nextNumber = recent.atOrAfter(position);
        } else {
            reader = store.reader(position);
        }
    }

    /** Counts what is owed from {@link #nextPosition} on. */
    private void recount() {
        unsentEvents = 0;
        unsentBytes = 0;
        if (recent.covers(nextPosition, taken.end())) {
            for (long number = recent.atOrAfter(nextPosition); number < recent.end(); number++) {
                onTaken(recent.at(number));
            }
            return;
        }
        try (EventLog.Reader records = store.reader(nextPosition)) {
            while (records.next()) {
                if (records.position() >= nextPosition && LogRecord.kind(records.record()) == LogRecord.CHUNK) {
                    onTaken(new LoggedChunk(records.position(), LogRecord.readChunk(records.record())));
                }
            }
        }
    }

    private void stopReading() {
        if (reader != null) {
            reader.close();
            reader = null;
            joinsAt = Long.MAX_VALUE;
        }
    }

    /**
     * Sends what the link takes, for one turn.
     *
     * @return whether there is more to do at once
     */
    boolean pump() {
        int budget = TURN_BYTES;
        while (link != null
                && link.writable()
                && inFlight.size() < MAX_IN_FLIGHT
                && inFlightBytes < MAX_IN_FLIGHT_BYTES) {
            if (budget <= 0) {
                return true;
            }
            LoggedChunk next = reader == null ? nextInMemory() : nextInLog();
            if (next == null) {
                if (reader == null) {
                    nameLastHoles();
                    sendGaps(true);
                    unsentEvents = 0;
                    unsentBytes = 0;
                }
                return reader != null && !awaitsLog();
            }
            offer(next); // a gap that it names first is before it: who goes back there gets it again
            nextPosition = next.end();
            budget -= 64 + next.chunk().recordBytes();
        }
        return false;
    }

    /** Number of the first chunk in memory that it has still to send; the highest number if it needs none. */
    long needsFrom() {
        if (link == null) {
            return Long.MAX_VALUE;
        }
        return reader == null ? nextNumber : joinsAt;
    }

    /** Whether it has sent all that the log shows, and goes on when the log shows more. */
    boolean awaitsLog() {
        return reader != null && atLogEnd;
    }

    private LoggedChunk nextInMemory() {
        if (nextNumber < recent.first()) {
            reader = store.reader(nextPosition);
            return nextInLog();
        }
        return nextNumber == recent.end() ? null : recent.at(nextNumber++);
    }

    /** Null where the log shows no more, or after a turn's worth of records that hold no chunk. */
    private LoggedChunk nextInLog() {
        atLogEnd = false;
        for (int i = 0; i < LOOK_AHEAD_RECORDS; i++) {
            if (recent.covers(nextPosition, taken.end())) {
                stopReading();
                nextNumber = recent.atOrAfter(nextPosition);
                return nextNumber == recent.end() ? null : recent.at(nextNumber++);
            }
            if (!reader.next()) {
                atLogEnd = true;
                joinsAt = Math.min(
                        joinsAt, recent.end()); // what is taken from now on stays until the log has led us there
                return null;
            }
            if (reader.position() >= nextPosition && LogRecord.kind(reader.record()) == LogRecord.CHUNK) {
                if (reader.position() > nextPosition && scanned == null) {
                    unknownBefore(); // the log has a hole here
                }
                return new LoggedChunk(reader.position(), LogRecord.readChunk(reader.record()));
            }
        }
        return null;
    }

    private void offer(LoggedChunk logged) {
        LoggedChunk.Owed owed = logged.owed(subscriber);
        unsentEvents = Math.max(0, unsentEvents - owed.events());
        unsentBytes = Math.max(0, unsentBytes - owed.bytes());
        Chunk chunk = logged.chunk();
        long mark = sent.getOrDefault(chunk.stream(), 0L);
        if (subscriber.othersHave(chunk.stream())) {
            if (!isWhole(chunk, mark)) {
                return;
            }
        } else if (subscriber.entitled(chunk.stream())) {
            nameGapsBefore(chunk, mark);
            mark = sent.getOrDefault(chunk.stream(), 0L);
            if (scans(chunk.stream())) {
                nameHole(chunk, mark);
                mark = sent.getOrDefault(chunk.stream(), 0L);
            }
        }
        if (chunk.upTo() <= mark || owed.events() == 0 && !(chunk.lost() && subscriber.entitled(chunk.stream()))) {
            return; // what is not owed is covered by the next chunk that is
        }
        boolean replayed = nextNumberOf(logged) < liveFrom;
        if (chunk.lost()) {
            sendLost(chunk, mark);
        } else {
            boolean whole = owed.events() == chunk.count() && chunk.after() >= mark;
            Chunk trimmed = covering(whole ? chunk : chunk.only(mark, subscriber.owing(chunk.stream())), mark);
            link.send(trimmed == chunk && !replayed ? logged.wire(writer) : trimmed.wire(writer, replayed));
        }
        sent.put(chunk.stream(), chunk.upTo());
        inFlight.add(new InFlight(logged.position(), chunk.stream(), chunk.upTo(), owed));
        inFlightEvents += owed.events();
        inFlightBytes += owed.bytes();
    }

    /** What we lack of other nodes' streams is neither covered nor named as lost: who has it brings it. */
    private boolean isWhole(Chunk chunk, long mark) {
        long known = Math.max(mark, whole.getOrDefault(chunk.stream(), 0L));
        if (chunk.after() > known || chunk.lost() && chunk.upTo() > known) {
            return false;
        }
        whole.put(chunk.stream(), Math.max(known, chunk.upTo()));
        return true;
    }

    /** What was dropped is named once all that lies before it has been sent; what a chunk has of it before that goes with it. */
    private void nameGapsBefore(Chunk chunk, long mark) {
        for (Gap gap : gaps.between(chunk.stream(), mark, chunk.upTo())) {
            long seen = Math.max(mark, chunk.after());
            if (scans(gap.stream())) { // the log may have lost what was before it
                seen = Math.min(seen, Math.max(sentOf(gap.stream()), scanned.getOrDefault(gap.stream(), 0L)));
            }
            Gap whole = new Gap(gap.stream(), Math.min(gap.after(), seen), gap.upTo());
            gaps.add(whole, sentOf(gap.stream()));
            sendGap(whole);
        }
    }

    private long sentOf(StreamId stream) {
        return sent.getOrDefault(stream, 0L);
    }

    /** Streams have no holes in the log: where a chunk begins above what was seen of its stream, the log has lost that. */
    private void nameHole(Chunk chunk, long mark) {
        long known = Math.max(mark, scanned.getOrDefault(chunk.stream(), 0L));
        if (chunk.after() > known) {
            Gap hole = new Gap(chunk.stream(), known, chunk.after());
            gaps.add(hole, mark);
            sendGap(hole);
        }
        scanned.merge(chunk.stream(), chunk.upTo(), Math::max);
    }

    /** Where the log has nothing more of a stream, it has lost all that was taken of it and not seen. */
    private void nameLastHoles() {
        if (scanned == null) {
            return;
        }
        taken.marks().forEach((stream, mark) -> {
            long known = Math.max(sentOf(stream), scanned.getOrDefault(stream, 0L));
            if (mark > known && scans(stream) && subscriber.entitled(stream) && !subscriber.othersHave(stream)) {
                gaps.add(new Gap(stream, known, mark), sentOf(stream));
            }
        });
        scanned = null;
        fallen.clear();
    }

    /** Names what was dropped; but where something may have to be sent before it, only once that is. */
    private void sendGaps(boolean allSent) {
        for (Gap gap : gaps.all()) {
            if (allSent || gap.after() <= sent.getOrDefault(gap.stream(), 0L)) {
                sendGap(gap);
            }
        }
    }

    private void sendGap(Gap gap) {
        long mark = sent.getOrDefault(gap.stream(), 0L);
        if (link != null && gap.upTo() > mark) {
            sendLost(Chunk.lost(gap.stream(), gap.after(), gap.upTo()), mark);
            sent.put(gap.stream(), gap.upTo());
            inFlight.add(new InFlight(nextPosition, gap.stream(), gap.upTo(), LoggedChunk.Owed.NOTHING));
        }
    }

    // --- bounds -----------------------------------------------------------------------------------------------------

    /**
     * Passes what is not owed, and drops the oldest of what is while it is beyond these bounds; a turn's worth.
     *
     * @param floor what lies below this position must go
     * @param sinceMicros and what happened before this, microseconds since 1970
     * @return whether there is more to do at once
     */
    boolean trim(long maxBytes, long floor, long sinceMicros) {
        if (!trimming) {
            seek(nextPosition, false);
            trimming = true;
        }
        int budget = TURN_BYTES;
        while (budget > 0) {
            boolean mustGo = nextPosition < floor || unsentBytes > maxBytes;
            LoggedChunk next = reader == null ? nextInMemory() : nextInLog();
            if (next == null) {
                owedNothing = link == null && reader == null;
                return reader != null && !awaitsLog() || stopTrimming();
            }
            LoggedChunk.Owed owed = next.owed(subscriber);
            boolean wanted = wants(next, owed) && isNews(next.chunk());
            boolean event = owed.events() > 0; // a gap that others named is kept as one
            if (wanted
                    && event
                    && !mustGo
                    && (owed.firstMicros() >= sinceMicros || owed.firstMicros() == 0 && sinceMicros < Long.MAX_VALUE)) {
                return stopTrimming();
            }
            pass(next, owed, wanted);
            budget -= 64 + next.chunk().recordBytes();
        }
        return true;
    }

    private boolean stopTrimming() {
        trimming = false;
        stopReading();
        if (link != null) {
            seek(nextPosition, false);
            sendGaps(false);
        }
        return false;
    }

    private long markOf(StreamId stream) {
        return (link == null ? acknowledged : sent).getOrDefault(stream, 0L);
    }

    private boolean isNews(Chunk chunk) {
        long mark = Math.max(markOf(chunk.stream()), chunk.after());
        return chunk.upTo() > mark && !gaps.cover(chunk.stream(), mark, chunk.upTo());
    }

    private void pass(LoggedChunk logged, LoggedChunk.Owed owed, boolean drop) {
        nextPosition = logged.end();
        unsentEvents = Math.max(0, unsentEvents - owed.events());
        unsentBytes = Math.max(0, unsentBytes - owed.bytes());
        Chunk chunk = logged.chunk();
        if (drop && (link != null || !inDoubt.goes(chunk.stream(), chunk.upTo(), owed.events()))) {
            dropped += owed.events();
        }
        if (drop && !subscriber.othersHave(chunk.stream())) {
            long mark = markOf(chunk.stream());
            gaps.add(new Gap(chunk.stream(), Math.max(mark, chunk.after()), chunk.upTo()), mark);
        }
    }

    /** What was dropped and is not acknowledged as lost yet. */
    List<Gap> gaps() {
        return gaps.all();
    }

    /** Whether the subscriber is owed this packet and has not acknowledged it. */
    boolean isOwed(StreamId stream, PacketCursor packet) {
        return subscriber.entitled(stream)
                && subscriber.owed(packet)
                && packet.sequence() > acknowledged.getOrDefault(stream, 0L);
    }

    /** How many events were dropped since its backlog was made; of those on their way when its link ended, once it is known. */
    long dropped() {
        return dropped;
    }

    /** The same with those of which it is not known. */
    long gone() {
        return dropped + inDoubt.events();
    }

    /** Whether its subscriber is there. */
    boolean open() {
        return link != null;
    }

    /** Whether the oldest event that it has not been sent happened before that; looked up anew only where it has moved. */
    boolean oldestBefore(long sinceMicros) {
        if (unsentEvents == 0 || reader != null) {
            return false; // while it is being sent it gets younger
        }
        if (oldestAt != nextPosition || oldestMicros == 0) {
            oldestAt = nextPosition;
            oldestMicros = oldestUnsent();
        }
        return oldestMicros > 0 && oldestMicros < sinceMicros;
    }

    long unsentBytes() {
        return unsentBytes;
    }

    private long nextNumberOf(LoggedChunk logged) {
        return reader != null ? -1 : nextNumber - 1;
    }

    private static Chunk covering(Chunk chunk, long mark) {
        return chunk.after() == mark
                ? chunk
                : new Chunk(
                        chunk.stream(),
                        chunk.replayed() ? Chunk.REPLAYED : 0,
                        mark,
                        chunk.upTo(),
                        chunk.count(),
                        chunk.packets());
    }

    /** Names a gap, and no more than it: what is before it was merely not owed. */
    private void sendLost(Chunk chunk, long mark) {
        if (chunk.after() > mark) {
            Chunk notOwed = new Chunk(chunk.stream(), 0, mark, chunk.after(), 0, chunk.packets());
            link.send(notOwed.wire(writer, false));
        }
        long after = Math.max(chunk.after(), mark);
        Chunk lost = chunk.byState()
                ? Chunk.lostByState(chunk.stream(), after, chunk.upTo())
                : Chunk.lost(chunk.stream(), after, chunk.upTo());
        link.send(lost.wire(writer, false));
    }

    /** How far the subscriber is behind. */
    Distance distance() {
        long events = unsentEvents + inFlightEvents;
        return new Distance(events, unsentBytes + inFlightBytes, events == 0 ? 0 : oldestMicros(), dropped);
    }

    private long oldestMicros() {
        for (InFlight chunk : inFlight) {
            if (chunk.owed.events() > 0) {
                return chunk.owed.firstMicros();
            }
        }
        if (reader == null && link != null && nextNumber < recent.end() && nextNumber >= recent.first()) {
            return recent.at(nextNumber).owed(subscriber).firstMicros();
        }
        return oldestUnsent();
    }

    private long oldestUnsent() {
        try (EventLog.Reader records = store.reader(nextPosition)) {
            for (int i = 0; i < LOOK_AHEAD_RECORDS && records.next(); i++) {
                if (LogRecord.kind(records.record()) != LogRecord.CHUNK) {
                    continue;
                }
                LoggedChunk chunk = new LoggedChunk(records.position(), LogRecord.readChunk(records.record()));
                LoggedChunk.Owed owed = chunk.owed(subscriber);
                if (owed.events() > 0 && chunk.chunk().upTo() > acknowledged.getOrDefault(chunk.chunk().stream(), 0L)) {
                    return owed.firstMicros();
                }
            }
        }
        return 0;
    }

    /** Chunks that were sent and are not acknowledged. */
    int inFlight() {
        return inFlight.size();
    }

    /** The same in bytes. */
    long inFlightBytes() {
        return inFlightBytes;
    }

    /** What the subscriber has acknowledged since this was last asked, or has no more, then at 0: to be noted in the log. */
    List<Mark> takeMoved() {
        List<Mark> marks = moved.stream()
                .map(stream -> new Mark(stream, acknowledged(stream)))
                .toList();
        moved.clear();
        return marks;
    }

    /** How far the subscriber has acknowledged a stream, or said that it has it. */
    long acknowledged(StreamId stream) {
        return acknowledged.getOrDefault(stream, 0L);
    }

    /** What the subscriber has acknowledged. */
    List<Mark> acknowledged() {
        return acknowledged.entrySet().stream()
                .map(entry -> new Mark(entry.getKey(), entry.getValue()))
                .toList();
    }
}
