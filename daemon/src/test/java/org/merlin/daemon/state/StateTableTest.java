package org.merlin.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;

class StateTableTest {
    private static final long DAY_MICROS = 86_400_000_000L;
    private static final long NOW = 20_000 * DAY_MICROS;
    private static final MonitoredObject WEB = MonitoredObject.ofHost("web");

    private final EventCodec codec = new EventCodec();
    private final PacketWriter writer = new PacketWriter();
    private final StateTable table = new StateTable();
    private long sequence;

    private ByteBuffer packet(Event event, long origin, long number, int revision, long micros, long key) {
        ByteBuffer body = codec.encode(event);
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        writer.event(
                out,
                new PacketWriter.EventHeader(EventCodec.typeOf(event), 3, 0, origin, number, 2, revision, micros, key),
                body);
        return out.flip();
    }

    private static CheckResult result(MonitoredObject object, String output) {
        return new CheckResult(
                object,
                0,
                StateType.HARD,
                1,
                3,
                CheckType.ACTIVE,
                CheckResult.Output.of(output),
                new CheckResult.Timing(NOW, NOW, 0, 0, NOW),
                new CheckResult.History(0, 0, NOW, NOW, CheckResult.LastTimes.NEVER.with(0, NOW), 0, 0, 0, 0, false, 0),
                CheckResult.NotificationCount.NONE);
    }

    private ByteBuffer result(long origin, int revision, long micros, String output) {
        return packet(result(WEB, output), origin, ++sequence, revision, micros, WEB.key());
    }

    private static boolean take(StateTable into, ByteBuffer packet) {
        PacketCursor cursor = new PacketCursor();
        assertThat(Chunk.nextTrusted(cursor, packet.duplicate())).isTrue();
        return into.take(cursor);
    }

    private boolean take(ByteBuffer packet) {
        return take(table, packet);
    }

    private static List<ByteBuffer> walk(StateTable of) {
        List<ByteBuffer> met = new ArrayList<>();
        StateTable.Walk walk = of.walk(any -> true);
        for (Optional<Chunk> part = walk.next(1000, 3); part.isPresent(); part = walk.next(1000, 3)) {
            met.addAll(packets(part.get()));
        }
        return met;
    }

    private static List<ByteBuffer> packets(Chunk items) {
        List<ByteBuffer> packets = new ArrayList<>();
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = items.packets();
        while (Chunk.nextTrusted(cursor, in)) {
            packets.add(cursor.packet());
        }
        return packets;
    }

    @Example
    void theHigherRevisionStaysThenTheLaterTimeThenTheHigherOrigin() {
        ByteBuffer second = result(1, 2, NOW, "second");
        ByteBuffer later = result(1, 2, NOW + 1, "later");
        ByteBuffer other = result(-1, 2, NOW + 1, "other");
        assertThat(take(result(1, 1, NOW + 5, "first, by a clock that is fast")))
                .isTrue();
        assertThat(take(second)).isTrue();
        assertThat(take(later)).isTrue();
        assertThat(take(second)).isFalse();
        assertThat(take(other)).isTrue();
        assertThat(take(later)).isFalse();
        assertThat(take(other)).isFalse();
        assertThat(table.sorted()).containsExactly(other);
    }

    @Example
    void aDeletionWinsAlsoWhereItComesFirst() {
        Comment comment = new Comment(WEB, 1, "anna", "text", true, 1, 0);
        ByteBuffer made = packet(comment, 7, 10, 0, NOW, WEB.key());
        Deletion deletion = new Deletion(Deletion.Kind.COMMENT, new EventName(7, 2, 10), WEB);
        ByteBuffer deleted = packet(deletion, 8, 1, 0, NOW + 5, WEB.key());
        assertThat(take(deleted)).isTrue();
        assertThat(take(made)).isFalse();
        StateTable other = new StateTable();
        assertThat(take(other, made)).isTrue();
        assertThat(take(other, deleted)).isTrue();
        assertThat(other.sorted()).isEqualTo(table.sorted()).containsExactly(deleted);
    }

    /** Its origin knows no better: it was started again before anybody could tell it. */
    @Example
    void whatIsToldAgainIsWhatItWasAndStaysDeleted() {
        Comment comment = new Comment(WEB, 1, "anna", "text", true, 1, 0);
        ByteBuffer made = packet(comment, 7, 10, 0, NOW, WEB.key());
        ByteBuffer again = packet(new Repetition(2, 10, comment), 7, 30, 0, NOW, WEB.key());
        assertThat(take(again)).isTrue();
        assertThat(take(made)).isFalse();
        assertThat(table.sorted()).containsExactly(made);
        assertThat(take(again)).isFalse();
        assertThat(table.sorted()).containsExactly(made);
        ByteBuffer deleted =
                packet(new Deletion(Deletion.Kind.COMMENT, new EventName(7, 2, 10), WEB), 8, 1, 0, NOW + 5, WEB.key());
        assertThat(take(deleted)).isTrue();
        assertThat(take(again)).isFalse();
        assertThat(table.sorted()).containsExactly(deleted);
    }

    @Example
    void aNodeRepeatsNothingInTheNameOfAnother() {
        Comment comment = new Comment(WEB, 1, "anna", "text", true, 1, 0);
        take(packet(comment, 7, 10, 0, NOW, WEB.key()));
        take(packet(new Repetition(2, 10, comment), 8, 30, 0, NOW, WEB.key()));
        assertThat(table.size()).isEqualTo(2);
    }

    private static Acknowledgement acknowledgement(MonitoredObject of, boolean persistent, String text) {
        return new Acknowledgement(of, true, 1, 1, true, persistent, false, "anna", text, 1, 0);
    }

    @Example
    void anAcknowledgementThatIsOverIsKeptForItsCommentUntilThatIsDeleted() {
        ByteBuffer first = packet(acknowledgement(WEB, true, "stays"), 7, 10, 1, NOW, WEB.key());
        ByteBuffer second = packet(acknowledgement(WEB, false, "goes"), 7, 11, 2, NOW, WEB.key());
        ByteBuffer third = packet(Acknowledgement.removed(WEB, 1), 7, 12, 3, NOW, WEB.key());
        take(first);
        take(second);
        take(third);
        assertThat(walk(table)).containsExactlyInAnyOrder(first, third);
        StateTable late = new StateTable();
        assertThat(take(late, third)).isTrue();
        assertThat(take(late, second)).isFalse();
        assertThat(take(late, first)).isTrue();
        assertThat(late.sorted()).isEqualTo(table.sorted());
        ByteBuffer deleted =
                packet(new Deletion(Deletion.Kind.COMMENT, new EventName(7, 2, 10), WEB), 8, 1, 0, NOW + 5, WEB.key());
        assertThat(take(deleted)).isTrue();
        assertThat(take(first)).isFalse();
        assertThat(walk(table)).containsExactlyInAnyOrder(deleted, third);
    }

    @Example
    void whatIsOverIsForgotten() {
        take(packet(new Comment(WEB, 1, "anna", "ends", true, 1, 100), 7, 1, 0, NOW, WEB.key()));
        take(packet(new Comment(WEB, 1, "anna", "stays", true, 1, 0), 7, 2, 0, NOW, WEB.key()));
        take(packet(new Downtime(WEB, 1, "anna", "fixed", 50, 100, true, 0, EventName.NONE), 7, 3, 0, NOW, WEB.key()));
        take(packet(
                new Downtime(WEB, 1, "anna", "flexible", 50, 100, false, 60, EventName.NONE), 7, 4, 0, NOW, WEB.key()));
        take(packet(new Deletion(Deletion.Kind.COMMENT, new EventName(9, 2, 9), WEB), 7, 5, 0, 50_000_000, WEB.key()));
        table.forgetOver(99_999_999);
        assertThat(table.size()).isEqualTo(5);
        table.forgetOver(100_000_000);
        assertThat(table.size()).isEqualTo(3);
        table.forgetOver(160_000_000);
        assertThat(table.size()).isEqualTo(2);
        table.forgetOver(50_000_000 + StateTable.TOMBSTONE_MICROS);
        assertThat(table.size()).isEqualTo(1);
        assertThat(walk(table)).hasSize(1);
        assertThat(take(result(1, 1, NOW, "takes a free place"))).isTrue();
        assertThat(walk(table)).hasSize(2);
    }

    @Example
    void whatHappensAndIsOverIsNoState() {
        assertThat(take(packet(new ExternalCommand("X", "", 1), 1, 1, 0, NOW, 5)))
                .isFalse();
        assertThat(table.size()).isZero();
    }

    @Example
    void attributesOfOneObjectAreItemsOfTheirOwn() {
        take(packet(Register.of(WEB, "notifications", "0"), 1, 1, 1, NOW, WEB.key()));
        take(packet(Register.of(WEB, "checks", "0"), 1, 2, 1, NOW, WEB.key()));
        take(packet(Register.of(WEB, "checks", "1"), 2, 1, 2, NOW, WEB.key()));
        assertThat(table.size()).isEqualTo(2);
    }

    @Example
    void atItsBoundItTakesNothingNewAndCountsThat() {
        StateTable small = new StateTable(1);
        assertThat(take(small, result(1, 1, NOW, "one"))).isTrue();
        MonitoredObject db = MonitoredObject.ofHost("db");
        assertThat(take(small, packet(result(db, "two"), 1, 2, 1, NOW, db.key())))
                .isFalse();
        assertThat(take(small, result(1, 2, NOW, "one, again"))).isTrue();
        assertThat(small.refused()).isEqualTo(1);
    }

    private List<ByteBuffer> manyEvents(Random random) {
        List<ByteBuffer> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            MonitoredObject object = MonitoredObject.ofService("h" + random.nextInt(4), "s");
            int revision = 1 + random.nextInt(3);
            long micros = NOW + random.nextInt(3);
            long origin = random.nextInt(3) - 1;
            Event event = switch (random.nextInt(7)) {
                case 0 -> new Comment(object, 1, "a", "t" + i, true, 1, 0);
                case 5 -> acknowledgement(object, random.nextBoolean(), "k" + i);
                case 1 -> new Downtime(object, 1, "a", "t" + i, 1, 1 << 30, true, 0, EventName.NONE);
                case 2 ->
                    new Deletion(
                            Deletion.Kind.values()[random.nextInt(2)],
                            new EventName(origin, 2, random.nextInt(60)),
                            object);
                case 3 -> Register.of(object, "checks", "" + random.nextInt(2));
                case 4 -> Acknowledgement.removed(object, i);
                default -> result(object, "o" + i);
            };
            // of one origin no two events are of the same revision and time
            all.add(packet(event, origin, i, revision, micros * 100 + i, object.key()));
            boolean mayRepeat =
                    event instanceof Comment || event instanceof Downtime || event instanceof Acknowledgement;
            if (mayRepeat && random.nextInt(3) == 0) {
                Repetition again = new Repetition(2, i, event);
                all.add(packet(again, origin, 100 + i, revision, micros * 100 + i, object.key()));
            }
        }
        return all;
    }

    @Property(tries = 200)
    void isTheSameWhateverComesFirstAndHoweverOften(@ForAll long seed) {
        StateTable one = new StateTable();
        Random random = new Random(seed);
        List<ByteBuffer> events = manyEvents(random);
        events.forEach(event -> take(one, event));
        List<ByteBuffer> again = new ArrayList<>(events);
        again.addAll(events.subList(0, 20));
        Collections.shuffle(again, random);
        StateTable other = new StateTable();
        again.forEach(event -> take(other, event));
        assertThat(other.sorted()).isEqualTo(one.sorted());
    }

    @Property(tries = 100)
    void isReadAsItWasKeptEvenIfItChangesMeanwhile(@ForAll long seed) throws Exception {
        StateTable one = new StateTable();
        Random random = new Random(seed);
        List<ByteBuffer> events = manyEvents(random);
        events.subList(0, 30).forEach(event -> take(one, event));
        ByteBuffer file = ByteBuffer.allocate(1 << 20).put(StateFormat.header(42));
        StateTable.Walk walk = one.walk(any -> true);
        int next = 30;
        for (Optional<Chunk> part = walk.next(700, 5); part.isPresent(); part = walk.next(700, 5)) {
            if (part.get().count() > 0) {
                file.put(StateFormat.part(part.get()));
            }
            if (next < events.size()) {
                take(one, events.get(next++));
            }
        }
        file.put(StateFormat.end(walk.met())).flip();
        StateTable read = new StateTable();
        assertThat(StateFormat.read(file, read)).isEqualTo(42);
        events.subList(30, next).forEach(event -> take(read, event)); // what came behind its beginning
        assertThat(read.sorted()).isEqualTo(one.sorted());
    }

    @Property(tries = 300)
    void aFileThatIsCutOrChangedIsRefused(@ForAll long seed) {
        StateTable one = new StateTable();
        Random random = new Random(seed);
        manyEvents(random).forEach(event -> take(one, event));
        ByteBuffer file = ByteBuffer.allocate(1 << 20).put(StateFormat.header(42));
        StateTable.Walk walk = one.walk(any -> true);
        for (Optional<Chunk> part = walk.next(700, 50); part.isPresent(); part = walk.next(700, 50)) {
            file.put(StateFormat.part(part.get()));
        }
        file.put(StateFormat.end(walk.met())).flip();
        if (random.nextBoolean()) {
            file.limit(random.nextInt(file.limit()));
        } else {
            int at = 16 + random.nextInt(file.limit() - 16);
            file.put(at, (byte) (file.get(at) ^ 1 << random.nextInt(8)));
        }
        assertThatThrownBy(() -> StateFormat.read(file, new StateTable())).isInstanceOf(MalformedPacketException.class);
    }
}
