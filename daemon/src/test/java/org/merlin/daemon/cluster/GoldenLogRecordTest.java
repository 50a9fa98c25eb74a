package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Kind;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.PacketWriter.EventHeader;
import org.merlin.protocol.wire.Route;
import org.merlin.protocol.wire.StreamId;

/**
 * The lines of {@code log-records-0.1.0.txt} are a chunk and a note of marks as release 0.1.0, the first, froze them in the log.
 * Lines are added; none is ever changed.
 */
class GoldenLogRecordTest {
    private static final StreamId STREAM = new StreamId(-7, 42);
    private static final Marks MARKS =
            new Marks(Kind.ACKNOWLEDGED, List.of(new Mark(STREAM, 900), new Mark(new StreamId(8, -2), 3)));

    private static List<ByteBuffer> golden() throws IOException {
        try (InputStream in = GoldenLogRecordTest.class.getResourceAsStream("log-records-0.1.0.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> ByteBuffer.wrap(HexFormat.of().parseHex(line)))
                    .toList();
        }
    }

    private static Chunk chunk() {
        ByteBuffer body = ByteBuffer.wrap("body".getBytes(StandardCharsets.UTF_8));
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        EventHeader header = new EventHeader(
                PacketType.HOST_CHECK, Route.MASTERS | Route.PEERS, 0, STREAM.origin(), 5, STREAM.epoch(), 6, 7, 8);
        new PacketWriter().event(packet, header, body);
        return new Chunk(STREAM, Chunk.REPLAYED, 3, 9, 1, packet.flip());
    }

    private static Chunk items() {
        return Chunk.items(1, chunk().packets());
    }

    private static List<ByteBuffer> written() {
        return List.of(LogRecord.chunk(chunk()), LogRecord.acknowledged(-77, MARKS), LogRecord.chunk(items()));
    }

    @Test
    void recordsAreWhatTheyWereInTheFirstRelease() throws IOException {
        assertThat(written()).isEqualTo(golden());
    }

    @Test
    void recordsOfTheFirstReleaseAreUnderstood() throws IOException {
        ByteBuffer first = golden().get(0);
        assertThat(LogRecord.kind(first)).isEqualTo(LogRecord.CHUNK);
        Chunk chunk = LogRecord.readChunk(first);
        assertThat(chunk.stream()).isEqualTo(STREAM);
        assertThat(chunk.replayed()).isTrue();
        assertThat(chunk.after()).isEqualTo(3);
        assertThat(chunk.upTo()).isEqualTo(9);
        assertThat(chunk.count()).isEqualTo(1);
        assertThat(chunk.packets()).isEqualTo(chunk().packets());

        ByteBuffer second = golden().get(1);
        assertThat(LogRecord.kind(second)).isEqualTo(LogRecord.ACKNOWLEDGED);
        assertThat(LogRecord.subscriber(second)).isEqualTo(-77);
        assertThat(LogRecord.readMarks(second)).isEqualTo(MARKS);

        ByteBuffer third = golden().get(2);
        assertThat(LogRecord.kind(third)).isEqualTo(LogRecord.ITEMS);
        assertThat(LogRecord.readChunk(third).items()).isTrue();
        assertThat(LogRecord.readChunk(third).packets()).isEqualTo(items().packets());
    }
}
