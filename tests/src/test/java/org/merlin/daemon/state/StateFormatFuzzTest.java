package org.merlin.daemon.state;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.tests.fuzz.Hostile;

/** The kept state table: packets of any kind, the last of which may be cut; the checksum of its one part is made right. */
class StateFormatFuzzTest {
    static Stream<byte[]> seeds() {
        List<String[]> wire = Hostile.golden("protocol/src/test/resources/org/merlin/protocol/wire/wire-0.1.0.txt")
                .toList();
        return wire.stream().filter(words -> words[0].equals("event")).map(words -> Hostile.hex(words[1]));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aTableIsReadOrRefused(byte[] input) {
        if (input.length == 0) {
            return; // a part holds something
        }
        ByteBuffer part = StateFormat.part(Chunk.items(1, ByteBuffer.wrap(input)));
        ByteBuffer file = ByteBuffer.allocate(28 + part.remaining())
                .put(StateFormat.header(7))
                .put(part)
                .put(StateFormat.end(1))
                .flip();
        StateTable table = new StateTable();
        Optional<Long> position =
                Hostile.decode(input.length, 512, MalformedPacketException.class, () -> StateFormat.read(file, table));
        position.ifPresent(at -> {
            StateTable.Walk walk = table.walk(any -> true);
            while (walk.next(1000, 10).isPresent()) {
                // whatever was taken is told
            }
            table.forgetOver(Long.MAX_VALUE - 1);
        });
    }
}
