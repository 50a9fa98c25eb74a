package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

class MendingTest {
    private static final StreamId OURS = new StreamId(1, 7);

    private static Chunk chunk(long after, long upTo, long... sequences) {
        ByteBuffer packets = ByteBuffer.allocate(1024);
        for (long sequence : sequences) {
            new PacketWriter()
                    .event(
                            packets,
                            new PacketWriter.EventHeader(
                                    PacketType.HOST_CHECK, 1, 0, OURS.origin(), sequence, OURS.epoch(), 1, 1, 1),
                            ByteBuffer.allocate(0));
        }
        return new Chunk(OURS, Chunk.REPLAYED, after, upTo, sequences.length, packets.flip());
    }

    private static String shown(Chunk chunk) {
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = chunk.packets();
        StringBuilder text = new StringBuilder(chunk.after() + "-" + chunk.upTo() + (chunk.lost() ? " lost" : ""));
        while (Chunk.nextTrusted(cursor, in)) {
            text.append(' ').append(cursor.sequence());
        }
        return text + (chunk.replayed() ? " replayed" : "");
    }

    @Test
    void whatAPollerWasNotOwedOfOurStreamIsAGapWhenItComesBack() {
        assertThat(Mending.withoutHoles(chunk(32, 43, 33, 39, 40)))
                .extracting(MendingTest::shown)
                .containsExactly(
                        "32-33 33 replayed", "33-38 lost", "38-39 39 replayed", "39-40 40 replayed", "40-43 lost");
    }

    @Test
    void whatCameWholeOrNamesAGapItselfStaysAsItIs() {
        Chunk whole = chunk(32, 36, LongStream.rangeClosed(33, 36).toArray());
        Chunk lost = Chunk.lost(OURS, 3, 5);
        assertThat(Mending.withoutHoles(whole)).isEqualTo(List.of(whole));
        assertThat(Mending.withoutHoles(lost)).isEqualTo(List.of(lost));
    }
}
