package org.merlin.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.wire.PacketWriter.EventHeader;

/**
 * Each line of {@code wire-0.1.0.txt} is a name and bytes as release 0.1.0, the first, froze them: an event with another value in
 * each field of its header, and chunks, on a link and as the log keeps them. Lines are added; none is ever changed.
 */
class GoldenWireTest {
    private static final StreamId STREAM = new StreamId(0x0102030405060708L, 0x80000002);
    private static final ByteBuffer BODY = ByteBuffer.wrap("body".getBytes(StandardCharsets.UTF_8));

    private static ByteBuffer event(long sequence) {
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + BODY.remaining());
        EventHeader header = new EventHeader(
                PacketType.SERVICE_CHECK,
                Route.MASTERS | Route.SELECTION,
                0x11121314,
                STREAM.origin(),
                sequence,
                STREAM.epoch(),
                0x21222324,
                0x3132333435363738L,
                0x4142434445464748L);
        new PacketWriter().event(out, header, BODY);
        return out.flip();
    }

    private static Chunk chunk() {
        ByteBuffer packets =
                ByteBuffer.allocate(1024).put(event(5)).put(event(7)).flip();
        return new Chunk(STREAM, 0, 3, 9, 2, packets);
    }

    private static ByteBuffer record(Chunk chunk) {
        ByteBuffer out = ByteBuffer.allocate(chunk.recordBytes());
        chunk.writeTo(out);
        return out.flip();
    }

    private static Map<String, ByteBuffer> written() {
        Map<String, ByteBuffer> now = new TreeMap<>();
        now.put("event", event(5));
        now.put("chunk", chunk().wire(new PacketWriter(), false));
        now.put("chunk-replayed", chunk().wire(new PacketWriter(), true));
        now.put("chunk-lost", Chunk.lost(STREAM, 3, 9).wire(new PacketWriter(), false));
        now.put("chunk-lost-by-state", Chunk.lostByState(STREAM, 3, 9).wire(new PacketWriter(), false));
        now.put("items", Chunk.items(2, chunk().packets()).wire(new PacketWriter(), false));
        now.put("chunk-in-log", record(chunk()));
        return now;
    }

    private static Map<String, String> golden() throws IOException {
        try (InputStream in = GoldenWireTest.class.getResourceAsStream("wire-0.1.0.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(words -> words[0], words -> words[1]));
        }
    }

    private static ByteBuffer bytes(String name) throws IOException {
        return ByteBuffer.wrap(HexFormat.of().parseHex(golden().get(name)));
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void packetsAndChunksAreWhatTheyWereInTheFirstRelease() throws IOException {
        Map<String, String> now = new TreeMap<>();
        written().forEach((name, bytes) -> now.put(name, hex(bytes)));
        assertThat(now).isEqualTo(golden());
    }

    @Test
    void eachFieldOfAHeaderLiesWhereItLay() throws IOException, MalformedPacketException {
        PacketCursor cursor = new PacketCursor();
        assertThat(cursor.next(bytes("event"))).isTrue();
        cursor.checkCrc();
        assertThat(cursor.type()).isEqualTo(PacketType.SERVICE_CHECK);
        assertThat(cursor.code()).isZero();
        assertThat(cursor.route()).isEqualTo(Route.MASTERS | Route.SELECTION);
        assertThat(cursor.hops()).isZero();
        assertThat(cursor.selection()).isEqualTo(0x11121314);
        assertThat(cursor.origin()).isEqualTo(STREAM.origin());
        assertThat(cursor.sequence()).isEqualTo(5);
        assertThat(cursor.epoch()).isEqualTo(STREAM.epoch());
        assertThat(cursor.revision()).isEqualTo(0x21222324);
        assertThat(cursor.timeMicros()).isEqualTo(0x3132333435363738L);
        assertThat(cursor.object()).isEqualTo(0x4142434445464748L);
        assertThat(cursor.body()).isEqualTo(BODY);
    }

    @Test
    void chunksOfTheFirstReleaseAreUnderstood() throws IOException, MalformedPacketException {
        Chunk live = onLink("chunk");
        assertThat(live.stream()).isEqualTo(STREAM);
        assertThat(live.after()).isEqualTo(3);
        assertThat(live.upTo()).isEqualTo(9);
        assertThat(live.count()).isEqualTo(2);
        assertThat(live.replayed() || live.lost()).isFalse();
        assertThat(live.packets()).isEqualTo(chunk().packets());
        assertThat(onLink("chunk-replayed").replayed()).isTrue();
        assertThat(onLink("chunk-lost").lost()).isTrue();
        assertThat(onLink("chunk-lost").upTo()).isEqualTo(9);
        assertThat(onLink("chunk-lost").byState()).isFalse();
        assertThat(onLink("chunk-lost-by-state").byState()).isTrue();
        assertThat(onLink("items").items()).isTrue();
        assertThat(onLink("items").packets()).isEqualTo(chunk().packets());
        assertThat(record(Chunk.read(bytes("chunk-in-log")))).isEqualTo(record(chunk()));
    }

    private static Chunk onLink(String name) throws IOException, MalformedPacketException {
        return (Chunk) new MessageReader().next(bytes(name)).orElseThrow();
    }
}
