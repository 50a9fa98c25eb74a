package org.merlin.module.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.module.ipc.Packets.aPacket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code outbox-0.1.0.txt} is a file of {@code module.outbox} with two packets as release 0.1.0, the first, froze it: an update
 * takes up what the release before it could not hand over.
 */
class GoldenOutboxTest {
    private static final List<Packet> PACKETS = List.of(aPacket(42, 7, 5), aPacket(44, 1, 0));

    @TempDir
    Path dir;

    private static byte[] golden() throws IOException {
        try (InputStream in = GoldenOutboxTest.class.getResourceAsStream("outbox-0.1.0.txt")) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void anOutboxOfTheFirstReleaseIsTakenUp() throws IOException {
        Files.write(dir.resolve("00000001"), golden());
        List<Packet> found = new ArrayList<>();
        SpillFile.open(dir, 1 << 20, found::add).close();
        assertThat(found.stream().map(Packet::bytes))
                .containsExactlyElementsOf(PACKETS.stream().map(Packet::bytes).toList());
        assertThat(found.stream().map(Packet::epoch)).containsExactly(42, 44);
        assertThat(found.stream().map(Packet::sequence)).containsExactly(7L, 1L);
        assertThat(Files.readAllBytes(dir.resolve("00000001"))).isEqualTo(golden());
    }

    @Test
    void anOutboxIsWrittenAsItWasInTheFirstRelease() throws IOException {
        try (SpillFile file = SpillFile.open(dir, 1 << 20, packet -> {})) {
            file.append(PACKETS, packet -> {});
        }
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(dir.resolve("00000001"))))
                .isEqualTo(HexFormat.of().formatHex(golden()));
    }
}
