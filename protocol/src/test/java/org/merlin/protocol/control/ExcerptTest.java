package org.merlin.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    private static String lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(line -> "Error: line %04d".formatted(line))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void whatFitsStays() {
        assertThat(Excerpt.of("a\nb\n", 4)).isEqualTo("a\nb\n");
    }

    @Test
    void whatDoesNotIsCutAtTheEndOfALineAndSaysHowMuchIsMissing() {
        String cut = Excerpt.of(lines(100), 200);
        assertThat(cut).hasSizeLessThanOrEqualTo(200).isEqualTo(lines(10) + "\n... and 90 lines more");
        assertThat(Excerpt.of(lines(100), 3, 10_000)).isEqualTo(lines(3) + "\n... and 97 lines more");
    }

    @Test
    void whatWasCutBeforeIsCountedToo() {
        assertThat(Excerpt.of(Excerpt.of(lines(100), 20, 10_000), 5, 10_000))
                .isEqualTo(Excerpt.of(lines(100), 5, 10_000));
    }

    @Test
    void aLineThatIsTooLongIsCutInItself() {
        assertThat(Excerpt.of("x".repeat(100), 50)).isEqualTo("x".repeat(16) + "...");
        assertThat(Excerpt.of("x".repeat(100) + "\ny", 50)).isEqualTo("x".repeat(16) + "...\n... and 1 lines more");
    }
}
