package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.memory.MemoryEventLog;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/** What is taken reaches each subscriber once and in order, whatever the log's thread, links and subscribers do meanwhile. */
class EventFlowTest implements Source {
    private static final StreamId STREAM = new StreamId(7, 2);

    private final LateStore store = new LateStore();
    private final EventFlow flow = new EventFlow(store, Long.MAX_VALUE, new Journal(NanoClock.SYSTEM));
    private final List<Receiver> receivers = List.of(new Receiver(1), new Receiver(2), new Receiver(3));
    private final List<Mark> askedAgain = new ArrayList<>();
    private long acknowledged;
    private long taken;

    /** A log whose thread does something only when the test says so. */
    private final class LateStore implements Store {
        private final EventLog log = new MemoryEventLog();
        private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
        private final Deque<Integer> counts = new ArrayDeque<>();
        private int unsynced;

        @Override
        public void append(ByteBuffer record, int events) {
            waiting.add(record);
            counts.add(events);
        }

        void work(int records) {
            for (int i = 0; i < records && !waiting.isEmpty(); i++) {
                flow.onAppended(log.append(waiting.remove(), counts.remove()), 0);
                unsynced++;
            }
        }

        void sync() {
            flow.onSynced(unsynced, 0);
            unsynced = 0;
        }

        @Override
        public void leap(long position) {
            throw new AssertionError("nothing was lost");
        }

        @Override
        public long startWithin(long maxBytes) {
            return log.start();
        }

        @Override
        public long usableBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public Optional<ByteBuffer> lastCheckpoint() {
            return Optional.empty();
        }

        @Override
        public Optional<ByteBuffer> lastState() {
            return Optional.empty();
        }

        @Override
        public void keepState(ByteBuffer bytes, boolean first, boolean last) {
            flow.onStateKept(true, last);
        }

        @Override
        public void checkpoint(ByteBuffer content, long discardBelow) {
            flow.onCheckpoint(0);
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
    }

    /** A node at the other end of a link: takes what begins at its mark and holds it against what was taken. */
    private final class Receiver extends StubLink implements Subscriber {
        private final long id;
        private final MessageReader reader = new MessageReader();
        private final Feed feed;
        private final List<Long> events = new ArrayList<>();
        private boolean writable = true;
        private boolean open;
        private boolean lastReplayed;
        private boolean othersHave;
        private long mark;
        private long gaps;

        Receiver(long id) {
            super("receiver " + id);
            this.id = id;
            this.feed = flow.subscribe(this, "node" + id, MerlinConf.Backlog.DEFAULT);
        }

        void open() {
            open = true;
            feed.open(this, List.of(new Mark(STREAM, mark)), false);
            flow.onWritable(feed);
        }

        @Override
        public void close() {
            open = false;
            feed.close();
        }

        void writable(boolean on) {
            writable = on;
            if (on && open) {
                flow.onWritable(feed);
            }
        }

        void acknowledge() {
            if (open) {
                feed.onAcknowledged(List.of(new Mark(STREAM, mark)));
                flow.onWritable(feed);
            }
        }

        @Override
        public void send(ByteBuffer messages) {
            try {
                Message message = reader.next(messages.duplicate()).orElseThrow();
                Chunk chunk = (Chunk) message;
                assertThat(chunk.after()).as("a chunk begins at the mark").isEqualTo(mark);
                gaps += chunk.lost() ? chunk.upTo() - chunk.after() : 0;
                PacketCursor cursor = new PacketCursor();
                ByteBuffer in = chunk.packets();
                while (cursor.next(in)) {
                    events.add(cursor.sequence());
                }
                mark = chunk.upTo();
                lastReplayed = chunk.replayed();
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean writable() {
            return writable;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public boolean entitled(StreamId stream) {
            return true;
        }

        @Override
        public boolean othersHave(StreamId stream) {
            return othersHave;
        }

        @Override
        public boolean owed(PacketCursor packet) {
            return id != 3 || packet.sequence() % 5 != 0;
        }

        @Override
        public Object sameAs(StreamId stream) {
            return id == 3;
        }
    }

    @Override
    public String name() {
        return "source";
    }

    @Override
    public void acknowledge(Mark mark) {
        acknowledged = mark.sequence();
    }

    @Override
    public void askAgain(Mark mark) {
        askedAgain.add(mark);
    }

    private void take(int count) {
        take(STREAM, taken, count);
        taken += count;
    }

    private void take(StreamId stream, long after, int count) {
        PacketWriter writer = new PacketWriter();
        ByteBuffer packets = ByteBuffer.allocate(count * PacketCursor.HEADER_BYTES);
        for (int i = 1; i <= count; i++) {
            writer.event(
                    packets,
                    new PacketWriter.EventHeader(
                            PacketType.SERVICE_CHECK, 3, 0, stream.origin(), after + i, stream.epoch(), 0, 1, 0),
                    ByteBuffer.allocate(0));
        }
        flow.take(new Chunk(stream, 0, after, after + count, count, packets.flip()), this);
    }

    private void lose(int count) {
        flow.take(Chunk.lost(STREAM, taken, taken + count), this);
        taken += count;
    }

    @Test
    void whoIsCaughtUpGetsEventsBeforeTheLogHasThem() {
        receivers.get(0).open();
        take(3);
        assertThat(receivers.get(0).events).containsExactly(1L, 2L, 3L);
        assertThat(receivers.get(0).lastReplayed).isFalse();
        assertThat(acknowledged)
                .as("the source keeps them until they are on the disk")
                .isZero();
        store.work(1);
        store.sync();
        assertThat(acknowledged).isEqualTo(3);
    }

    @Test
    void whatIsMissingIsAskedForOnceASecondHoweverMuchComesBehindIt() {
        take(2);
        for (int i = 0; i < 5; i++) {
            taken++; // one does not come
            take(1);
        }
        assertThat(askedAgain).containsExactly(new Mark(STREAM, 2));
        flow.onTick(500_000_000, 0);
        take(1);
        assertThat(askedAgain).hasSize(1);
        flow.onTick(1_000_000_000, 0);
        take(1);
        assertThat(askedAgain).containsExactly(new Mark(STREAM, 2), new Mark(STREAM, 2));
    }

    @Test
    void whoAcknowledgesNothingIsSentNoMoreThanItCanHold() {
        Receiver slow = receivers.get(0);
        slow.open();
        for (int i = 0; i < 200; i++) {
            take(1000); // 64,000 bytes
        }
        assertThat(slow.mark * PacketCursor.HEADER_BYTES)
                .isBetween(Feed.MAX_IN_FLIGHT_BYTES, Feed.MAX_IN_FLIGHT_BYTES + 64_000);
        settle();
        assertThat(slow.mark).isEqualTo(taken);
    }

    @Test
    void whoComesBackIsCaughtUpWithThoughTheLogIsAlwaysLate() {
        receivers.get(1).open();
        take(5);
        Receiver back = receivers.get(0);
        back.open();
        for (int i = 0; i < 10; i++) {
            take(2);
            store.work(1);
        }
        take(1);
        assertThat(back.mark).as("live again, ahead of the log").isEqualTo(taken);
        assertThat(back.lastReplayed).isFalse();
    }

    @Test
    void aGapThatCameWhileSomebodyWasAwayIsNamedToIt() {
        Receiver away = receivers.get(0);
        receivers.get(1).open();
        away.open();
        take(3);
        store.work(1);
        away.acknowledge();
        away.close();
        lose(4);
        store.work(1);
        away.open();
        take(2);
        settle();
        assertThat(away.gaps).isEqualTo(4);
        assertThat(away.events).containsExactly(1L, 2L, 3L, 8L, 9L);
    }

    /** Somebody who has lost what he had of one stream, and was not owed the beginning of another, which the log no longer has. */
    @Test
    void whatSomebodyWasNotOwedIsNoGapForHimWhenHeHasLostSomethingElse() {
        StreamId other = new StreamId(8, 2);
        Listener poller = new Listener(other, 2);
        Feed feed = flow.subscribe(poller, "poller", MerlinConf.Backlog.DEFAULT);
        feed.open(poller, List.of(), false);
        take(other, 0, 2);
        take(STREAM, 0, 1);
        settle();
        feed.onAcknowledged(List.of(new Mark(STREAM, 1)));
        feed.close();
        store.log.discard(2);
        take(other, 2, 1);
        settle();
        feed.open(poller, List.of(), false);
        flow.onWritable(feed);
        settle();
        assertThat(poller.chunks).extracting(Chunk::stream).containsExactly(STREAM, STREAM, other);
        assertThat(poller.chunks).noneMatch(Chunk::lost);
    }

    /** Hears everything but the first events of one stream, and keeps the chunks. */
    private static final class Listener extends StubLink implements Subscriber {
        private final StreamId stream;
        private final long notOwed;
        private final MessageReader reader = new MessageReader();
        private final List<Chunk> chunks = new ArrayList<>();

        Listener(StreamId stream, long notOwed) {
            super("listener");
            this.stream = stream;
            this.notOwed = notOwed;
        }

        @Override
        public long id() {
            return 4;
        }

        @Override
        public boolean entitled(StreamId any) {
            return true;
        }

        @Override
        public boolean othersHave(StreamId any) {
            return false;
        }

        @Override
        public boolean owed(PacketCursor packet) {
            return packet.origin() != stream.origin() || packet.sequence() > notOwed;
        }

        @Override
        public Object sameAs(StreamId any) {
            return "listener";
        }

        @Override
        public void send(ByteBuffer messages) {
            try {
                chunks.add((Chunk) reader.next(messages.duplicate()).orElseThrow());
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A gap that an origin names to us it need not name to others: who waits for it must not be told that it is covered. */
    @Test
    void aGapInAStreamThatOthersHaveIsLeftToThem() {
        Receiver away = receivers.get(0);
        receivers.get(1).open();
        away.othersHave = true;
        away.open();
        take(3);
        lose(4);
        take(2);
        settle();
        assertThat(away.mark).isEqualTo(3);
        assertThat(away.gaps).isZero();
        away.mark = 7; // it got them from the origin
        away.acknowledge();
        take(1);
        settle();
        assertThat(away.mark).as("nothing behind a hole that was passed unsent").isEqualTo(7);
        away.close();
        away.open();
        feedsFromTheStart(away);
        assertThat(away.events).containsExactly(1L, 2L, 3L, 8L, 9L, 10L);
    }

    private void feedsFromTheStart(Receiver receiver) {
        flow.onEntitled(receiver.feed);
        settle();
    }

    @Property(tries = 300)
    void whatIsTakenReachesAllOnceAndInOrder(@ForAll long seed) {
        new EventFlowTest().reachesAllOnceAndInOrder(seed);
    }

    private void reachesAllOnceAndInOrder(long seed) {
        Random random = new Random(seed);
        long lost = 0;
        for (int step = 0; step < 200; step++) {
            Receiver one = receivers.get(random.nextInt(receivers.size()));
            switch (random.nextInt(9)) {
                case 0, 1 -> take(1 + random.nextInt(6));
                case 2 -> store.work(1 + random.nextInt(4));
                case 3 -> store.sync();
                case 4 -> one.writable(random.nextBoolean());
                case 5 -> one.acknowledge();
                case 6 -> flow.onTurn();
                case 7 -> {
                    if (one.open) {
                        one.close();
                    } else {
                        one.open();
                    }
                }
                default -> {
                    lose(3);
                    lost += 3;
                }
            }
        }
        receivers.forEach(each -> {
            each.writable(true);
            each.close();
            each.open();
        });
        settle();
        take(5); // no multiple of five: it covers what a receiver was not owed
        take(1);
        settle();
        for (Receiver each : receivers) {
            assertThat(each.gaps).as("gaps named to receiver " + each.id).isEqualTo(lost);
            assertThat(each.events).isSorted().doesNotHaveDuplicates();
            assertThat(each.mark).isEqualTo(each.id == 3 && taken % 5 == 0 ? taken - 1 : taken);
        }
        assertThat(receivers.get(0).events).isEqualTo(receivers.get(1).events).hasSize((int) (taken - lost));
        assertThat(receivers.get(2).events)
                .isEqualTo(receivers.get(0).events.stream()
                        .filter(each -> each % 5 != 0)
                        .toList());
        assertThat(acknowledged).isEqualTo(taken);
        assertThat(askedAgain).as("nothing was left out").isEmpty();
    }

    private void settle() {
        do {
            store.work(Integer.MAX_VALUE);
            receivers.forEach(Receiver::acknowledge);
        } while (flow.onTurn());
        store.sync();
    }
}
