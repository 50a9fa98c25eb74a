package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * The bytes of a record in the event log: one byte that says what it is, then a chunk, a note of how far a subscriber had
 * acknowledged, or items of a neighbour's state table. Kinds are never reused; unknown ones are skipped.
 */
final class LogRecord {
    static final int CHUNK = 1;
    static final int ACKNOWLEDGED = 2;
    static final int ITEMS = 3;

    private LogRecord() {}

    /** A run of events, or items; which it is says the chunk. */
    static ByteBuffer chunk(Chunk chunk) {
        ByteBuffer out = ByteBuffer.allocate(1 + chunk.recordBytes());
        out.put((byte) (chunk.items() ? ITEMS : CHUNK));
        chunk.writeTo(out);
        return out.flip();
    }

    /** Notes marks of a subscriber. */
    static ByteBuffer acknowledged(long subscriber, Marks marks) {
        ByteBuffer body = marks.encode();
        ByteBuffer out = ByteBuffer.allocate(1 + Long.BYTES + body.remaining());
        out.put((byte) ACKNOWLEDGED).putLong(subscriber).put(body);
        return out.flip();
    }

    static int kind(ByteBuffer record) {
        return record.hasRemaining() ? record.get(record.position()) : 0;
    }

    static Chunk readChunk(ByteBuffer record) {
        try {
            Chunk chunk = Chunk.read(record.duplicate().position(record.position() + 1));
            if (chunk.items() != (kind(record) == ITEMS)) {
                throw new MalformedPacketException("its kind is " + kind(record) + ", its chunk's is another");
            }
            return chunk;
        } catch (MalformedPacketException e) {
            throw damaged(e);
        }
    }

    static long subscriber(ByteBuffer record) {
        requireSubscriber(record);
        return record.getLong(record.position() + 1);
    }

    private static void requireSubscriber(ByteBuffer record) {
        if (record.remaining() < 1 + Long.BYTES) {
            throw damaged(new MalformedPacketException("a note of " + record.remaining() + " bytes"));
        }
    }

    static Marks readMarks(ByteBuffer record) {
        requireSubscriber(record);
        try {
            return Marks.decode(record.duplicate().position(record.position() + 1 + Long.BYTES));
        } catch (MalformedPacketException e) {
            throw damaged(e);
        }
    }

    private static IllegalStateException damaged(MalformedPacketException e) {
        return new IllegalStateException("the event log holds a damaged record: " + e.getMessage(), e);
    }
}
