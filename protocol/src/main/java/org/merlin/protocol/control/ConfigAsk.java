package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Asks for a piece of a generation, of a tree or of a file.
 *
 * @param object its hash
 * @param offset where the piece begins in the object as it is sent, in bytes
 */
public record ConfigAsk(String object, long offset) {
    public ByteBuffer encode() {
        return new BodyWriter().putText(object).putLong(offset).body();
    }

    public static ConfigAsk decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        ConfigAsk ask = new ConfigAsk(ConfigPiece.hash(in), in.getLong());
        if (ask.offset < 0) {
            throw new MalformedPacketException("a piece at " + ask.offset);
        }
        return ask;
    }
}
