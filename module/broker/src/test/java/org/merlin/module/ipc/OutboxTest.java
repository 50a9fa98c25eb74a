package org.merlin.module.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.module.ipc.Packets.ORIGIN;
import static org.merlin.module.ipc.Packets.aPacket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

final class OutboxTest {
    private static final Outbox.Bounds WIDE = new Outbox.Bounds(1 << 20, 64 << 20);

    @TempDir
    Path dir;

    private static Outbox open(Path dir, int epoch, Outbox.Bounds bounds) throws IOException {
        return Outbox.open(ORIGIN, epoch, dir, bounds, cause -> {
            throw new IllegalStateException(cause);
        });
    }

    private static List<Packet> packets(int epoch, long from, long to) {
        List<Packet> packets = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            packets.add(aPacket(epoch, sequence, 300));
        }
        return packets;
    }

    private static Mark mark(int epoch, long sequence) {
        return new Mark(new StreamId(ORIGIN, epoch), sequence);
    }

    private static List<String> chunks(Outbox outbox) {
        List<String> all = new ArrayList<>();
        for (Optional<Chunk> next = outbox.next(); next.isPresent(); next = outbox.next()) {
            Chunk chunk = next.get();
            all.add(chunk.stream().epoch() + ": " + chunk.after() + ".." + chunk.upTo()
                    + (chunk.lost() ? " lost" : ""));
        }
        return all;
    }

    @Test
    void saysNothingBeforeItKnowsTheDaemonsMarks() throws IOException {
        Outbox outbox = open(dir, 2, WIDE);
        outbox.add(packets(2, 1, 3));
        assertThat(outbox.next()).isEmpty();
        outbox.onConnected(List.of());
        assertThat(chunks(outbox)).containsExactly("2: 0..3");
    }

    @Test
    void packsWhatWaitsIntoChunksOfTheRightSize() throws IOException {
        Outbox outbox = open(dir, 2, WIDE);
        outbox.onConnected(List.of());
        outbox.add(packets(2, 1, 400));
        List<Chunk> all = new ArrayList<>();
        for (Optional<Chunk> next = outbox.next(); next.isPresent(); next = outbox.next()) {
            all.add(next.get());
        }
        assertThat(all).hasSize(3).allMatch(chunk -> chunk.recordBytes() < 60_100);
        assertThat(all.get(2).upTo()).isEqualTo(400);
    }

    @Test
    void sendsOlderEpochsFirstAsStreamsOfTheirOwn() throws IOException {
        Outbox first = open(dir, 2, WIDE);
        first.add(packets(2, 1, 5));
        Outbox second = open(dir, 4, WIDE); // the first one was killed
        second.add(packets(4, 1, 2));
        second.onConnected(List.of(mark(2, 3)));
        assertThat(second.events()).isEqualTo(4);
        assertThat(chunks(second)).containsExactly("2: 3..5", "4: 0..2");
        second.onAcknowledged(List.of(mark(2, 5), mark(4, 2)));
        assertThat(second.events()).isZero();
        assertThat(second.fileBytes()).isZero();
    }

    @Test
    void aDaemonThatIsBackGetsTheFileThenWhatCameMeanwhile() throws IOException {
        Outbox outbox = open(dir, 2, new Outbox.Bounds(20_000, 1 << 20));
        outbox.add(packets(2, 1, 200));
        assertThat(outbox.memoryBytes()).isLessThanOrEqualTo(10_000);
        outbox.onConnected(List.of());
        outbox.add(packets(2, 201, 210));
        assertThat(chunks(outbox)).containsExactly("2: 0..164");
        outbox.onAcknowledged(List.of(mark(2, 164)));
        assertThat(chunks(outbox)).containsExactly("2: 164..210");
        assertThat(outbox.dropped()).isZero();
    }

    @Test
    void namesWhatWentAtTheBound() throws IOException {
        Outbox outbox = open(dir, 2, new Outbox.Bounds(8_000, 40_000));
        outbox.add(packets(2, 1, 1000));
        outbox.onConnected(List.of());
        List<String> sent = chunks(outbox);
        long dropped = outbox.dropped();
        assertThat(dropped).isBetween(850L, 999L);
        assertThat(sent).containsExactly("2: 0.." + dropped + " lost", "2: " + dropped + "..1000");
    }

    @Test
    void goesBackToTheMarkThatItIsTold() throws IOException {
        Outbox outbox = open(dir, 2, WIDE);
        outbox.onConnected(List.of());
        outbox.add(packets(2, 1, 10));
        chunks(outbox);
        outbox.onGoBack(List.of(mark(2, 4)));
        assertThat(chunks(outbox)).containsExactly("2: 4..10");
    }

    @Test
    void saysWhatTheDaemonHasLostAlthoughItHadAcknowledgedIt() throws IOException {
        Outbox outbox = open(dir, 2, WIDE);
        outbox.onConnected(List.of());
        outbox.add(packets(2, 1, 10));
        chunks(outbox);
        outbox.onAcknowledged(List.of(mark(2, 8)));
        outbox.onDisconnected();
        outbox.onConnected(List.of(mark(2, 5)));
        assertThat(chunks(outbox)).containsExactly("2: 5..8 lost", "2: 8..10");
    }

    @Test
    void aDaemonThatReadsAndTakesNothingGetsWhatMemoryHoldsAndWhatGoesIsCountedMeanwhile() throws IOException {
        Outbox outbox = open(dir, 2, new Outbox.Bounds(20_000, 40_000));
        outbox.onConnected(List.of());
        for (int i = 0; i < 100; i++) {
            outbox.add(packets(2, 10 * i + 1, 10 * i + 10));
            chunks(outbox); // all that goes, and none of it is acknowledged
        }
        long dropped = outbox.dropped();
        assertThat(dropped).isBetween(800L, 1_000L);
        outbox.onGoBack(List.of(mark(2, 0)));
        assertThat(chunks(outbox)).endsWith("2: " + outbox.dropped() + "..1000");
    }

    @Test
    void noticesADaemonThatHasMoreThanWeMade() throws IOException {
        Outbox outbox = open(dir, 2, WIDE);
        outbox.onConnected(List.of(mark(2, 8)));
        assertThat(outbox.aheadOfUs()).isPresent();
    }

    /** A daemon as a model: what it was given, in order, and how far it would come back after a crash. */
    private static final class ModelDaemon {
        final Map<StreamId, Long> marks = new HashMap<>();
        final Map<StreamId, TreeSet<Long>> has = new HashMap<>();
        final Map<StreamId, TreeSet<Long>> named = new HashMap<>();

        void take(Chunk chunk) {
            long mark = marks.getOrDefault(chunk.stream(), 0L);
            assertThat(chunk.after()).as("%s at mark %s", chunk, mark).isLessThanOrEqualTo(mark);
            if (chunk.upTo() <= mark) {
                return;
            }
            if (chunk.lost()) {
                for (long sequence = mark + 1; sequence <= chunk.upTo(); sequence++) {
                    named.computeIfAbsent(chunk.stream(), any -> new TreeSet<>())
                            .add(sequence);
                }
            }
            PacketCursor cursor = new PacketCursor();
            ByteBuffer in = chunk.packets();
            long last = chunk.after();
            while (Chunk.nextTrusted(cursor, in)) {
                assertThat(cursor.sequence()).isEqualTo(++last);
                has.computeIfAbsent(chunk.stream(), any -> new TreeSet<>()).add(cursor.sequence());
            }
            marks.put(chunk.stream(), chunk.upTo());
        }

        List<Mark> all() {
            List<Mark> all = new ArrayList<>();
            marks.forEach((stream, sequence) -> all.add(new Mark(stream, sequence)));
            return all;
        }

        /** What a crash before its last syncs leaves. */
        void lose(Random random) {
            marks.replaceAll((stream, sequence) -> Math.max(0, sequence - random.nextInt(20)));
            has.forEach((stream, sequences) ->
                    sequences.tailSet(marks.getOrDefault(stream, 0L), false).clear());
        }

        boolean has(int epoch, long sequence) {
            return has.getOrDefault(new StreamId(ORIGIN, epoch), new TreeSet<>())
                    .contains(sequence);
        }

        boolean named(int epoch, long sequence) {
            return named.getOrDefault(new StreamId(ORIGIN, epoch), new TreeSet<>())
                    .contains(sequence);
        }
    }

    /** One run: a module and a daemon that are cut, killed and started again as a seed says. */
    private final class Run implements AutoCloseable {
        final Path home = Files.createTempDirectory("outbox");
        final Random random;
        final Outbox.Bounds bounds;
        final boolean daemonForgets;
        final ModelDaemon daemon = new ModelDaemon();
        final Map<Integer, Long> made = new HashMap<>();
        final Map<Integer, TreeSet<Long>> excused = new HashMap<>();
        Outbox outbox;
        int epoch = 2;
        boolean connected;
        boolean kills = true;
        long droppedBefore;

        Run(long seed, Outbox.Bounds bounds, boolean daemonForgets) throws IOException {
            random = new Random(seed);
            this.bounds = bounds;
            this.daemonForgets = daemonForgets;
            outbox = open(home, epoch, bounds);
        }

        void step() throws IOException {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> make(1 + random.nextInt(30));
                case 3, 4 -> talk(random.nextInt(4));
                case 5 -> {
                    if (connected) {
                        outbox.onAcknowledged(daemon.all());
                    }
                }
                case 6 -> connect();
                case 7 -> {
                    connected = false;
                    outbox.onDisconnected();
                }
                case 8 -> goBackOrKill();
                default -> {
                    if (!connected && daemonForgets) {
                        daemon.lose(random);
                    }
                }
            }
        }

        void make(int count) {
            List<Packet> fresh = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long sequence = made.merge(epoch, 1L, Long::sum);
                fresh.add(aPacket(epoch, sequence, random.nextInt(600)));
            }
            outbox.add(fresh);
        }

        void talk(int chunks) {
            for (int i = 0; i < chunks && connected; i++) {
                outbox.next().ifPresent(daemon::take);
            }
        }

        void connect() {
            if (!connected) {
                connected = true;
                outbox.onConnected(daemon.all());
            }
        }

        void goBackOrKill() throws IOException {
            if (connected && random.nextBoolean()) {
                outbox.onGoBack(daemon.all());
            } else if (kills && random.nextInt(3) == 0) {
                kill();
            }
        }

        void kill() throws IOException {
            if (connected) { // what was not handed over yet is in memory alone: the batch that a kill may cost
                excused.put(epoch, new TreeSet<>());
            }
            droppedBefore += outbox.dropped();
            connected = false;
            epoch += 2;
            outbox = open(home, epoch, bounds);
        }

        void comeToRest() {
            connect();
            outbox.onAcknowledged(daemon.all());
            for (Optional<Chunk> next = outbox.next(); next.isPresent(); next = outbox.next()) {
                daemon.take(next.get());
                outbox.onAcknowledged(daemon.all());
            }
        }

        @Override
        public void close() throws IOException {
            outbox.close();
            try (Stream<Path> files = Files.walk(home)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Property(tries = 300)
    void everythingReachesTheDaemonOnceItIsThere(@ForAll long seed) throws IOException {
        try (Run run = new Run(seed, new Outbox.Bounds(20_000, 64 << 20), false)) {
            for (int i = 0; i < 150; i++) {
                run.step();
            }
            run.comeToRest();
            assertThat(run.outbox.events()).isZero();
            assertThat(run.outbox.fileBytes()).isZero();
            assertThat(run.daemon.named).isEmpty();
            run.made.forEach((epoch, count) -> {
                for (long sequence = 1; sequence <= count && !run.excused.containsKey(epoch); sequence++) {
                    assertThat(run.daemon.has(epoch, sequence))
                            .as("%d of epoch %d", sequence, epoch)
                            .isTrue();
                }
            });
        }
    }

    @Property(tries = 300)
    void whatIsMissingIsNamedAndCounted(@ForAll long seed) throws IOException {
        try (Run run = new Run(seed, new Outbox.Bounds(6_000, 24_000), false)) {
            for (int i = 0; i < 150; i++) {
                run.step();
                assertThat(run.outbox.memoryBytes()).isLessThanOrEqualTo(3_000);
                assertThat(run.outbox.fileBytes()).isLessThanOrEqualTo(24_000 + 1_000);
            }
            run.comeToRest();
            long missing = 0;
            for (long sequence = 1; sequence <= run.made.getOrDefault(run.epoch, 0L); sequence++) {
                assertThat(run.daemon.has(run.epoch, sequence) || run.daemon.named(run.epoch, sequence))
                        .as("%d of epoch %d", sequence, run.epoch)
                        .isTrue();
                missing += run.daemon.has(run.epoch, sequence) ? 0 : 1;
            }
            assertThat(missing).isLessThanOrEqualTo(run.outbox.dropped() + run.droppedBefore);
            assertThat(run.outbox.events()).isZero();
        }
    }

    /** Also those that went while they were on their way, whether the daemon took them or not. */
    @Property(tries = 300)
    void whatIsCountedAsDroppedIsWhatTheDaemonLacks(@ForAll long seed) throws IOException {
        try (Run run = new Run(seed, new Outbox.Bounds(6_000, 24_000), false)) {
            run.kills = false;
            long before = 0;
            for (int i = 0; i < 150; i++) {
                run.step();
                assertThat(run.outbox.dropped()).isGreaterThanOrEqualTo(before);
                before = run.outbox.dropped();
            }
            run.comeToRest();
            long made = run.made.getOrDefault(run.epoch, 0L);
            long has = LongStream.rangeClosed(1, made)
                    .filter(sequence -> run.daemon.has(run.epoch, sequence))
                    .count();
            assertThat(has + run.outbox.dropped()).isEqualTo(made);
        }
    }

    @Property(tries = 300)
    void aDaemonThatForgetsGetsAgainWhatIsStillThereAndIsToldTheRest(@ForAll long seed) throws IOException {
        try (Run run = new Run(seed, new Outbox.Bounds(20_000, 64 << 20), true)) {
            for (int i = 0; i < 150; i++) {
                run.step();
            }
            run.comeToRest();
            for (long sequence = 1; sequence <= run.made.getOrDefault(run.epoch, 0L); sequence++) {
                assertThat(run.daemon.has(run.epoch, sequence) || run.daemon.named(run.epoch, sequence))
                        .as("%d of epoch %d", sequence, run.epoch)
                        .isTrue();
            }
            assertThat(run.outbox.dropped()).isZero();
        }
    }
}
