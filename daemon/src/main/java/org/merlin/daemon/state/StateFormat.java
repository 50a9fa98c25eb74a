package org.merlin.daemon.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;

/**
 * The bytes of a kept state table:
 * <pre>
 *   0      4         8          16
 *  +------+---------+----------+---------------------------------------+---+-------+
 *  | MRLS | version | position | parts: bytes, CRC-32C, packets of each | 0 | items |
 *  +------+---------+----------+---------------------------------------+---+-------+
 * </pre>
 * Its items are as of that position of the log or later; with what the log has from there on it is the table. Stateless.
 */
public final class StateFormat {
    private static final int MAGIC = 0x4d524c53;
    private static final int VERSION = 1;
    private static final int PART_HEADER_BYTES = 8;

    private StateFormat() {}

    /** What a file begins with. */
    public static ByteBuffer header(long position) {
        return ByteBuffer.allocate(16)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putLong(position)
                .flip();
    }

    /** One part; with at least one packet. */
    public static ByteBuffer part(Chunk items) {
        ByteBuffer packets = items.packets();
        ByteBuffer out = ByteBuffer.allocate(PART_HEADER_BYTES + packets.remaining());
        return out.putInt(packets.remaining()).putInt(crc(packets)).put(packets).flip();
    }

    /** What a file ends with. */
    public static ByteBuffer end(long items) {
        return ByteBuffer.allocate(12).putInt(0).putLong(items).flip();
    }

    private static int crc(ByteBuffer packets) {
        CRC32C crc = new CRC32C();
        crc.update(packets.duplicate());
        return (int) crc.getValue();
    }

    /**
     * Reads a file into a table.
     *
     * @return the position of the log that it is as of
     * @throws MalformedPacketException if it is not whole; what was read of it is right all the same
     */
    public static long read(ByteBuffer content, StateTable into) throws MalformedPacketException {
        ByteBuffer in = content.duplicate();
        try {
            if (in.getInt() != MAGIC) {
                throw new MalformedPacketException("no kept state");
            }
            int version = in.getInt();
            if (version != VERSION) {
                throw new MalformedPacketException(
                        "kept state of version " + version + ", this release knows " + VERSION);
            }
            long position = in.getLong();
            long items = 0;
            for (int bytes = in.getInt(); bytes != 0; bytes = in.getInt()) {
                int crc = in.getInt();
                if (bytes < 0 || bytes > in.remaining()) {
                    throw new MalformedPacketException("kept state that ends too early");
                }
                ByteBuffer packets = in.slice(in.position(), bytes);
                if (crc != crc(packets)) {
                    throw new MalformedPacketException("kept state with a wrong checksum");
                }
                items += take(packets, into);
                in.position(in.position() + bytes);
            }
            if (in.getLong() != items) {
                throw new MalformedPacketException("kept state of which items are missing");
            }
            return position;
        } catch (BufferUnderflowException e) {
            throw new MalformedPacketException("kept state that ends too early");
        }
    }

    private static int take(ByteBuffer packets, StateTable into) throws MalformedPacketException {
        PacketCursor cursor = new PacketCursor();
        int count = 0;
        while (cursor.next(packets)) {
            into.take(cursor);
            count++;
        }
        return count;
    }
}
