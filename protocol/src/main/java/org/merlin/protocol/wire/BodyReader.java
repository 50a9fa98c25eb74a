package org.merlin.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads what {@link BodyWriter} wrote, by whoever wrote it: every length is checked against what is there before anything
 * is allocated. What a newer sender appended is left unread.
 */
public final class BodyReader {
    public static final int MAX_TEXT_BYTES = 0xffff;
    /** Most elements of a list from others. */
    public static final int MAX_ELEMENTS = 20_000;

    private static final char REPLACEMENT = '\ufffd';

    private final ByteBuffer in;

    public BodyReader(ByteBuffer body) {
        in = body.duplicate();
    }

    /** Whether more was written: fields that were added later are read only then. */
    public boolean hasMore() {
        return in.hasRemaining();
    }

    public int getByte() throws MalformedPacketException {
        require(1);
        return in.get() & 0xff;
    }

    public boolean getFlag() throws MalformedPacketException {
        return getByte() != 0;
    }

    public int getInt() throws MalformedPacketException {
        require(Integer.BYTES);
        return in.getInt();
    }

    public long getLong() throws MalformedPacketException {
        require(Long.BYTES);
        return in.getLong();
    }

    public String getText() throws MalformedPacketException {
        require(Short.BYTES);
        int length = in.getShort() & 0xffff;
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return utf8(bytes)
                .orElseThrow(() -> new MalformedPacketException("a text of " + length + " bytes that are no UTF-8"));
    }

    /** The text of these bytes; empty if they are no UTF-8: what stands for them would be longer, and past our bounds. */
    public static Optional<String> utf8(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean replaced =
                text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
        return replaced ? Optional.empty() : Optional.of(text);
    }

    /** As many bytes as {@code length} says, not copied. */
    public ByteBuffer getBytes(int length) throws MalformedPacketException {
        if (length < 0) {
            throw new MalformedPacketException("a part of " + length + " bytes");
        }
        require(length);
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        return bytes;
    }

    public <T> List<T> getList(Element<T> read) throws MalformedPacketException {
        return getList(read, MAX_ELEMENTS);
    }

    /** A list of our own, from our disk: as long as what is there. */
    public <T> List<T> getOwnList(Element<T> read) throws MalformedPacketException {
        return getList(read, Integer.MAX_VALUE);
    }

    private <T> List<T> getList(Element<T> read, int maxElements) throws MalformedPacketException {
        int size = getInt();
        if (size < 0 || size > maxElements || size > in.remaining()) {
            throw new MalformedPacketException(
                    "a list of " + size + " elements in the " + in.remaining() + " bytes that are left");
        }
        List<T> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(read.from(this));
        }
        return elements;
    }

    /** Reads one element of a list; each takes at least one byte. */
    @FunctionalInterface
    public interface Element<T> {
        T from(BodyReader in) throws MalformedPacketException;
    }

    private void require(int bytes) throws MalformedPacketException {
        if (in.remaining() < bytes) {
            throw new MalformedPacketException("a body that ends " + (bytes - in.remaining()) + " bytes too early");
        }
    }
}
