package org.merlin.daemon.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.memory.MemoryEventLog;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.PacketWriter.EventHeader;
import org.merlin.protocol.wire.StreamId;

class EventReaderTest {
    private static final byte CHUNK = 1;
    private static final StreamId RUN = new StreamId(7, 1);

    private final EventLog log = new MemoryEventLog();

    private void say(StreamId run, long sequence, long micros, String text) {
        Event event = new Comment(MonitoredObject.ofHost("h"), 1, "joe", text, true, 1, 0);
        ByteBuffer body = new EventCodec().encode(event);
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        new PacketWriter()
                .event(
                        packet,
                        new EventHeader(
                                EventCodec.typeOf(event), 0, 0, run.origin(), sequence, run.epoch(), 0, micros, 0),
                        body);
        Chunk chunk = new Chunk(run, 0, sequence - 1, sequence, 1, packet.flip());
        ByteBuffer record = ByteBuffer.allocate(1 + chunk.recordBytes()).put(CHUNK);
        chunk.writeTo(record);
        log.append(record.flip(), 1);
    }

    @Test
    void aPortionIsBoundedByEventsAndByBytes() {
        for (int i = 1; i <= 100; i++) {
            say(RUN, i, i, "x".repeat(10_000));
        }
        try (EventReader reader = new EventReader(log, Map.of())) {
            assertThat(reader.next(7, 1 << 20).events()).hasSize(7);
            EventReader.Portion bounded = reader.next(1_000, 50_000);
            assertThat(bounded.events()).hasSize(5);
            assertThat(bounded.isFull()).isTrue();
            EventReader.Portion rest = reader.next(1_000, 16 << 20);
            assertThat(rest.events()).hasSize(88);
            assertThat(rest.isFull()).isFalse();
        }
    }

    @Test
    void whatIsWrittenIsSkippedPieceByPiece() {
        for (int i = 1; i <= 120_000; i++) {
            say(RUN, i, i, "");
        }
        try (EventReader reader = new EventReader(log, Map.of(RUN, 119_999L))) {
            for (int i = 0; i < 2; i++) {
                EventReader.Portion skipped = reader.next(100, 1 << 20);
                assertThat(skipped.isEmpty()).isTrue();
                assertThat(skipped.isFull()).isTrue();
            }
            EventReader.Portion rest = reader.next(100, 1 << 20);
            assertThat(rest.events()).hasSize(1);
            assertThat(rest.isFull()).isFalse();
        }
    }

    @Test
    void whatIsReadAheadComesInOrderAndToItsEnd() {
        for (int i = 1; i <= 1_000; i++) {
            say(RUN, i, i, "");
        }
        List<Long> micros = new ArrayList<>();
        try (ReadAhead reader = new ReadAhead(new EventReader(log, Map.of()), 30, 1 << 20)) {
            EventReader.Portion portion = reader.next();
            for (; portion.isFull(); portion = reader.next()) {
                assertThat(portion.position()).isEqualTo(micros.size() + 30L);
                portion.events().forEach(event -> micros.add(event.micros()));
            }
            portion.events().forEach(event -> micros.add(event.micros()));
            assertThat(micros)
                    .isEqualTo(LongStream.rangeClosed(1, 1_000).boxed().toList());
            say(RUN, 1_001, 1_001, "");
            assertThat(reader.next().events()).hasSize(1);
        }
    }

    @Test
    void aRunBeginsWithItsOwnFirstEventAndGoesOnWhereItWasWrittenTo() {
        StreamId restarted = new StreamId(7, 2);
        say(RUN, 1, 10, "a");
        say(RUN, 2, 20, "b");
        say(restarted, 1, 30, "c");
        say(restarted, 2, 40, "d");
        try (EventReader reader = new EventReader(log, Map.of(RUN, 1L))) {
            EventReader.Portion portion = reader.next(100, 1 << 20);
            assertThat(portion.events()).extracting(NamedEvent::micros).containsExactly(20L, 30L, 40L);
            assertThat(portion.begun()).containsExactly(Map.entry(restarted, new EventReader.Begun(30, true)));
            assertThat(portion.upTo()).isEqualTo(Map.of(RUN, 2L, restarted, 2L));
            assertThat(portion.lost()).isZero();
        }
    }
}
