package org.merlin.daemon.cluster;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.tests.fuzz.Hostile;

/** The checkpoint of the log; its checksum, the last four bytes, is made right. */
class CheckpointFuzzTest {
    static Stream<byte[]> seeds() {
        return Hostile.golden("daemon/src/test/resources/org/merlin/daemon/cluster/checkpoint-0.1.0.txt")
                .map(words -> Hostile.hex(words[0]));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aCheckpointIsReadOrRefused(byte[] input) {
        byte[] bytes = input.clone();
        int end = bytes.length - Integer.BYTES;
        if (end >= 0) {
            ByteBuffer.wrap(bytes).putInt(end, Hostile.crcOf(bytes, 0, end));
        }
        Optional<Checkpoint> read = Hostile.decode(
                bytes.length, 64, MalformedPacketException.class, () -> Checkpoint.decode(ByteBuffer.wrap(bytes)));
        read.ifPresent(checkpoint ->
                Hostile.staysTheSame(checkpoint, given -> Hostile.bytes(given.encode()), written -> {
                    try {
                        return Checkpoint.decode(ByteBuffer.wrap(written));
                    } catch (MalformedPacketException e) {
                        throw new AssertionError("what we wrote is refused", e);
                    }
                }));
    }
}
