package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.StreamId;

/** A checkpoint is read as it was written, by later releases too, and noise is no checkpoint. */
class CheckpointTest {
    /** {@link #KNOWN} without its checksum as release 0.1.0, the first, froze it; it must stay readable. */
    private static final String GOLDEN = golden().substring(0, golden().length() - 8);

    private static final Checkpoint KNOWN = new Checkpoint(
            100,
            List.of(new Mark(new StreamId(7, 42), 100), new Mark(new StreamId(-1, 2), 1)),
            List.of(new Checkpoint.Cursor(
                    9,
                    50,
                    40,
                    12_288,
                    5,
                    List.of(new Mark(new StreamId(7, 42), 50)),
                    List.of(new Checkpoint.Gap(new StreamId(7, 42), 50, 55)))));

    private static String golden() {
        try (InputStream in = CheckpointTest.class.getResourceAsStream("checkpoint-0.1.0.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer withCrc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return ByteBuffer.allocate(content.length + 4)
                .put(content)
                .putInt((int) crc.getValue())
                .flip();
    }

    @Test
    void theBytesOfVersionOneAreTheSameForEver() throws MalformedPacketException {
        ByteBuffer golden = ByteBuffer.wrap(HexFormat.of().parseHex(golden()));
        assertThat(HexFormat.of().formatHex(KNOWN.encode().array())).isEqualTo(golden());
        assertThat(Checkpoint.decode(golden)).isEqualTo(KNOWN);
    }

    @Test
    void aPartOfAnUnknownTypeIsSkippedAndANewVersionIsNot() throws MalformedPacketException {
        byte[] known = HexFormat.of().parseHex(GOLDEN);
        byte[] more = java.util.Arrays.copyOf(known, known.length + 12);
        ByteBuffer.wrap(more).putInt(16, 3).putInt(known.length, 77).putInt(known.length + 4, 4);
        assertThat(Checkpoint.decode(withCrc(more))).isEqualTo(KNOWN);
        ByteBuffer.wrap(known).putInt(4, 2);
        assertThatThrownBy(() -> Checkpoint.decode(withCrc(known)))
                .isInstanceOf(MalformedPacketException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void isReadHoweverManyStreamsThereWere() throws MalformedPacketException {
        List<Mark> marks = new ArrayList<>();
        for (int epoch = 0; epoch <= BodyReader.MAX_ELEMENTS; epoch++) {
            marks.add(new Mark(new StreamId(7, epoch), 1));
        }
        Checkpoint checkpoint =
                new Checkpoint(1, marks, List.of(new Checkpoint.Cursor(9, 1, 0, 0, 0, marks, List.of())));
        assertThat(Checkpoint.decode(checkpoint.encode())).isEqualTo(checkpoint);
    }

    @Property
    void isReadAsItWasWritten(@ForAll long seed) throws MalformedPacketException {
        Random random = new Random(seed);
        List<Mark> marks = marks(random);
        List<Checkpoint.Cursor> cursors = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            List<Checkpoint.Gap> gaps = new ArrayList<>();
            marks(random).forEach(mark -> gaps.add(new Checkpoint.Gap(mark.stream(), 3, mark.sequence())));
            cursors.add(new Checkpoint.Cursor(
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    marks(random),
                    gaps));
        }
        Checkpoint checkpoint = new Checkpoint(random.nextLong(), marks, cursors);
        assertThat(Checkpoint.decode(checkpoint.encode())).isEqualTo(checkpoint);
    }

    private static List<Mark> marks(Random random) {
        List<Mark> marks = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            marks.add(new Mark(new StreamId(random.nextLong(), random.nextInt()), random.nextLong()));
        }
        return marks;
    }

    @Property
    void noiseIsNoCheckpoint(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] noisy = HexFormat.of().parseHex(GOLDEN);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            noisy[random.nextInt(noisy.length)] = (byte) random.nextInt();
        }
        try {
            Checkpoint.decode(withCrc(noisy));
        } catch (MalformedPacketException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
        noisy[random.nextInt(noisy.length)] ^= 1;
        ByteBuffer wrong = withCrc(HexFormat.of().parseHex(GOLDEN));
        wrong.put(random.nextInt(wrong.limit()), (byte) (random.nextInt()));
        try {
            assertThat(Checkpoint.decode(wrong)).isEqualTo(KNOWN); // the same byte, by chance
        } catch (MalformedPacketException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }
}
