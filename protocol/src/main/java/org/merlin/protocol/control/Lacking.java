package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Daemon to module, before the rings that name the plan: which of its objects some nodes have not loaded. As many packets as it takes; at least
 * one for each plan.
 *
 * @param selection of the peer group
 * @param plan which lists this is about
 * @param nodes who has not loaded them; may be empty
 * @param keys of objects
 */
public record Lacking(int selection, long plan, List<String> nodes, List<Long> keys) {
    public Lacking {
        nodes = List.copyOf(nodes);
        keys = List.copyOf(keys);
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putInt(selection)
                .putLong(plan)
                .putList(nodes, BodyWriter::putText)
                .putList(keys, BodyWriter::putLong)
                .body();
    }

    public static Lacking decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new Lacking(in.getInt(), in.getLong(), in.getList(BodyReader::getText), in.getList(BodyReader::getLong));
    }
}
