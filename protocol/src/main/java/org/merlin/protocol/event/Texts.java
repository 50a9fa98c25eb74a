package org.merlin.protocol.event;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.merlin.protocol.wire.BodyReader;

/** Texts in bodies: a length that is checked before anything is allocated, then UTF-8. The bounds of all texts of a body fit into it. */
final class Texts {
    static final int NAME_BYTES = 1024;
    static final int OUTPUT_BYTES = 16 * 1024;
    static final int LONG_OUTPUT_BYTES = 64 * 1024;
    static final int PERF_DATA_BYTES = 32 * 1024;

    private Texts() {}

    /** Writes a text that must arrive whole. */
    static void write(Output out, String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > maxBytes) {
            throw new IllegalArgumentException(
                    "a text of " + bytes.length + " bytes, the bound is " + maxBytes + ": " + text.substring(0, 60));
        }
        out.writeVarInt(bytes.length, true);
        out.writeBytes(bytes);
    }

    /** Writes as much of a text as the bound allows, cut between characters. */
    static void writeCut(Output out, String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length;
        if (length > maxBytes) {
            length = maxBytes;
            while (length > 0 && (bytes[length] & 0xc0) == 0x80) {
                length--;
            }
            bytes = Arrays.copyOf(bytes, length);
        }
        out.writeVarInt(length, true);
        out.writeBytes(bytes);
    }

    static String read(Input in, int maxBytes) {
        int length = in.readVarInt(true);
        if (length < 0 || length > maxBytes || length > in.limit() - in.position()) {
            throw new KryoException("a text of " + Integer.toUnsignedString(length) + " bytes, the bound is " + maxBytes
                    + " and " + (in.limit() - in.position()) + " are left");
        }
        return BodyReader.utf8(in.readBytes(length))
                .orElseThrow(() -> new KryoException("a text of " + length + " bytes that are no UTF-8"));
    }
}
