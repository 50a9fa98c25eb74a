package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Asks which objects a loaded list holds, part by part: the next part is asked for when one has come, so that pulses never wait behind many.
 *
 * @param lists hash of a group's part of the lists, as the one who is asked announces it
 * @param from how many keys the asker has already
 */
public record ListQuery(long lists, int from) {
    public ByteBuffer encode() {
        return new BodyWriter().putLong(lists).putInt(from).body();
    }

    public static ListQuery decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new ListQuery(in.getLong(), in.getInt());
    }
}
