package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Answers a {@link StateAsk}: a beginning, chunks of items, an end. The items are as of the beginning or later.
 *
 * @param id of the question
 */
public record StateTold(Kind kind, int id) {
    /** Ordinals travel. */
    public enum Kind {
        /** Items follow. */
        BEGIN,
        /** All items have come. */
        END,
        /** So have the few that there are: the sender is as new as who asks, and has merely heard of them since its start. */
        NONE
    }

    public ByteBuffer encode() {
        return new BodyWriter().putByte(kind.ordinal()).putInt(id).body();
    }

    public static StateTold decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        int kind = in.getByte();
        if (kind >= Kind.values().length) {
            throw new MalformedPacketException("an answer about the state of kind " + kind);
        }
        return new StateTold(Kind.values()[kind], in.getInt());
    }
}
