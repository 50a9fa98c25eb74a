package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Asks for what the other side's state table holds and the sender may know. A later one replaces the one before.
 *
 * @param id told with the answer
 * @param objects keys of the objects that are meant; empty for all
 */
public record StateAsk(int id, List<Long> objects) {
    public StateAsk {
        objects = List.copyOf(objects);
    }

    /** Most objects that can be named: who means more asks for all. */
    public static final int MAX_OBJECTS = 10_000;

    public ByteBuffer encode() {
        return new BodyWriter().putInt(id).putList(objects, BodyWriter::putLong).body();
    }

    public static StateAsk decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new StateAsk(in.getInt(), in.getList(BodyReader::getLong));
    }
}
