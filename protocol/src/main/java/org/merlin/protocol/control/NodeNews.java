package org.merlin.protocol.control;

import java.util.List;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * An active node that the sender of a pulse sees, told to one that does not.
 *
 * @param name the node's name
 * @param drained whether it is to run no checks
 * @param ageMillis how long ago somebody heard this of the node itself
 * @param digests what it announces, as in its own pulses
 */
public record NodeNews(String name, boolean drained, long ageMillis, List<GroupDigest> digests) {
    public NodeNews {
        digests = List.copyOf(digests);
    }

    void write(BodyWriter out) {
        out.putText(name).putFlag(drained).putLong(ageMillis).putList(digests, (to, digest) -> digest.write(to));
    }

    static NodeNews read(BodyReader in) throws MalformedPacketException {
        return new NodeNews(in.getText(), in.getFlag(), in.getLong(), in.getList(GroupDigest::read));
    }
}
