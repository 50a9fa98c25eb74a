package org.merlin.protocol.wire;

import java.nio.ByteBuffer;

/** What arrives on a link: a control packet, or a chunk of events. */
public sealed interface Message permits Message.Control, Chunk {
    /** Calls the method of {@code visitor} that is for this kind of message. */
    <R> R accept(Visitor<R> visitor);

    /** One method per kind of message. */
    interface Visitor<R> {
        R control(Control control);

        R chunk(Chunk chunk);
    }

    /**
     * A control packet.
     *
     * @param code one of the codes of {@link PacketType}, or one that a newer version knows
     * @param body its bytes, a heap buffer of its own
     */
    record Control(int code, ByteBuffer body) implements Message {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.control(this);
        }
    }
}
