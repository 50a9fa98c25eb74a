package org.merlin.protocol.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads packets where they lie, without copying or allocating. Every field big-endian; confined to one thread.
 *
 * <pre>
 *   0     4   5    6      8      10    11   12         16           20     24
 *  +------+---+-----+------+------+-----+----+----------+------------+------+
 *  | MRLN | v | flg | type | code | rte | hp | selectn. | body bytes | crc  |
 *  +------+---+-----+------+------+-----+----+----------+------------+------+
 *   24       32         40      44         48     56       64
 *  +--------+----------+-------+----------+------+--------+--- ...
 *  | origin | sequence | epoch | revision | time | object | body
 *  +--------+----------+-------+----------+------+--------+--- ...
 * </pre>
 *
 * The CRC-32C covers header and body with crc, flags, route and hops as 0: it is made once, by the origin.
 */
public final class PacketCursor {
    public static final int HEADER_BYTES = 64;
    public static final int MAX_BODY_BYTES = 128 * 1024;
    public static final int MAGIC = 0x4d524c4e;
    /** Newest version of the header that this code reads and writes. */
    public static final int VERSION = 1;
    /** A packet that was passed on this often circles. */
    public static final int MAX_HOPS = 16;

    private static final short TLS_HANDSHAKE = 0x1603;

    static final int FLAGS = 5;
    static final int TYPE = 6;
    public static final int CODE = 8;
    static final int ROUTE = 10;
    static final int HOPS = 11;
    static final int SELECTION = 12;
    public static final int BODY_BYTES = 16;
    static final int CRC = 20;
    static final int ORIGIN = 24;
    public static final int SEQUENCE = 32;
    static final int EPOCH = 40;
    static final int REVISION = 44;
    public static final int TIME = 48;
    static final int OBJECT = 56;

    private final byte[] scratch = new byte[HEADER_BYTES];
    private final CRC32C crc = new CRC32C();
    private ByteBuffer in = ByteBuffer.allocate(0);
    private int start;
    private int bodyBytes;

    /**
     * Moves to the next whole packet of {@code packets}, whose position then lies behind it.
     *
     * @return false, with {@code packets} untouched, until all bytes of the packet have arrived
     * @throws MalformedPacketException if the sender broke the protocol; the connection is then useless
     */
    public boolean next(ByteBuffer packets) throws MalformedPacketException {
        if (packets.remaining() < HEADER_BYTES) {
            return false;
        }
        int at = packets.position();
        int bytes = checkHeader(packets, at);
        if (packets.remaining() < HEADER_BYTES + bytes) {
            return false;
        }
        in = packets;
        start = at;
        bodyBytes = bytes;
        packets.position(at + HEADER_BYTES + bytes);
        return true;
    }

    /** Checks what can be known from a header alone; returns the body's length. */
    private static int checkHeader(ByteBuffer in, int at) throws MalformedPacketException {
        if (in.getInt(at) != MAGIC) {
            throw new MalformedPacketException("it begins with " + String.format("%08x", in.getInt(at))
                    + ", a packet with MRLN"
                    + (in.getShort(at) == TLS_HANDSHAKE ? "; that is TLS: does tls = off stand here alone?" : ""));
        }
        int version = in.get(at + 4) & 0xff;
        if (version == 0 || version > VERSION) {
            throw new MalformedPacketException("version " + version + " of the header, we read up to " + VERSION);
        }
        int bytes = in.getInt(at + BODY_BYTES);
        if (bytes < 0 || bytes > MAX_BODY_BYTES) {
            throw new MalformedPacketException(
                    "a body of " + Integer.toUnsignedString(bytes) + " bytes, the bound is " + MAX_BODY_BYTES);
        }
        int hops = in.get(at + HOPS) & 0xff;
        if (hops > MAX_HOPS) {
            throw new MalformedPacketException("a packet after " + hops + " hops, the bound is " + MAX_HOPS);
        }
        return bytes;
    }

    /** Compares the checksum; done once, where a packet enters this process. */
    public void checkCrc() throws MalformedPacketException {
        int expected = crcOf(in, start, bodyBytes, scratch, crc);
        if (expected != in.getInt(start + CRC)) {
            throw new MalformedPacketException("a packet's checksum is wrong");
        }
    }

    static int crcOf(ByteBuffer in, int start, int bodyBytes, byte[] scratch, CRC32C crc) {
        in.get(start, scratch);
        scratch[FLAGS] = 0;
        scratch[ROUTE] = 0;
        scratch[HOPS] = 0;
        scratch[CRC] = 0;
        scratch[CRC + 1] = 0;
        scratch[CRC + 2] = 0;
        scratch[CRC + 3] = 0;
        crc.reset();
        crc.update(scratch);
        if (in.hasArray()) {
            crc.update(in.array(), in.arrayOffset() + start + HEADER_BYTES, bodyBytes);
        } else {
            crc.update(in.slice(start + HEADER_BYTES, bodyBytes));
        }
        return (int) crc.getValue();
    }

    public int type() {
        return in.getShort(start + TYPE) & 0xffff;
    }

    public int code() {
        return in.getShort(start + CODE) & 0xffff;
    }

    public int route() {
        return in.get(start + ROUTE) & 0xff;
    }

    public int hops() {
        return in.get(start + HOPS) & 0xff;
    }

    public int selection() {
        return in.getInt(start + SELECTION);
    }

    public long origin() {
        return in.getLong(start + ORIGIN);
    }

    public long sequence() {
        return in.getLong(start + SEQUENCE);
    }

    public int epoch() {
        return in.getInt(start + EPOCH);
    }

    public int revision() {
        return in.getInt(start + REVISION);
    }

    /** When it happened, microseconds since 1970. */
    public long timeMicros() {
        return in.getLong(start + TIME);
    }

    public long object() {
        return in.getLong(start + OBJECT);
    }

    /** Whole length, header included. */
    public int bytes() {
        return HEADER_BYTES + bodyBytes;
    }

    /** A view of the body where it lies. */
    public ByteBuffer body() {
        return in.slice(start + HEADER_BYTES, bodyBytes);
    }

    /** Moves to the next packet of those that were checked when they came in, and are whole; nothing is looked at but its length. */
    public boolean nextWhole(ByteBuffer packets) {
        int at = packets.position();
        if (at == packets.limit()) {
            return false;
        }
        in = packets;
        start = at;
        bodyBytes = packets.getInt(at + BODY_BYTES);
        packets.position(at + HEADER_BYTES + bodyBytes);
        return true;
    }

    /** Copies the whole packet to the beginning of an array. */
    public void copyTo(byte[] to) {
        in.get(start, to, 0, HEADER_BYTES + bodyBytes);
    }

    /** A view of the whole packet where it lies. */
    public ByteBuffer packet() {
        return in.slice(start, HEADER_BYTES + bodyBytes);
    }
}
