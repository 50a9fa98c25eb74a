package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/** What is kept for nodes that are away: within its bounds, over restarts, and never silently less. */
class BacklogBoundsTest {
    private static final StreamId STREAM = new StreamId(7, 42);
    private static final long SECOND = 1_000_000_000L;
    private static final int BODY_BYTES = 200;
    private static final MerlinConf.Backlog WIDE = new MerlinConf.Backlog(1L << 40, Duration.ofDays(30), 0);

    private final DirectStore store = new DirectStore();
    private final PacketWriter writer = new PacketWriter();
    private final Map<Integer, MerlinConf.Backlog> bounds = new HashMap<>();
    private final Map<Integer, Away> nodes = new HashMap<>();
    private EventFlow flow;
    private long logMaxBytes = 1L << 40;
    private long nowNanos;
    private long nowMicros = 1_700_000_000_000_000L;
    private long sequence;
    private boolean worksAtOnce = true;
    /** What the scheduler's module has sent; it sends again what a killed daemon had not in its log. */
    private final List<Chunk> source = new ArrayList<>();

    /** A node that takes all of the stream, or the odd events only, and says what it has got and what it was told is lost. */
    private final class Away implements Subscriber, Link {
        private final int number;
        private final List<Long> got = new ArrayList<>();
        private long mark;
        private long lost;
        private Feed feed;
        private long unacknowledged;
        private boolean deaf;
        private boolean entitled = true;

        Away(int number) {
            this.number = number;
        }

        @Override
        public long id() {
            return number;
        }

        @Override
        public boolean entitled(StreamId stream) {
            return entitled;
        }

        @Override
        public boolean owed(PacketCursor packet) {
            return entitled && (number == 1 || packet.sequence() % 2 == 1);
        }

        @Override
        public Object sameAs(StreamId stream) {
            return number + " " + entitled;
        }

        void come() {
            feed.open(this, mark == 0 ? List.of() : List.of(new Mark(STREAM, mark)), false);
            flow.onWritable(feed);
        }

        void acknowledge() {
            if (unacknowledged > 0 && !deaf) {
                unacknowledged = 0;
                feed.onAcknowledged(List.of(new Mark(STREAM, mark)));
                flow.onWritable(feed);
            }
        }

        @Override
        public void send(ByteBuffer messages) {
            try {
                MessageReader reader = new MessageReader();
                ByteBuffer in = messages.duplicate();
                for (Optional<Message> message = reader.next(in); message.isPresent(); message = reader.next(in)) {
                    message.get().accept(new Message.Visitor<Void>() {
                        @Override
                        public Void control(Message.Control control) {
                            return null;
                        }

                        @Override
                        public Void chunk(Chunk chunk) {
                            take(chunk);
                            return null;
                        }
                    });
                }
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }

        /** It knows no more than this: what was on its way is lost, or its scheduler's retention is older. */
        void goesBackTo(long toMark) {
            deaf = false;
            unacknowledged = 0;
            mark = toMark;
            lost = 0;
            got.removeIf(sequence -> sequence > toMark);
        }

        private void take(Chunk chunk) {
            if (chunk.upTo() <= mark) {
                return;
            }
            assertThat(chunk.after()).as("a chunk that begins above the mark").isLessThanOrEqualTo(mark);
            if (chunk.lost()) {
                lost += chunk.upTo() - mark;
            }
            PacketCursor cursor = new PacketCursor();
            ByteBuffer packets = chunk.packets();
            while (Chunk.nextTrusted(cursor, packets)) {
                if (cursor.sequence() > mark) {
                    got.add(cursor.sequence());
                }
            }
            mark = chunk.upTo();
            unacknowledged++;
        }

        @Override
        public boolean writable() {
            return unacknowledged < 20;
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public boolean dialledByUs() {
            return true;
        }

        @Override
        public String remote() {
            return "here";
        }

        @Override
        public void close() {}
    }

    private Away node(int number, MerlinConf.Backlog bound) {
        bounds.put(number, bound);
        Away node = new Away(number);
        nodes.put(number, node);
        return node;
    }

    /** Starts the daemon's part anew from what its disk holds. */
    private void start() {
        flow = new EventFlow(store, logMaxBytes, new Journal(() -> nowNanos));
        nodes.forEach((number, node) -> node.feed = flow.subscribe(node, "node" + number, bounds.get(number)));
        store.listener(flow);
        flow.recover(() -> nowMicros);
        long durable = flow.durableMarks(any -> true).stream()
                .mapToLong(Mark::sequence)
                .sum();
        source.removeIf(chunk -> chunk.upTo() <= durable);
        source.forEach(chunk -> flow.take(chunk, new Quiet()));
    }

    private void events(int count) {
        ByteBuffer packets = ByteBuffer.allocate(count * (PacketCursor.HEADER_BYTES + BODY_BYTES));
        long after = sequence;
        for (int i = 0; i < count; i++) {
            writer.event(
                    packets,
                    new PacketWriter.EventHeader(6, 3, 0, STREAM.origin(), ++sequence, STREAM.epoch(), 1, nowMicros, 1),
                    ByteBuffer.allocate(BODY_BYTES));
        }
        Chunk chunk = new Chunk(STREAM, 0, after, sequence, count, packets.flip());
        source.add(chunk);
        flow.take(chunk, new Quiet());
        if (worksAtOnce) {
            store.work(1);
        }
    }

    private record Quiet() implements Source {
        @Override
        public String name() {
            return "module";
        }

        @Override
        public void acknowledge(Mark mark) {}

        @Override
        public void askAgain(Mark mark) {
            throw new AssertionError("asked again for " + mark);
        }
    }

    private void pass(long seconds) {
        for (long i = 0; i < seconds; i++) {
            store.work(worksAtOnce ? Integer.MAX_VALUE : 3);
            nowNanos += SECOND;
            nowMicros += 1_000_000;
            flow.onTick(nowNanos, nowMicros);
            for (int turn = 0; turn < 10_000 && flow.onTurn(); turn++) {
                nodes.values().forEach(Away::acknowledge);
            }
            nodes.values().forEach(Away::acknowledge);
        }
    }

    private void catchUp() {
        for (int i = 0; i < 100_000 && nodes.values().stream().anyMatch(node -> node.mark < sequence); i++) {
            pass(1);
        }
    }

    @Test
    void whatNobodyNeedsIsForgottenWithTheNextCheckpoint() {
        Away node = node(1, WIDE);
        start();
        node.come();
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(100);
        assertThat(node.got).hasSize(1000);
        assertThat(store.start()).isGreaterThan(900);
        assertThat(node.lost).isZero();
    }

    @Test
    void aNodeThatIsAwayKeepsWhatItIsOwedAndAPollerThatIsOwedNothingKeepsNothing() {
        Away node = node(1, WIDE);
        start();
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(100);
        assertThat(store.start()).isZero();
        assertThat(node.feed.distance().events()).isEqualTo(1000);
        start();
        assertThat(node.feed.distance().events()).isEqualTo(1000);
        node.come();
        catchUp();
        assertThat(node.got).hasSize(1000).isSorted();
        assertThat(node.lost).isZero();
        pass(100);
        assertThat(store.start()).isGreaterThan(900);
    }

    @Test
    void atItsBoundANodesOldestGoAndTheOthersKeepTheirs() {
        Away bounded = node(1, new MerlinConf.Backlog(50_000, Duration.ofDays(30), 0));
        Away wide = node(2, WIDE);
        start();
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(5);
        Feed.Distance distance = bounded.feed.distance();
        assertThat(distance.bytes()).isLessThanOrEqualTo(50_000).isGreaterThan(40_000);
        assertThat(distance.dropped()).isEqualTo(1000 - distance.events());
        assertThat(wide.feed.distance().events()).isEqualTo(500);
        assertThat(wide.feed.distance().dropped()).isZero();
        pass(100);
        start();
        assertThat(bounded.feed.distance()).isEqualTo(distance);
        bounded.come();
        wide.come();
        catchUp();
        assertThat(bounded.lost).isEqualTo(distance.dropped());
        assertThat(bounded.got).hasSize((int) distance.events()).endsWith(1000L);
        assertThat(wide.got).hasSize(500);
        assertThat(wide.lost).isZero();
    }

    @Test
    void whatWasOnItsWayWhenTheLinkBrokeIsSentOrNamedBeforeWhatWasDroppedBehindIt() {
        Away node = node(1, new MerlinConf.Backlog(50_000, Duration.ofDays(30), 0));
        start();
        node.come();
        node.deaf = true;
        for (int i = 0; i < 100; i++) {
            events(10);
            if (i % 30 == 29) {
                pass(1); // something is dropped, and named, each time
            }
        }
        pass(3);
        assertThat(node.feed.distance().dropped()).isPositive();
        node.goesBackTo(0);
        node.come();
        catchUp();
        assertThat(node.lost + node.got.size()).isEqualTo(1000);
    }

    @Test
    void whatWasSentBetweenTwoGapsIsSentAgain() {
        Away node = node(1, new MerlinConf.Backlog(50_000, Duration.ofDays(30), 0));
        start();
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(3);
        node.deaf = true;
        node.come(); // is told the first gap, and sent what lies behind it
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(3);
        long dropped = node.feed.distance().dropped();
        assertThat(dropped).isGreaterThan(1000);
        node.goesBackTo(0);
        node.come();
        catchUp();
        assertThat(node.lost).isEqualTo(dropped);
        assertThat(node.lost + node.got.size()).isEqualTo(2000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWentAtTheBoundWhileItsAcknowledgementWasMissingIsCountedOnceItIsKnownToBeMissing(boolean arrived) {
        Away node = node(1, new MerlinConf.Backlog(50_000, Duration.ofDays(30), 0));
        start();
        node.deaf = true;
        node.come();
        for (int i = 0; i < 10; i++) {
            events(10);
        }
        pass(3);
        node.feed.close();
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(3);
        long before = node.feed.distance().dropped();
        assertThat(before).isGreaterThan(500);
        node.goesBackTo(arrived ? 100 : 30);
        node.come();
        assertThat(node.feed.distance().dropped()).isEqualTo(before + (arrived ? 0 : 70));
        catchUp();
        assertThat(node.lost).isEqualTo(node.feed.distance().dropped());
        assertThat(node.lost + node.got.size()).isEqualTo(1100);
    }

    @Test
    void aGapThatANodeKnowsWhenItComesIsForgotten() {
        Away node = node(1, new MerlinConf.Backlog(50_000, Duration.ofDays(30), 0));
        start();
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(3);
        node.deaf = true;
        node.come();
        assertThat(node.feed.gaps()).hasSize(1);
        node.feed.close(); // what it acknowledged was on its way
        node.deaf = false;
        node.unacknowledged = 0;
        node.come();
        assertThat(node.lost).isPositive();
        assertThat(node.feed.gaps()).isEmpty();
    }

    @Test
    void whoBecomesEntitledWhileAwayGetsWhatCameBeforeThat() {
        Away node = node(1, WIDE);
        start();
        node.come();
        events(10);
        pass(2);
        node.feed.close();
        node.entitled = false; // somebody else passes it on
        events(10);
        node.entitled = true;
        flow.onEntitled(node.feed);
        events(10);
        node.come();
        catchUp();
        assertThat(node.got).hasSize(30);
    }

    @Test
    void aSchedulerWithAnOldRetentionGetsWhatItForgotBeforeItHearsOfAGap() {
        Away node = node(1, new MerlinConf.Backlog(50_000, Duration.ofDays(30), 0));
        start();
        node.come();
        for (int i = 0; i < 30; i++) {
            events(10);
        }
        catchUp();
        node.feed.close();
        for (int i = 0; i < 70; i++) {
            events(10);
        }
        pass(3);
        assertThat(node.feed.distance().dropped()).isPositive();
        node.goesBackTo(100);
        node.come();
        catchUp();
        assertThat(node.lost + node.got.size()).isEqualTo(1000);
    }

    @Test
    void aSchedulerWithAnOldRetentionHearsOfAGapAlsoWhereTheLogHasNothingMore() {
        Away node = node(1, WIDE);
        logMaxBytes = 20_000;
        start();
        node.come();
        for (int i = 0; i < 30; i++) {
            events(10);
        }
        catchUp();
        pass(100);
        assertThat(store.start()).as("nobody needs it").isEqualTo(300);
        node.feed.close();
        node.goesBackTo(100);
        node.come();
        pass(1);
        assertThat(node.lost).isEqualTo(200);
        events(10);
        catchUp();
        assertThat(node.lost + node.got.size()).isEqualTo(310);
    }

    @Test
    void eventsThatAreTooOldGo() {
        Away node = node(1, new MerlinConf.Backlog(1L << 40, Duration.ofSeconds(60), 0));
        start();
        for (int i = 0; i < 100; i++) {
            events(1);
            pass(1);
        }
        assertThat(node.feed.distance().events()).isBetween(55L, 62L);
        node.come();
        catchUp();
        assertThat(node.lost + node.got.size()).isEqualTo(100);
    }

    @Test
    void theLogsOwnBoundHoldsForAll() {
        logMaxBytes = 60_000;
        Away node = node(1, WIDE);
        start();
        for (int i = 0; i < 100; i++) {
            events(10);
            pass(1);
        }
        pass(3);
        assertThat(store.bytes()).isLessThanOrEqualTo(60_000);
        assertThat(node.feed.distance().dropped()).isGreaterThan(700);
        node.come();
        catchUp();
        assertThat(node.lost + node.got.size()).isEqualTo(1000);
        assertThat(node.lost).isEqualTo(node.feed.distance().dropped());
    }

    @Test
    void onAFullDiskTheOldestGoUntilThereIsRoom() {
        Away node = node(1, new MerlinConf.Backlog(1L << 40, Duration.ofDays(1), 1 << 20));
        start();
        for (int i = 0; i < 20; i++) {
            events(10);
        }
        pass(3);
        assertThat(node.feed.distance().dropped()).isZero();
        store.usable(400_000);
        pass(5);
        assertThat(node.feed.distance().dropped()).isBetween(20L, 60L);
        store.usable(Long.MAX_VALUE);
        long dropped = node.feed.distance().dropped();
        pass(5);
        assertThat(node.feed.distance().dropped()).isEqualTo(dropped);
        pass(100);
        assertThat(store.start()).isEqualTo(dropped);
    }

    @Test
    void aNewNodeIsToldWhatTheLogHasForgottenBeforeIt() {
        Away first = node(1, WIDE);
        start();
        first.come();
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(100);
        events(10);
        long start = store.start();
        assertThat(start).isPositive();
        Away second = node(2, WIDE);
        start();
        first.come();
        second.come();
        catchUp();
        assertThat(second.lost).isEqualTo(start);
        assertThat(first.lost).isZero();
    }

    @Test
    void aCheckpointThatWasNotKeptIsAsIfItHadNotBeen() {
        Away node = node(1, new MerlinConf.Backlog(50_000, Duration.ofDays(30), 0));
        start();
        store.takeCheckpoints(false);
        for (int i = 0; i < 100; i++) {
            events(10);
        }
        pass(100);
        assertThat(node.feed.distance().dropped()).isPositive();
        start();
        assertThat(node.feed.distance().events()).isEqualTo(1000);
        node.come();
        catchUp();
        assertThat(node.got.size() + node.lost).isEqualTo(1000);
        assertThat(node.got).startsWith(1L);
    }

    @Test
    void whatSomebodyAskedToDropGoesAndIsAnsweredWhenItIsDone() {
        Away node = node(1, WIDE);
        start();
        for (int i = 0; i < 50; i++) {
            events(10);
            pass(1);
        }
        List<Boolean> answers = new ArrayList<>();
        flow.drop(node.feed, nowMicros - 30_000_000, answers::add);
        assertThat(answers).isEmpty();
        pass(1);
        assertThat(answers).containsExactly(true);
        assertThat(node.feed.dropped()).isBetween(180L, 220L);
        flow.drop(node.feed, Long.MAX_VALUE, answers::add);
        pass(1);
        assertThat(answers).containsExactly(true, true);
        assertThat(node.feed.distance().events()).isZero();
        node.come();
        events(10);
        catchUp();
        assertThat(node.got).hasSize(10);
        assertThat(node.lost).isEqualTo(500);
    }

    @Test
    void aLogThatLostItsEndGoesOnBehindItAndNamesTheHole() {
        Away node = node(1, WIDE);
        start();
        events(10);
        node.come();
        pass(1);
        node.feed.close();
        for (int i = 0; i < 10; i++) {
            events(10);
        }
        pass(100);
        store.loseTheLog();
        start();
        assertThat(store.end()).isEqualTo(110);
        events(10);
        node.come();
        catchUp();
        assertThat(node.got).hasSize(20).startsWith(1L).endsWith(120L);
        assertThat(node.lost).isEqualTo(100);
    }

    @Property(tries = 150)
    void everythingIsDeliveredInOrderOrNamedAsLostWhateverHappens(@ForAll long seed) {
        new BacklogBoundsTest().run(seed); // all tries of a property have one instance
    }

    private void run(long seed) {
        Random random = new Random(seed);
        worksAtOnce = false;
        logMaxBytes = 20_000 + random.nextInt(200_000);
        node(1, new MerlinConf.Backlog(10_000 + random.nextInt(200_000), Duration.ofSeconds(30), 0));
        node(2, WIDE);
        start();
        for (int step = 0; step < 120; step++) {
            Away node = nodes.get(1 + random.nextInt(2));
            switch (random.nextInt(9)) {
                case 8 -> store.work(random.nextInt(5));
                case 0 -> node.come();
                case 1 -> node.feed.close();
                case 2 -> {
                    start();
                    node.unacknowledged = 0;
                }
                case 3 -> store.takeCheckpoints(random.nextBoolean());
                case 4 -> pass(1 + random.nextInt(5));
                case 5 -> pass(random.nextInt(40));
                default -> events(1 + random.nextInt(30));
            }
            assertThat(nodes.get(1).feed.distance().events()).isNotNegative();
        }
        worksAtOnce = true;
        store.takeCheckpoints(true);
        events(1);
        events(1); // odd and even
        nodes.values().forEach(Away::come);
        catchUp();
        Away all = nodes.get(1);
        assertThat(all.got).isSorted().doesNotHaveDuplicates();
        assertThat(all.got.size() + all.lost).as("seed %d", seed).isEqualTo(sequence);
        Away odd = nodes.get(2);
        assertThat(odd.got).isSorted().doesNotHaveDuplicates();
        assertThat(odd.got).allMatch(number -> number % 2 == 1);
        if (odd.lost == 0) {
            assertThat(odd.got).hasSize((int) (sequence + 1) / 2);
        }
        pass(100);
        assertThat(store.bytes()).isLessThanOrEqualTo(logMaxBytes);
    }

    private Away join(int number) {
        Away node = node(number, WIDE);
        node.feed = flow.join(node, "node" + number, WIDE);
        return node;
    }

    private void eventsForSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            events(1);
            pass(1);
        }
    }

    @Test
    void aNodeThatJoinsIsSentTheLastMinuteAndToldThatItMissedTheRest() {
        node(2, WIDE);
        start();
        eventsForSeconds(300);
        Away joined = join(1);
        assertThat(joined.feed.distance().events()).isBetween(55L, 62L);
        eventsForSeconds(10);
        joined.come();
        catchUp(joined);
        assertThat(joined.got).hasSizeBetween(65, 72).isSorted().endsWith(310L);
        assertThat(joined.lost).isEqualTo(310 - joined.got.size());
    }

    @Test
    void aNodeThatJoinsWithMarksFromBeforeGetsAllAboveThem() {
        node(2, WIDE);
        start();
        eventsForSeconds(300);
        Away joined = join(1);
        joined.mark = 50;
        joined.come();
        catchUp(joined);
        assertThat(joined.got).hasSize(250).startsWith(51L).endsWith(300L);
        assertThat(joined.lost).isZero();
    }

    @Test
    void aNodeThatLeavesHoldsNothingOfTheLogAndIsInNoCheckpoint() {
        Away leaving = node(1, WIDE);
        start();
        eventsForSeconds(300);
        assertThat(store.start()).isZero();
        assertThat(leaving.feed.distance().events()).isEqualTo(300);
        nodes.remove(1);
        flow.leave(leaving.feed);
        pass(3);
        assertThat(flow.checkpoint().cursors()).isEmpty();
        for (int i = 0; i < 5; i++) {
            events(300); // the state table, too, holds the log until it is written anew
            pass(100);
        }
        assertThat(store.start()).isGreaterThan(300);
        start();
        pass(70);
        assertThat(join(1).feed.distance().events()).isZero();
    }

    private void catchUp(Away node) {
        for (int i = 0; i < 1_000 && node.mark < sequence; i++) {
            pass(1);
        }
    }
}
