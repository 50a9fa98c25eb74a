package org.merlin.tests.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;

/** Bodies of events: the first byte of an input is the type, the rest is the body. */
class EventCodecFuzzTest {
    private static final EventCodec CODEC = new EventCodec();

    static Stream<byte[]> seeds() {
        return Hostile.golden("protocol/src/test/resources/org/merlin/protocol/event/events-0.1.0.txt")
                .map(words -> Hostile.concat(
                        new byte[] {(byte) Integer.parseInt(words[0])}, Hostile.hex(words.length > 1 ? words[1] : "")));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aBodyIsReadOrRefused(byte[] input) {
        if (input.length == 0 || !EventCodec.knows(input[0])) {
            return;
        }
        int type = input[0];
        byte[] body = Arrays.copyOfRange(input, 1, Math.min(input.length, 1 + PacketCursor.MAX_BODY_BYTES));
        Optional<Event> read = Hostile.decode(
                body.length, 64, MalformedPacketException.class, () -> CODEC.decode(type, ByteBuffer.wrap(body)));
        read.ifPresent(event -> Hostile.staysTheSame(event, given -> Hostile.bytes(CODEC.encode(given)), written -> {
            try {
                return CODEC.decode(type, ByteBuffer.wrap(written));
            } catch (MalformedPacketException e) {
                throw new AssertionError("what we wrote is refused", e);
            }
        }));
    }
}
