package org.merlin.tests.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentList;
import org.merlin.protocol.control.AssignmentListQuery;
import org.merlin.protocol.control.AssignmentQuery;
import org.merlin.protocol.control.ConfigAsk;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.control.ConfigPiece;
import org.merlin.protocol.control.ConfigTry;
import org.merlin.protocol.control.ConfigVerdict;
import org.merlin.protocol.control.Drain;
import org.merlin.protocol.control.Goodbye;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;

/** Bodies of control packets: the first byte of an input is the code, the rest is the body. */
class ControlPacketsFuzzTest {
    /** Reads a body. */
    private interface Decoder<T> {
        T decode(ByteBuffer body) throws MalformedPacketException;
    }

    /** Both ways of one kind of packet. */
    private record Codec<T>(Decoder<T> decoder, Function<T, ByteBuffer> encoder) {
        void fuzz(byte[] body) {
            Optional<T> read = Hostile.decode(
                    body.length, 64, MalformedPacketException.class, () -> decoder.decode(ByteBuffer.wrap(body)));
            read.ifPresent(value ->
                    Hostile.staysTheSame(value, given -> Hostile.bytes(encoder.apply(given)), written -> {
                        try {
                            return decoder.decode(ByteBuffer.wrap(written));
                        } catch (MalformedPacketException e) {
                            throw new AssertionError("what we wrote is refused", e);
                        }
                    }));
        }
    }

    private static final Map<Integer, Codec<?>> CODECS = new LinkedHashMap<>();

    static {
        CODECS.put(PacketType.PULSE, new Codec<>(Pulse::decode, Pulse::encode));
        CODECS.put(PacketType.CTRL_INACTIVE, new Codec<>(Goodbye::decode, Goodbye::encode));
        CODECS.put(PacketType.REFUSAL, new Codec<>(Words::decode, Words::encode));
        CODECS.put(PacketType.LIST_QUERY, new Codec<>(ListQuery::decode, ListQuery::encode));
        CODECS.put(PacketType.LIST_PART, new Codec<>(ListPart::decode, ListPart::encode));
        CODECS.put(PacketType.LACKING, new Codec<>(Lacking::decode, Lacking::encode));
        CODECS.put(PacketType.RUN_MARK, new Codec<>(Marks::decode, Marks::encode));
        CODECS.put(PacketType.STATE_ASK, new Codec<>(StateAsk::decode, StateAsk::encode));
        CODECS.put(PacketType.STATE_TOLD, new Codec<>(StateTold::decode, StateTold::encode));
        CODECS.put(PacketType.CTRL_ACTIVE, new Codec<>(NodeInfo::decode, NodeInfo::encode));
        CODECS.put(PacketType.MARKS, new Codec<>(Marks::decode, Marks::encode));
        CODECS.put(PacketType.RINGS, new Codec<>(Rings::decode, Rings::encode));
        CODECS.put(PacketType.ASSIGNMENT_QUERY, new Codec<>(AssignmentQuery::decode, AssignmentQuery::encode));
        CODECS.put(PacketType.ASSIGNMENT, new Codec<>(Assignment::decode, Assignment::encode));
        CODECS.put(PacketType.DRAIN, new Codec<>(Drain::decode, Drain::encode));
        CODECS.put(
                PacketType.ASSIGNMENT_LIST_QUERY,
                new Codec<>(AssignmentListQuery::decode, AssignmentListQuery::encode));
        CODECS.put(PacketType.CONFIG_HEAD, new Codec<>(ConfigHead::decode, ConfigHead::encode));
        CODECS.put(PacketType.CONFIG_TRY, new Codec<>(ConfigTry::decode, ConfigTry::encode));
        CODECS.put(PacketType.CONFIG_VERDICT, new Codec<>(ConfigVerdict::decode, ConfigVerdict::encode));
        CODECS.put(PacketType.CONFIG_ASK, new Codec<>(ConfigAsk::decode, ConfigAsk::encode));
        CODECS.put(PacketType.CONFIG_PIECE, new Codec<>(ConfigPiece::decode, ConfigPiece::encode));
        CODECS.put(PacketType.ASSIGNMENT_LIST, new Codec<>(AssignmentList::decode, AssignmentList::encode));
    }

    static Stream<byte[]> seeds() {
        List<byte[]> golden = Hostile.golden(
                        "protocol/src/test/resources/org/merlin/protocol/control/control-0.1.0.txt")
                .map(words -> {
                    byte[] packet = Hostile.hex(words[1]);
                    byte[] body = Arrays.copyOfRange(packet, PacketCursor.HEADER_BYTES, packet.length);
                    return Hostile.concat(new byte[] {(byte) Integer.parseInt(words[0])}, body);
                })
                .toList();
        return golden.stream();
    }

    @MethodSource("seeds")
    @FuzzTest
    void aBodyIsReadOrRefused(byte[] input) {
        Codec<?> codec = input.length == 0 ? null : CODECS.get((int) input[0]);
        if (codec != null) {
            codec.fuzz(Arrays.copyOfRange(input, 1, Math.min(input.length, 1 + PacketCursor.MAX_BODY_BYTES)));
        }
    }
}
