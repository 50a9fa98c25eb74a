package org.merlin.backlog.chronicle;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;

/**
 * A record as a document of Chronicle, in the machine's own byte order as all of Chronicle's files are:
 * <pre>
 *   0          8        12       16
 *  +----------+--------+--------+----------- ... -+
 *  | position | events | CRC-32C| bytes           |   the document's length says how many bytes
 *  +----------+--------+--------+----------- ... -+
 * </pre>
 * The CRC is over position, events and bytes. It is checked only after a power loss, when any page that was not synced
 * may have come back as it was before. Keeps room for its work, so it is confined to one thread.
 */
final class RecordFormat {
    static final int HEADER_BYTES = 16;

    private final ByteBuffer numbers = ByteBuffer.allocate(12);
    private final byte[] piece = new byte[8 << 10];
    private final CRC32C crc = new CRC32C();

    /** What a record takes of the disk: its header, Chronicle's, padding and its share of the index come to it. */
    static long diskBytes(ByteBuffer record) {
        return record.remaining() + HEADER_BYTES + 12;
    }

    void write(Bytes<?> out, long position, int events, ByteBuffer record) {
        out.writeLong(position);
        out.writeInt(events);
        out.writeInt(crc(position, events, record));
        if (record.hasArray()) {
            out.write(record.array(), record.arrayOffset() + record.position(), record.remaining());
        } else if (record.isDirect()) {
            out.writeSome(record.duplicate());
        } else {
            writePieces(out, record.duplicate());
        }
    }

    private void writePieces(Bytes<?> out, ByteBuffer left) {
        while (left.hasRemaining()) {
            int length = Math.min(left.remaining(), piece.length);
            left.get(piece, 0, length);
            out.write(piece, 0, length);
        }
    }

    int crc(long position, int events, ByteBuffer record) {
        numbers.putLong(0, position).putInt(8, events);
        crc.reset();
        crc.update(numbers.array());
        crc.update(record.duplicate());
        return (int) crc.getValue();
    }

    /** What is left of a document whose header was read. */
    static byte[] readBytes(Bytes<?> in) {
        byte[] bytes = new byte[Math.toIntExact(in.readRemaining())];
        in.read(bytes);
        return bytes;
    }
}
