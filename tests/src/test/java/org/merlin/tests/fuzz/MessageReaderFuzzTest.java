package org.merlin.tests.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;

/** What comes on a link, cut into messages: headers, frames, chunks. The checksums are made right, else nothing passes them. */
class MessageReaderFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.concat(
                Hostile.golden("protocol/src/test/resources/org/merlin/protocol/wire/wire-0.1.0.txt")
                        .map(words -> Hostile.hex(words[1])),
                Hostile.golden("protocol/src/test/resources/org/merlin/protocol/control/control-0.1.0.txt")
                        .map(words -> Hostile.hex(words[1])));
    }

    @MethodSource("seeds")
    @FuzzTest
    void onlyWholeSoundMessagesAreTaken(byte[] input) {
        byte[] bytes = input.clone();
        mendChecksums(bytes);
        Optional<List<byte[]>> messages = Hostile.decode(
                bytes.length, 64, MalformedPacketException.class, () -> messages(ByteBuffer.wrap(bytes)));
        if (messages.isEmpty()) {
            return;
        }
        byte[] written = Hostile.concat(messages.get().toArray(new byte[0][]));
        try {
            byte[] again = Hostile.concat(messages(ByteBuffer.wrap(written)).toArray(new byte[0][]));
            if (!Arrays.equals(again, written)) {
                throw new AssertionError("written, read and written again it is another");
            }
        } catch (MalformedPacketException e) {
            throw new AssertionError("what we wrote is refused", e);
        }
    }

    private static void mendChecksums(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int at = 0;
        while (bytes.length - at >= PacketCursor.HEADER_BYTES && in.getInt(at) == PacketCursor.MAGIC) {
            int body = in.getInt(at + PacketCursor.BODY_BYTES);
            if (body < 0 || body > bytes.length - at - PacketCursor.HEADER_BYTES) {
                return;
            }
            int end = at + PacketCursor.HEADER_BYTES + body;
            Hostile.mendPacketCrc(bytes, at, end);
            at = end;
        }
    }

    /** Takes messages, each from all that is there and again byte by byte, and writes them again. */
    private static List<byte[]> messages(ByteBuffer in) throws MalformedPacketException {
        MessageReader reader = new MessageReader();
        List<byte[]> taken = new ArrayList<>();
        int from = in.position();
        for (Optional<Message> next = reader.next(in); next.isPresent(); next = reader.next(in)) {
            for (int less = in.position() - 1; less >= from; less -= Math.max(1, (in.position() - from) / 8)) {
                ByteBuffer part = in.duplicate().position(from).limit(less);
                if (reader.next(part).isPresent() || part.position() != from) {
                    throw new AssertionError("a message was taken before all of it was there");
                }
            }
            from = in.position();
            taken.add(next.get().accept(WRITE));
        }
        if (in.position() != from) {
            throw new AssertionError("half a message was taken");
        }
        return taken;
    }

    private static final Message.Visitor<byte[]> WRITE = new Message.Visitor<>() {
        @Override
        public byte[] control(Message.Control control) {
            ByteBuffer out = ByteBuffer.allocate(
                    PacketCursor.HEADER_BYTES + control.body().remaining());
            new PacketWriter().control(out, control.code(), control.body());
            return out.array();
        }

        @Override
        public byte[] chunk(Chunk chunk) {
            if (!chunk.items()) { // those are of any stream
                if (chunk.only(chunk.after(), packet -> true) != chunk) {
                    throw new AssertionError("a chunk of which all is owed is cut");
                }
                chunk.only(chunk.after() + 1, packet -> packet.sequence() % 2 == 0);
            }
            return Hostile.bytes(chunk.wire(new PacketWriter(), false));
        }
    };
}
