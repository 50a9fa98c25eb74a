package org.merlin.module.quartz.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.tests.fuzz.Hostile;

/** What plugins print. */
class PluginOutputFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of("OK | a=1\nlong\ntext | b=2\nc=3\r\n", "|", "\n\n|\n", "", "\0\u00e9|")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyOutputBecomesThreeBoundedTexts(byte[] input) {
        Output output = Hostile.decode(
                        input.length, 256, ArithmeticException.class, () -> PluginOutput.parse(input, input.length))
                .orElseThrow();
        requireAtMost(output.text(), 16 << 10);
        requireAtMost(output.longText(), 64 << 10);
        requireAtMost(output.perfData(), 32 << 10);
    }

    private static void requireAtMost(String text, int bytes) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(text);
        if (encoded.remaining() > bytes) {
            throw new AssertionError("a text of " + encoded.remaining() + " bytes, the bound is " + bytes);
        }
    }
}
