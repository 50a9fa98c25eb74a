package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Asks a node to run no checks from now on, so that it can be stopped without a gap, or to run its share again.
 *
 * @param on whether it is to be drained
 */
public record Drain(boolean on) {
    public ByteBuffer encode() {
        return new BodyWriter().putFlag(on).body();
    }

    public static Drain decode(ByteBuffer body) throws MalformedPacketException {
        return new Drain(new BodyReader(body).getFlag());
    }
}
