package org.merlin.protocol.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes headers around bodies; {@link PacketCursor} shows the layout. Confined to one thread. */
public final class PacketWriter {
    private final byte[] scratch = new byte[PacketCursor.HEADER_BYTES];
    private final CRC32C crc = new CRC32C();

    /**
     * What the header of an event says beside what follows from its body.
     *
     * @param type one of the event types of {@link PacketType}
     * @param route bits of {@link Route}
     * @param selection the selection concerned, or none
     * @param sequence counted from 1 in each epoch
     * @param timeMicros when it happened, since 1970
     * @param object key of the object, 0 if it concerns none
     */
    public record EventHeader(
            int type,
            int route,
            int selection,
            long origin,
            long sequence,
            int epoch,
            int revision,
            long timeMicros,
            long object) {}

    /**
     * Writes an event.
     *
     * @param out takes the packet at its position; big-endian, with room for header and body
     * @param body from position to limit, left unchanged
     */
    public void event(ByteBuffer out, EventHeader header, ByteBuffer body) {
        int start = out.position();
        begin(out, header.type(), 0, body.remaining());
        out.put(start + PacketCursor.ROUTE, (byte) header.route());
        out.putInt(start + PacketCursor.SELECTION, header.selection());
        out.putLong(start + PacketCursor.ORIGIN, header.origin());
        out.putLong(start + PacketCursor.SEQUENCE, header.sequence());
        out.putInt(start + PacketCursor.EPOCH, header.epoch());
        out.putInt(start + PacketCursor.REVISION, header.revision());
        out.putLong(start + PacketCursor.TIME, header.timeMicros());
        out.putLong(start + PacketCursor.OBJECT, header.object());
        finish(out, start, body);
    }

    /** Writes a control packet. */
    public void control(ByteBuffer out, int code, ByteBuffer body) {
        int start = out.position();
        begin(out, PacketType.CONTROL, code, body.remaining());
        finish(out, start, body);
    }

    private void begin(ByteBuffer out, int type, int code, int bodyBytes) {
        if (bodyBytes > PacketCursor.MAX_BODY_BYTES) {
            throw new IllegalArgumentException("a body of " + bodyBytes + " bytes for type " + type + " code " + code
                    + ", the bound is " + PacketCursor.MAX_BODY_BYTES);
        }
        int start = out.position();
        for (int offset = 0; offset < PacketCursor.HEADER_BYTES; offset += Long.BYTES) {
            out.putLong(start + offset, 0);
        }
        out.putInt(start, PacketCursor.MAGIC);
        out.put(start + 4, (byte) PacketCursor.VERSION);
        out.putShort(start + PacketCursor.TYPE, (short) type);
        out.putShort(start + PacketCursor.CODE, (short) code);
        out.putInt(start + PacketCursor.BODY_BYTES, bodyBytes);
        out.position(start + PacketCursor.HEADER_BYTES);
    }

    private void finish(ByteBuffer out, int start, ByteBuffer body) {
        int bodyBytes = body.remaining();
        out.put(body.duplicate());
        out.putInt(start + PacketCursor.CRC, PacketCursor.crcOf(out, start, bodyBytes, scratch, crc));
    }
}
