package org.merlin.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EpochFileTest {
    private static final Instant ZERO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    Path dir;

    @Test
    void followsTheClock() {
        assertThat(EpochFile.after(0, ZERO.plusSeconds(100))).isEqualTo(200);
    }

    @Test
    void neverGoesBackWhenTheClockDoes() throws IOException {
        Path file = dir.resolve("module.epoch");
        assertThat(EpochFile.next(file, ZERO.plusSeconds(100))).isEqualTo(200);
        assertThat(EpochFile.next(file, ZERO.plusSeconds(100))).isEqualTo(202);
        assertThat(EpochFile.next(file, ZERO.minusSeconds(5))).isEqualTo(204);
        assertThat(EpochFile.next(file, ZERO.plusSeconds(2000))).isEqualTo(4000);
    }

    @Test
    void refusesAFileThatHoldsSomethingElse() throws IOException {
        Path file = Files.writeString(dir.resolve("module.epoch"), "yesterday");
        assertThatThrownBy(() -> EpochFile.next(file, ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("module.epoch");
        Files.write(file, new byte[] {(byte) 0xff, 0, (byte) 0xc3});
        assertThatThrownBy(() -> EpochFile.next(file, ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("remove it");
    }

    @Test
    void refusesAnEpochThatNoneCanFollow() throws IOException {
        Path file = Files.writeString(dir.resolve("module.epoch"), "4294967292");
        assertThat(EpochFile.next(file, ZERO)).isEqualTo(0xffff_fffe);
        assertThatThrownBy(() -> EpochFile.next(file, ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("remove it");
        assertThat(file).hasContent("4294967294");
    }

    @Property
    void isEvenAndAtLeastTwoAboveTheLast(
            @ForAll @LongRange(min = 0, max = 0xf000_0000L) long last,
            @ForAll @LongRange(min = -1000, max = 2_000_000_000L) long seconds) {
        long next = Integer.toUnsignedLong(EpochFile.after(last, ZERO.plusSeconds(seconds)));
        assertThat(next % 2).isZero();
        assertThat(next).isGreaterThanOrEqualTo(last + 2).isGreaterThanOrEqualTo(2 * seconds);
    }
}
