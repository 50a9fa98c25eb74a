package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * A piece of a generation, of a tree or of a file, compressed as the sender keeps it.
 *
 * @param object its hash
 * @param offset where the piece begins, in bytes
 * @param total size of the whole as it is sent, in bytes; -1 if the sender has it not, or does not give it
 * @param bytes at most {@link #MAX_BYTES}
 */
public record ConfigPiece(String object, long offset, long total, ByteBuffer bytes) {
    public static final int MAX_BYTES = 64 << 10;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public ByteBuffer encode() {
        return new BodyWriter()
                .putText(object)
                .putLong(offset)
                .putLong(total)
                .putInt(bytes.remaining())
                .putBytes(bytes)
                .body();
    }

    public static ConfigPiece decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        ConfigPiece piece = new ConfigPiece(hash(in), in.getLong(), in.getLong(), in.getBytes(in.getInt()));
        if (piece.offset < 0 || piece.total < -1 || piece.bytes.remaining() > MAX_BYTES) {
            throw new MalformedPacketException(
                    "a piece of " + piece.bytes.remaining() + " bytes at " + piece.offset + " of " + piece.total);
        }
        return piece;
    }

    /** The beginning of a text, at most so many characters and no half one. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    static String hash(BodyReader in) throws MalformedPacketException {
        String hash = in.getText();
        if (!HASH.matcher(hash).matches()) {
            throw new MalformedPacketException("a hash that is none");
        }
        return hash;
    }

    static String hashOrNone(BodyReader in) throws MalformedPacketException {
        String hash = in.getText();
        if (!hash.isEmpty() && !HASH.matcher(hash).matches()) {
            throw new MalformedPacketException("a hash that is none");
        }
        return hash;
    }
}
