package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Daemon to module: who runs what, of many checks?
 *
 * @param id comes back in the answer
 * @param which checks
 * @param node for {@link Which#OF_NODE} and {@link Which#WITHOUT}, whose
 * @param from index of the object to begin with
 */
public record AssignmentListQuery(int id, Which which, String node, int from) {
    /** Of which checks. */
    public enum Which {
        ALL,
        /** Those that a node runs. */
        OF_NODE,
        /** Those whose runner has brought no result when one was due. */
        OVERDUE,
        /** Those that nobody runs. */
        UNASSIGNED,
        /** Those that another node would run, or nobody, if a node were gone. */
        WITHOUT
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putInt(id)
                .putInt(which.ordinal())
                .putText(node)
                .putInt(from)
                .body();
    }

    public static AssignmentListQuery decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        int id = in.getInt();
        int which = in.getInt();
        if (which < 0 || which >= Which.values().length) {
            throw new MalformedPacketException("a question of kind " + which);
        }
        return new AssignmentListQuery(id, Which.values()[which], in.getText(), in.getInt());
    }
}
