package org.merlin.module.ipc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.tests.fuzz.Hostile;

/** A file of the module's outbox as it may be found at a start; the checksums are made right. Nothing of it stops the module. */
class SpillFileFuzzTest {
    private static final int RECORD_HEADER_BYTES = 8;
    private static final Path FOLDER = Path.of("target", "fuzz-outbox");

    static Stream<byte[]> seeds() {
        return Hostile.golden("module/broker/src/test/resources/org/merlin/module/ipc/outbox-0.1.0.txt")
                .map(words -> Hostile.hex(words[0]));
    }

    private static void mendChecksums(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int at = 0;
        while (bytes.length - at >= RECORD_HEADER_BYTES + PacketCursor.HEADER_BYTES) {
            int length = in.getInt(at);
            if (length < PacketCursor.HEADER_BYTES || length > bytes.length - at - RECORD_HEADER_BYTES) {
                return;
            }
            int packet = at + RECORD_HEADER_BYTES;
            Hostile.mendPacketCrc(bytes, packet, packet + length);
            byte[] summed = Hostile.concat(
                    Arrays.copyOfRange(bytes, at, at + 4), Arrays.copyOfRange(bytes, packet, packet + length));
            in.putInt(at + 4, Hostile.crcOf(summed, 0, summed.length));
            at = packet + length;
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void whatIsWholeIsTakenUpAndTheRestIsCutOff(byte[] input) throws IOException {
        byte[] bytes = input.clone();
        mendChecksums(bytes);
        Files.createDirectories(FOLDER);
        Path first = FOLDER.resolve("00000001");
        Files.write(first, bytes);
        List<byte[]> found = new ArrayList<>();
        try (SpillFile file = SpillFile.open(FOLDER, 1 << 20, packet -> found.add(packet.bytes()))) {
            long kept = found.stream()
                    .mapToLong(packet -> RECORD_HEADER_BYTES + packet.length)
                    .sum();
            if (file.bytes() != kept || Files.size(first) != kept) {
                throw new AssertionError(
                        found.size() + " packets of " + kept + " bytes, the file has " + Files.size(first));
            }
            if (!Arrays.equals(Files.readAllBytes(first), Arrays.copyOf(bytes, (int) kept))) {
                throw new AssertionError("what is kept of the file was changed");
            }
            SpillFile.Reader reader = file.reader();
            for (byte[] packet : found) {
                if (!Arrays.equals(reader.peek().bytes(), packet)) {
                    throw new AssertionError("read a second time it is another packet");
                }
                reader.advance();
            }
            if (reader.peek() != null) {
                throw new AssertionError("more packets than were told");
            }
            file.clear();
        }
    }
}
