package org.merlin.backlog.chronicle;

import java.nio.ByteBuffer;
import net.openhft.chronicle.bytes.Bytes;

/**
 * A record as a document of Chronicle: position (8 bytes), events (4 bytes), both in the machine's own byte order as
 * all of Chronicle's files are, then the bytes. The document's length says how many.
 */
final class RecordLayout {
    static final int HEADER_BYTES = 12;

    private RecordLayout() {}

    /** @param piece room for a part of the record, for buffers that give their bytes only piece by piece */
    static void write(Bytes<?> out, long position, int events, ByteBuffer record, byte[] piece) {
        out.writeLong(position);
        out.writeInt(events);
        if (record.hasArray()) {
            out.write(record.array(), record.arrayOffset() + record.position(), record.remaining());
        } else if (record.isDirect()) {
            out.writeSome(record.duplicate());
        } else {
            writePieces(out, record.duplicate(), piece);
        }
    }

    private static void writePieces(Bytes<?> out, ByteBuffer left, byte[] piece) {
        while (left.hasRemaining()) {
            int length = Math.min(left.remaining(), piece.length);
            left.get(piece, 0, length);
            out.write(piece, 0, length);
        }
    }

    static byte[] readBytes(Bytes<?> in) {
        byte[] bytes = new byte[Math.toIntExact(in.readRemaining())];
        in.read(bytes);
        return bytes;
    }
}
