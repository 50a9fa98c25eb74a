package org.merlin.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple3;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo.Counts;
import org.merlin.protocol.control.NodeInfo.GroupLists;
import org.merlin.protocol.control.Rings.GroupRing;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

class ControlPacketsTest {
    /** Reads a body. */
    private interface Decoder {
        Object decode(ByteBuffer body) throws MalformedPacketException;
    }

    private static final List<Decoder> DECODERS = List.of(
            Pulse::decode,
            NodeInfo::decode,
            Marks::decode,
            Rings::decode,
            Words::decode,
            Assignment::decode,
            AssignmentQuery::decode,
            AssignmentList::decode,
            AssignmentListQuery::decode,
            Drain::decode,
            Goodbye::decode,
            StateAsk::decode,
            StateTold::decode,
            ListQuery::decode,
            ListPart::decode,
            Lacking::decode,
            ConfigHead::decode,
            ConfigTry::decode,
            ConfigVerdict::decode,
            ConfigAsk::decode,
            ConfigPiece::decode);

    private static Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars("abcXYZ0189.-_äß€")
                .ofMinLength(1)
                .ofMaxLength(64);
    }

    private static Arbitrary<List<String>> lists() {
        return names().list().ofMaxSize(20);
    }

    @Provide
    static Arbitrary<Pulse> pulses() {
        Arbitrary<Integer> ints = Arbitraries.integers();
        Arbitrary<Long> longs = Arbitraries.longs();
        Arbitrary<GroupDigest> digests = Combinators.combine(ints, longs, longs)
                .as((selection, ring, lists) -> new GroupDigest(selection, ring, lists, ~ring));
        return Combinators.combine(
                        names(),
                        ints,
                        longs,
                        longs,
                        lists(),
                        digests.list().ofMaxSize(10),
                        Arbitraries.maps(names(), longs).ofMaxSize(10))
                .as((name, number, sent, echo, sees, shown, figures) -> new Pulse(
                        name,
                        number,
                        ~number,
                        sent,
                        echo,
                        -sent,
                        number,
                        sent > 0,
                        sees,
                        shown,
                        figures,
                        sent < 0,
                        sees,
                        sees.stream()
                                .map(other -> new NodeNews(other, echo < 0, sent, shown))
                                .toList()));
    }

    @Provide
    static Arbitrary<NodeInfo> infos() {
        Arbitrary<Integer> ints = Arbitraries.integers();
        Arbitrary<Long> longs = Arbitraries.longs();
        Arbitrary<Counts> counts =
                Combinators.combine(ints, ints, ints, ints, ints, ints).as(Counts::new);
        Arbitrary<List<GroupLists>> groups =
                Combinators.combine(ints, longs).as(GroupLists::new).list().ofMaxSize(10);
        return Combinators.combine(ints, ints, names(), longs, names(), counts, groups, lists())
                .as((from, epoch, scheduler, start, sha1, count, group, selection) -> new NodeInfo(
                        from,
                        ~from,
                        64,
                        from % 2 == 0,
                        scheduler,
                        epoch,
                        -epoch,
                        start,
                        new ConfigStamp(sha1, -start),
                        count,
                        epoch,
                        group,
                        selection,
                        from,
                        epoch,
                        selection));
    }

    @Provide
    static Arbitrary<Marks> marks() {
        Arbitrary<Mark> mark = Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers(),
                        Arbitraries.longs().greaterOrEqual(0))
                .as((origin, epoch, sequence) -> new Mark(new StreamId(origin, epoch), sequence));
        return Combinators.combine(Arbitraries.of(Marks.Kind.class), mark.list().ofMaxSize(50))
                .as(Marks::new);
    }

    @Provide
    static Arbitrary<Rings> rings() {
        return Combinators.combine(
                        Arbitraries.integers(),
                        lists(),
                        Arbitraries.of(true, false),
                        lists().list().ofMaxSize(4),
                        Arbitraries.longs())
                .as((selection, ring, agreed, kept, hash) ->
                        new GroupRing(selection, ring, agreed, kept, new Rings.LoadedLists(hash, agreed, ~hash)))
                .list()
                .ofMaxSize(6)
                .map(groups -> new Rings(
                        groups,
                        groups.size() % 2 == 0,
                        List.of(new Rings.Blocking("leia", List.of("dmz"))),
                        groups.size() % 3 == 0,
                        groups.size() % 3 == 1));
    }

    @Provide
    static Arbitrary<Assignment> assignments() {
        Arbitrary<Integer> ints = Arbitraries.integers();
        return Combinators.combine(ints, Arbitraries.of(true, false), ints, ints, ints, lists(), names())
                .as((id, known, selection, slot, of, line, why) ->
                        new Assignment(id, known, selection, slot, of, line, !known, known, why));
    }

    @Provide
    static Arbitrary<ListPart> parts() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.longs().set().ofMaxSize(50),
                        Arbitraries.integers().between(0, 60))
                .as((hash, keys, from) -> ListPart.of(
                        keys.stream().mapToLong(Long::longValue).sorted().toArray(), new ListQuery(hash, from)));
    }

    @Provide
    static Arbitrary<Lacking> lackings() {
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        lists(),
                        Arbitraries.longs().list().ofMaxSize(50))
                .as(Lacking::new);
    }

    /** A body, who reads it, and how much of it an older version writes; -1 for all. */
    @Provide
    static Arbitrary<Tuple3<ByteBuffer, Decoder, Integer>> bodies() {
        return Arbitraries.oneOf(
                pulses().map(pulse -> Tuple.of(pulse.encode(), (Decoder) Pulse::decode, withoutPlans(pulse))),
                infos().map(info -> Tuple.of(info.encode(), (Decoder) NodeInfo::decode, -1)),
                marks().map(mark -> Tuple.of(mark.encode(), (Decoder) Marks::decode, -1)),
                rings().map(ring -> Tuple.of(
                        ring.encode(),
                        (Decoder) Rings::decode,
                        ring.encode().remaining() - 4 - 17 * ring.groups().size())),
                assignments().map(answer -> Tuple.of(answer.encode(), (Decoder) Assignment::decode, -1)),
                assignmentLists().map(answer -> Tuple.of(answer.encode(), (Decoder) AssignmentList::decode, -1)),
                parts().map(part -> Tuple.of(part.encode(), (Decoder) ListPart::decode, -1)),
                lackings().map(lacking -> Tuple.of(lacking.encode(), (Decoder) Lacking::decode, -1)));
    }

    private static int withoutPlans(Pulse pulse) {
        int plans = 4 + 8 * pulse.digests().size() + 4;
        for (NodeNews news : pulse.others()) {
            plans += 4 + 8 * news.digests().size();
        }
        return pulse.encode().remaining() - plans;
    }

    @Provide
    static Arbitrary<AssignmentList> assignmentLists() {
        Arbitrary<Integer> ints = Arbitraries.integers();
        return Combinators.combine(
                        ints,
                        Combinators.combine(names(), names(), names(), ints)
                                .as(AssignmentList.Row::new)
                                .list()
                                .ofMaxSize(20),
                        ints)
                .as(AssignmentList::new);
    }

    @Property(tries = 300)
    void decodesAssignmentLists(@ForAll("assignmentLists") AssignmentList list) throws MalformedPacketException {
        assertThat(AssignmentList.decode(list.encode())).isEqualTo(list);
    }

    @Property(tries = 300)
    void decodesPulses(@ForAll("pulses") Pulse pulse) throws MalformedPacketException {
        assertThat(Pulse.decode(pulse.encode())).isEqualTo(pulse);
    }

    @Property(tries = 300)
    void decodesNodeInfos(@ForAll("infos") NodeInfo info) throws MalformedPacketException {
        assertThat(NodeInfo.decode(info.encode())).isEqualTo(info);
    }

    @Property(tries = 300)
    void decodesMarks(@ForAll("marks") Marks marks) throws MalformedPacketException {
        assertThat(Marks.decode(marks.encode())).isEqualTo(marks);
    }

    @Property(tries = 300)
    void decodesRings(@ForAll("rings") Rings rings) throws MalformedPacketException {
        assertThat(Rings.decode(rings.encode())).isEqualTo(rings);
    }

    @Property(tries = 300)
    void decodesQuestionsAndAnswers(@ForAll("assignments") Assignment assignment) throws MalformedPacketException {
        assertThat(Assignment.decode(assignment.encode())).isEqualTo(assignment);
        AssignmentQuery query = new AssignmentQuery(assignment.id(), assignment.why());
        assertThat(AssignmentQuery.decode(query.encode())).isEqualTo(query);
        assertThat(Words.decode(new Words(assignment.why()).encode())).isEqualTo(new Words(assignment.why()));
    }

    @Property(tries = 500)
    void skipsWhatANewerSenderAppended(@ForAll("bodies") Tuple3<ByteBuffer, Decoder, Integer> body, @ForAll byte[] more)
            throws MalformedPacketException {
        ByteBuffer longer = ByteBuffer.allocate(body.get1().remaining() + more.length);
        longer.put(body.get1().duplicate()).put(more).flip();
        assertThat(body.get2().decode(longer)).isEqualTo(body.get2().decode(body.get1()));
    }

    @Property(tries = 500)
    void aBodyCutAnywhereButWhereAnOlderVersionEndsIsMalformed(
            @ForAll("bodies") Tuple3<ByteBuffer, Decoder, Integer> body, @ForAll int where) {
        ByteBuffer cut = body.get1().duplicate();
        cut.limit(Math.floorMod(where, cut.remaining()));
        Assume.that(cut.limit() != body.get3());
        assertThatThrownBy(() -> body.get2().decode(cut)).isInstanceOf(MalformedPacketException.class);
    }

    @Property(tries = 300)
    void aPulseOfAVersionWithoutPlansHasNone(@ForAll("pulses") Pulse pulse) throws MalformedPacketException {
        ByteBuffer older = pulse.encode();
        older.limit(withoutPlans(pulse));
        Pulse decoded = Pulse.decode(older);
        assertThat(decoded.digests())
                .allSatisfy(digest -> assertThat(digest.plan()).isZero());
        assertThat(decoded.digests()).hasSameSizeAs(pulse.digests());
        assertThat(decoded.others()).hasSameSizeAs(pulse.others());
    }

    @Property(tries = 300)
    void ringsOfAVersionWithoutListsAreOfTheSameLists(@ForAll("rings") Rings rings) throws MalformedPacketException {
        ByteBuffer older = rings.encode();
        older.limit(older.limit() - 4 - 17 * rings.groups().size());
        assertThat(Rings.decode(older).groups())
                .hasSameSizeAs(rings.groups())
                .allSatisfy(group -> assertThat(group.lists()).isEqualTo(Rings.LoadedLists.SAME));
    }

    @Property(tries = 300)
    void decodesPartsOfLists(@ForAll("parts") ListPart part, @ForAll("lackings") Lacking lacking, @ForAll int from)
            throws MalformedPacketException {
        assertThat(ListPart.decode(part.encode())).isEqualTo(part);
        assertThat(Lacking.decode(lacking.encode())).isEqualTo(lacking);
        ListQuery query = new ListQuery(part.lists(), from);
        assertThat(ListQuery.decode(query.encode())).isEqualTo(query);
    }

    @Example
    void aListOfManyObjectsGoesInPartsThatFitIntoAPacket() throws MalformedPacketException {
        long[] keys = java.util.stream.LongStream.range(0, 160_000).toArray();
        int parts = 0;
        int from = 0;
        while (from < keys.length) {
            ListPart part =
                    ListPart.decode(ListPart.of(keys, new ListQuery(7, from)).encode());
            assertThat(part.encode().remaining()).isLessThan(PacketCursor.MAX_BODY_BYTES);
            assertThat(part.keys().get(0)).isEqualTo(from);
            assertThat(part.total()).isEqualTo(160_000);
            from += part.keys().size();
            parts++;
        }
        assertThat(parts).isEqualTo(20);
        assertThat(ListPart.of(keys, new ListQuery(7, 160_001))).isEqualTo(ListPart.unknown(7));
    }

    @Example
    void aPartWithMoreThanItsTotalOrWithoutOrderIsMalformed() {
        for (ListPart wrong : List.of(
                new ListPart(7, 2, 1, List.of(1L, 2L)),
                new ListPart(7, 9, 1, List.of(2L, 2L)),
                new ListPart(7, ListPart.MAX_TOTAL + 1, 0, List.of()),
                new ListPart(7, 9, -1, List.of()))) {
            assertThatThrownBy(() -> ListPart.decode(wrong.encode())).isInstanceOf(MalformedPacketException.class);
        }
    }

    @Property(tries = 2000)
    void noiseIsMalformedOrAPacketAndNothingElse(@ForAll byte[] noise) {
        DECODERS.forEach(decoder -> decodeHostile(decoder, noise));
    }

    @Property(tries = 1000)
    void flippedBytesAreMalformedOrAPacketAndNothingElse(
            @ForAll("bodies") Tuple3<ByteBuffer, Decoder, Integer> body, @ForAll int[] places, @ForAll byte with) {
        byte[] bytes = Arrays.copyOf(body.get1().array(), body.get1().remaining());
        for (int place : places) {
            bytes[Math.floorMod(place, bytes.length)] ^= with;
        }
        DECODERS.forEach(decoder -> decodeHostile(decoder, bytes));
    }

    private static void decodeHostile(Decoder decoder, byte[] body) {
        try {
            decoder.decode(ByteBuffer.wrap(body));
        } catch (MalformedPacketException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Example
    void aListOfFourThousandMillionElementsIsRefusedBeforeAnythingIsAllocated() {
        ByteBuffer body = ByteBuffer.allocate(5).put((byte) 0).putInt(-1).flip();
        assertThatThrownBy(() -> Marks.decode(body)).isInstanceOf(MalformedPacketException.class);
        ByteBuffer many = ByteBuffer.allocate(5).put((byte) 0).putInt(20_000).flip();
        assertThatThrownBy(() -> Marks.decode(many)).isInstanceOf(MalformedPacketException.class);
    }

    @Example
    void aPulseOfTheLargestClusterFitsIntoAPacket() {
        List<String> sees = java.util.stream.IntStream.range(0, 7000)
                .mapToObj(i -> "poller-" + i)
                .toList();
        Pulse pulse = new Pulse("m", 1, 1, 0, 0, 0, 1000, true, sees, List.of(), java.util.Map.of());
        assertThat(pulse.encode().remaining()).isLessThan(PacketCursor.MAX_BODY_BYTES);
    }

    @Example
    void wordsForTheLogAreOneShortLine() {
        assertThat(new Words("a\nb\u001b[31m" + "x".repeat(400)).printable())
                .startsWith("a b [31mxxx")
                .endsWith("...")
                .hasSize(303);
    }

    @Property
    void whatIsAskedAndToldOfStatesIsReadAsItWasWritten(
            @ForAll int id, @ForAll List<Long> objects, @ForAll StateTold.Kind kind) throws MalformedPacketException {
        StateAsk ask = new StateAsk(id, objects);
        assertThat(StateAsk.decode(ask.encode())).isEqualTo(ask);
        StateTold told = new StateTold(kind, id);
        assertThat(StateTold.decode(told.encode())).isEqualTo(told);
    }

    @Property
    void aGoodbyeIsReadAsItWasWritten(@ForAll("someName") String why, @ForAll boolean planned)
            throws MalformedPacketException {
        Goodbye goodbye = new Goodbye(why, planned);
        assertThat(Goodbye.decode(goodbye.encode())).isEqualTo(goodbye);
    }

    @Provide
    static Arbitrary<String> someName() {
        return names();
    }

    @Example
    void aGoodbyeWithoutAReasonIsNotPlanned() throws MalformedPacketException {
        assertThat(Goodbye.decode(ByteBuffer.allocate(0))).isEqualTo(new Goodbye("", false));
    }
}
