package org.merlin.module.quartz.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineCutterTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void doesNotCareWhereThePiecesEnd(
            @ForAll List<@AlphaChars @StringLength(min = 1, max = 20) String> lines,
            @ForAll @IntRange(min = 1, max = 50) int pieceBytes) {
        ByteBuffer all = bytes(String.join("\n", lines) + "\n");
        LineCutter cutter = new LineCutter();
        List<String> found = new ArrayList<>();
        while (all.hasRemaining()) {
            ByteBuffer piece = all.slice(all.position(), Math.min(pieceBytes, all.remaining()));
            all.position(all.position() + piece.remaining());
            found.addAll(cutter.cut(piece));
        }
        assertThat(found).isEqualTo(lines);
    }

    @Test
    void keepsTheBeginningOfALineThatIsTooLong() {
        assertThat(new LineCutter().cut(bytes("x".repeat(100_000) + "\nnext\n")))
                .containsExactly("x".repeat(LineCutter.LONGEST_BYTES), "next");
    }
}
