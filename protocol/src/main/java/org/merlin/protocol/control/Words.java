package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Body of a refusal: why, in words for the receiver's log.
 *
 * @param text at most 65,535 bytes; whoever prints it takes out control characters
 */
public record Words(String text) {
    public ByteBuffer encode() {
        return new BodyWriter().putText(text).body();
    }

    public static Words decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new Words(in.hasMore() ? in.getText() : "");
    }

    /** The text fit for a log line: one line, at most 300 characters. */
    public String printable() {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= 300 ? line : line.substring(0, 300) + "...";
    }
}
