package org.merlin.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.merlin.protocol.wire.PacketWriter.EventHeader;

class MessageReaderTest {
    private static final StreamId STREAM = new StreamId(0x1234_5678_9abc_def0L, 4712);

    private final PacketWriter writer = new PacketWriter();
    private final MessageReader reader = new MessageReader();

    /** What a test sends: control packets and chunks, as bytes and as what they should be read as. */
    @Provide
    static Arbitrary<Message> messages() {
        Arbitrary<byte[]> bodies = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<Message> controls = Combinators.combine(Arbitraries.integers().between(1, 31), bodies)
                .as((code, body) -> new Message.Control(code, ByteBuffer.wrap(body)));
        Arbitrary<Message> chunks = Combinators.combine(
                        bodies.list().ofMaxSize(8),
                        Arbitraries.longs().between(0, 1L << 60),
                        Arbitraries.integers().between(0, 5))
                .as(MessageReaderTest::chunk);
        Arbitrary<Message> items = bodies.list().ofMaxSize(8).map(MessageReaderTest::items);
        return Arbitraries.oneOf(controls, chunks, items);
    }

    /** Items of a state table: packets of several streams, in no order. */
    private static Message items(List<byte[]> bodies) {
        Chunk run = (Chunk) chunk(bodies, 900, 0);
        ByteBuffer mixed = ByteBuffer.allocate(2 * run.packets().remaining());
        PacketWriter writer = new PacketWriter();
        for (byte[] body : bodies) {
            writer.event(
                    mixed,
                    new EventHeader(PacketType.HOST_CHECK, 1, 0, body.length, 1, 4, 1, 1, body.length),
                    ByteBuffer.wrap(body));
        }
        mixed.put(run.packets());
        return Chunk.items(2 * bodies.size(), mixed.flip());
    }

    /** A chunk of packets with gaps of up to {@code skip} between their sequences. */
    private static Message chunk(List<byte[]> bodies, long after, int skip) {
        PacketWriter writer = new PacketWriter();
        ByteBuffer packets = ByteBuffer.allocate(bodies.stream()
                .mapToInt(body -> PacketCursor.HEADER_BYTES + body.length)
                .sum());
        long sequence = after;
        for (byte[] body : bodies) {
            sequence += 1 + skip;
            writer.event(packets, header(sequence), ByteBuffer.wrap(body));
        }
        return new Chunk(STREAM, 0, after, sequence + skip, bodies.size(), packets.flip());
    }

    private static EventHeader header(long sequence) {
        return new EventHeader(
                PacketType.SERVICE_CHECK,
                Route.MASTERS | Route.SELECTION,
                0xcafe,
                STREAM.origin(),
                sequence,
                STREAM.epoch(),
                17,
                1_700_000_000_000_000L,
                0xfeed_beefL);
    }

    private byte[] wire(List<Message> messages) {
        List<ByteBuffer> parts = new ArrayList<>();
        for (Message message : messages) {
            parts.add(message.accept(new Message.Visitor<ByteBuffer>() {
                @Override
                public ByteBuffer control(Message.Control control) {
                    ByteBuffer out = ByteBuffer.allocate(
                            PacketCursor.HEADER_BYTES + control.body().remaining());
                    writer.control(out, control.code(), control.body());
                    return out.flip();
                }

                @Override
                public ByteBuffer chunk(Chunk chunk) {
                    return chunk.wire(writer, false);
                }
            }));
        }
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.array();
    }

    /** In a form that can be compared. */
    private static String text(Message message) {
        return message.accept(new Message.Visitor<String>() {
            @Override
            public String control(Message.Control control) {
                return control.code() + ":" + hex(control.body());
            }

            @Override
            public String chunk(Chunk chunk) {
                return chunk + ":" + hex(chunk.packets());
            }
        });
    }

    private static String hex(ByteBuffer bytes) {
        StringBuilder hex = new StringBuilder();
        ByteBuffer in = bytes.duplicate();
        while (in.hasRemaining()) {
            hex.append(String.format("%02x", in.get()));
        }
        return hex.toString();
    }

    @Property(tries = 200)
    void readsTheSameHoweverTheBytesArrive(
            @ForAll @Size(max = 6) List<@net.jqwik.api.From("messages") Message> messages, @ForAll long seed)
            throws MalformedPacketException {
        byte[] wire = wire(messages);
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer received = ByteBuffer.allocate(wire.length);
        List<String> read = new ArrayList<>();
        int arrived = 0;
        while (arrived < wire.length) {
            int more = 1 + random.nextInt(Math.min(500, wire.length - arrived));
            received.limit(arrived + more);
            System.arraycopy(wire, arrived, received.array(), arrived, more);
            arrived += more;
            for (Optional<Message> next = reader.next(received); next.isPresent(); next = reader.next(received)) {
                read.add(text(next.get()));
            }
        }
        assertThat(read)
                .isEqualTo(messages.stream().map(MessageReaderTest::text).toList());
        assertThat(received.hasRemaining()).isFalse();
    }

    @Property(tries = 100)
    void waitsWhileAnyByteIsMissing(@ForAll("messages") Message message) throws MalformedPacketException {
        byte[] wire = wire(List.of(message));
        for (int arrived = 0; arrived < wire.length; arrived++) {
            ByteBuffer in = ByteBuffer.wrap(wire, 0, arrived);
            assertThat(reader.next(in)).isEmpty();
            assertThat(in.position()).isZero();
        }
    }

    /** Flags, route and hops may change on the way; every other bit is covered by the checksum or by a bound. */
    @Property(tries = 1000)
    void aFlippedBitIsMalformedOrStillWaits(
            @ForAll("messages") Message message, @ForAll int place, @ForAll @IntRange(max = 7) int bit)
            throws MalformedPacketException {
        byte[] wire = wire(List.of(message));
        int at = Math.floorMod(place, wire.length);
        wire[at] ^= (byte) (1 << bit);
        Optional<Message> read;
        try {
            read = reader.next(ByteBuffer.wrap(wire));
        } catch (MalformedPacketException e) {
            return;
        }
        if (read.isPresent() && !text(read.get()).equals(text(message))) {
            assertThat(changeableOnTheWay(message)).contains(at);
        }
    }

    /** Places of flags, route and hops. */
    private Set<Integer> changeableOnTheWay(Message message) throws MalformedPacketException {
        Set<Integer> places = new HashSet<>();
        ByteBuffer in = ByteBuffer.wrap(wire(List.of(message)));
        PacketCursor cursor = new PacketCursor();
        for (int start = 0; cursor.next(in); start = in.position()) {
            places.addAll(List.of(start + PacketCursor.FLAGS, start + PacketCursor.ROUTE, start + PacketCursor.HOPS));
        }
        return places;
    }

    @Property(tries = 3000)
    void noiseIsMalformedOrStillWaits(@ForAll byte[] noise) {
        try {
            assertThat(reader.next(ByteBuffer.wrap(noise))).isEmpty();
        } catch (MalformedPacketException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Property(tries = 1000)
    void noiseBehindARightHeaderIsMalformedOrStillWaits(
            @ForAll @Size(min = 60, max = 400) byte[] noise, @ForAll @IntRange(max = 300) int bodyBytes) {
        ByteBuffer in = ByteBuffer.wrap(noise);
        in.putInt(0, PacketCursor.MAGIC).put(4, (byte) 1).putInt(PacketCursor.BODY_BYTES, bodyBytes);
        try {
            assertThat(reader.next(in)).isEmpty();
        } catch (MalformedPacketException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Example
    void aLengthOfFourGigabytesIsRefusedByTheHeaderAlone() {
        ByteBuffer header = ByteBuffer.allocate(PacketCursor.HEADER_BYTES);
        writer.control(header, PacketType.PULSE, ByteBuffer.allocate(0));
        header.flip().putInt(PacketCursor.BODY_BYTES, -1);
        assertThatThrownBy(() -> reader.next(header))
                .isInstanceOf(MalformedPacketException.class)
                .hasMessageContaining("a body of 4294967295 bytes, the bound is 131072");
    }

    @Example
    void aChunkThatPromisesTooMuchIsRefusedByItsFrame() {
        ByteBuffer frame = ByteBuffer.allocate(Chunk.FRAME_BYTES);
        frame.putLong(1).putInt(2).putInt(0).putLong(0).putLong(9).putInt(9).putInt(1 << 30);
        ByteBuffer wire = ByteBuffer.allocate(200);
        writer.control(wire, PacketType.CHUNK, frame.flip());
        assertThatThrownBy(() -> reader.next(wire.flip()))
                .isInstanceOf(MalformedPacketException.class)
                .hasMessageContaining("1073741824 bytes, the bound is");
    }

    @Example
    void anEventOutsideAChunkIsMalformed() {
        ByteBuffer wire = ByteBuffer.allocate(100);
        writer.event(wire, header(1), ByteBuffer.allocate(3));
        assertThatThrownBy(() -> reader.next(wire.flip()))
                .isInstanceOf(MalformedPacketException.class)
                .hasMessageContaining("outside a chunk");
    }

    @Example
    void packetsOfAnotherStreamOrOutOfOrderAreMalformed() {
        ByteBuffer packets = ByteBuffer.allocate(300);
        writer.event(packets, header(2), ByteBuffer.allocate(3));
        writer.event(packets, header(1), ByteBuffer.allocate(3));
        packets.flip();
        refused(new Chunk(STREAM, 0, 0, 2, 2, packets), "packet 1");
        refused(new Chunk(new StreamId(1, 1), 0, 0, 2, 2, packets), "another stream");
        refused(new Chunk(STREAM, 0, 2, 9, 2, packets), "packet 2");
        ByteBuffer one = packets.slice(0, packets.limit() / 2);
        refused(new Chunk(STREAM, 0, 0, 9, 3, one), "its frame says 3 packets");
    }

    @Example
    void aControlPacketIsNoItemOfAStateTable() {
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES);
        writer.control(packet, PacketType.PROBE, ByteBuffer.allocate(0));
        refused(Chunk.items(1, packet.flip()), "a control packet among items");
    }

    private void refused(Chunk chunk, String why) {
        assertThatThrownBy(() -> reader.next(chunk.wire(writer, false)))
                .isInstanceOf(MalformedPacketException.class)
                .hasMessageContaining(why);
    }

    @Example
    void headerFieldsLieWhereTheDrawingSays() {
        ByteBuffer wire = ByteBuffer.allocate(67);
        writer.event(wire, header(0x0102030405060708L), ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(hex(wire.flip()))
                .isEqualTo("4d524c4e" + "01" + "00" + "0006" + "0000" + "09" + "00" + "0000cafe" + "00000003"
                        + crc(wire) + "123456789abcdef0" + "0102030405060708" + "00001268" + "00000011"
                        + "00060a24181e4000" + "00000000feedbeef" + "010203");
    }

    private static String crc(ByteBuffer wire) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        byte[] bytes = wire.array().clone();
        bytes[PacketCursor.FLAGS] = 0;
        bytes[PacketCursor.ROUTE] = 0;
        bytes[PacketCursor.HOPS] = 0;
        for (int i = 0; i < 4; i++) {
            bytes[PacketCursor.CRC + i] = 0;
        }
        crc.update(bytes);
        return String.format("%08x", crc.getValue());
    }

    @Example
    void leavesOutWhatIsNotOwed() throws MalformedPacketException {
        Chunk whole = (Chunk) chunk(List.of(new byte[1], new byte[2], new byte[3]), 10, 0);
        Chunk owed = whole.only(11, packet -> packet.sequence() != 12);
        assertThat(owed.after()).isEqualTo(11);
        assertThat(owed.upTo()).isEqualTo(13);
        assertThat(owed.count()).isEqualTo(1);
        assertThat(whole.only(10, packet -> true)).isSameAs(whole);
        assertThat(whole.only(99, packet -> true).count()).isZero();
        assertThat(reader.next(owed.wire(writer, true)).map(MessageReaderTest::text))
                .hasValueSatisfying(text -> assertThat(text).contains("after 11 up to 13, 1 packets, replayed"));
    }
}
