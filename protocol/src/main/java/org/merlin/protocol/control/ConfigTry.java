package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * A peer that pushes asks: would your scheduler take this? Nothing is switched for it.
 *
 * @param generation its hash
 * @param again whether to check it though it was refused before
 */
public record ConfigTry(String generation, boolean again) {
    public ByteBuffer encode() {
        return new BodyWriter().putText(generation).putFlag(again).body();
    }

    public static ConfigTry decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new ConfigTry(ConfigPiece.hash(in), in.getFlag());
    }
}
