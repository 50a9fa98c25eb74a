package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Body of CTRL_INACTIVE: why a module is gone.
 *
 * @param why at most 65,535 bytes; whoever prints it takes out control characters
 * @param planned whether its scheduler was stopped or reloaded, and did not fail
 */
public record Goodbye(String why, boolean planned) {
    public ByteBuffer encode() {
        return new BodyWriter().putText(why).putFlag(planned).body();
    }

    public static Goodbye decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        String why = in.hasMore() ? in.getText() : "";
        return new Goodbye(why, in.hasMore() && in.getFlag());
    }

    /** The reason fit for a log line. */
    public String printable() {
        return new Words(why).printable();
    }
}
