package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Daemon to module: who runs this check?
 *
 * @param id comes back in the answer
 * @param object {@code host} or {@code host;service}
 */
public record AssignmentQuery(int id, String object) {
    public ByteBuffer encode() {
        return new BodyWriter().putInt(id).putText(object).body();
    }

    public static AssignmentQuery decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new AssignmentQuery(in.getInt(), in.getText());
    }
}
