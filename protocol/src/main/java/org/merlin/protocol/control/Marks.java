package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.StreamId;

/**
 * How far the sender has streams: sent after the first pulse, as acknowledgement, and to ask for a repetition.
 *
 * @param kind why it is sent
 * @param marks one per stream; as acknowledgement only those that moved
 */
public record Marks(Kind kind, List<Mark> marks) {
    public Marks {
        marks = List.copyOf(marks);
    }

    /** Why marks are sent. */
    public enum Kind {
        /** All marks, at connect. What is not named is at 0. */
        ALL,
        /** These moved. */
        ACKNOWLEDGED,
        /** A chunk began above the mark and was not taken: go back to the mark. */
        GO_BACK,
        /** Whoever has more of these streams is asked for it, be they entitled to it or not; of others no more. */
        WANTED
    }

    /** Everything of a stream up to here is covered. */
    public record Mark(StreamId stream, long sequence) {}

    public ByteBuffer encode() {
        return new BodyWriter()
                .putByte(kind.ordinal())
                .putList(
                        marks,
                        (out, mark) -> out.putLong(mark.stream().origin())
                                .putInt(mark.stream().epoch())
                                .putLong(mark.sequence()))
                .body();
    }

    public static Marks decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        int kind = in.getByte();
        if (kind >= Kind.values().length) {
            throw new MalformedPacketException("marks of kind " + kind);
        }
        List<Mark> marks =
                in.getList(element -> new Mark(new StreamId(element.getLong(), element.getInt()), element.getLong()));
        for (Mark mark : marks) {
            if (mark.sequence() < 0) {
                throw new MalformedPacketException("a mark of " + mark.sequence() + " for " + mark.stream());
            }
        }
        return new Marks(Kind.values()[kind], marks);
    }
}
