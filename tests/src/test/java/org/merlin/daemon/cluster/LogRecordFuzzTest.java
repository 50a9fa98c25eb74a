package org.merlin.daemon.cluster;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.wire.Chunk;
import org.merlin.tests.fuzz.Hostile;

/** Records of the log, behind the checksum that the log has for each. */
class LogRecordFuzzTest {
    static Stream<byte[]> seeds() {
        return Hostile.golden("daemon/src/test/resources/org/merlin/daemon/cluster/log-records-0.1.0.txt")
                .map(words -> Hostile.hex(words[0]));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aRecordIsReadOrRefused(byte[] input) {
        ByteBuffer record = ByteBuffer.wrap(input);
        Optional<byte[]> again = Hostile.decode(input.length, 64, IllegalStateException.class, () -> again(record));
        if (again.isPresent() && !Arrays.equals(again.get(), Arrays.copyOf(input, again.get().length))) {
            throw new AssertionError("what was read is written as something else");
        }
    }

    private static byte[] again(ByteBuffer record) {
        int kind = LogRecord.kind(record);
        if (kind == LogRecord.CHUNK || kind == LogRecord.ITEMS) {
            Chunk chunk = LogRecord.readChunk(record);
            return Hostile.bytes(LogRecord.chunk(chunk));
        }
        if (kind == LogRecord.ACKNOWLEDGED) {
            Marks marks = LogRecord.readMarks(record);
            return Hostile.bytes(LogRecord.acknowledged(LogRecord.subscriber(record), marks));
        }
        return new byte[0];
    }
}
