package org.merlin.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.BiConsumer;

/** Writes bodies of control packets: big-endian numbers, texts and lists with their lengths before them. Grows as needed. */
public final class BodyWriter {
    private ByteBuffer out = ByteBuffer.allocate(512);

    public BodyWriter putByte(int value) {
        room(1).put((byte) value);
        return this;
    }

    public BodyWriter putFlag(boolean value) {
        return putByte(value ? 1 : 0);
    }

    public BodyWriter putInt(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public BodyWriter putLong(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** Writes the text's UTF-8 bytes, at most 65,535 of them. */
    public BodyWriter putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > BodyReader.MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "a text of " + bytes.length + " bytes: " + text.substring(0, 40) + "...");
        }
        room(Short.BYTES + bytes.length).putShort((short) bytes.length).put(bytes);
        return this;
    }

    /** Writes bytes as they are; how many they are must have been written before. */
    public BodyWriter putBytes(ByteBuffer bytes) {
        room(bytes.remaining()).put(bytes.duplicate());
        return this;
    }

    /** Writes how many elements there are, then each of them. */
    public <T> BodyWriter putList(Collection<T> elements, BiConsumer<BodyWriter, T> write) {
        putInt(elements.size());
        elements.forEach(element -> write.accept(this, element));
        return this;
    }

    /** What was written. */
    public ByteBuffer body() {
        return out.duplicate().flip();
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            out = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + bytes))
                    .put(out.flip());
        }
        return out;
    }
}
