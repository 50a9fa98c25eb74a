package org.merlin.protocol.wire;

import java.nio.ByteBuffer;

/**
 * A run of events of one stream, in order, with a frame that says what it covers. What the receiver is not owed is covered
 * too, so a chunk may hold fewer packets than sequences, or none. Immutable.
 *
 * <p>On a link a chunk is a control packet of code {@link PacketType#CHUNK} whose body is the frame, and then the
 * packets. In the log it is the frame and then the packets.
 *
 * <pre>
 *   0        8       12      16      24      32        36
 *  +--------+-------+-------+-------+-------+---------+-------------+
 *  | origin | epoch | flags | after | up to | packets | packet bytes|
 *  +--------+-------+-------+-------+-------+---------+-------------+
 * </pre>
 */
public final class Chunk implements Message {
    public static final int FRAME_BYTES = 40;
    /** Most bytes of packets in a chunk: two of the largest packets. */
    public static final int MAX_PACKET_BYTES = 2 * (PacketCursor.HEADER_BYTES + PacketCursor.MAX_BODY_BYTES);
    /** The sender was behind: this changes state and history with its own times and notifies nobody. */
    public static final int REPLAYED = 1;
    /** The sender no longer has what is covered here; it holds no packets. */
    public static final int LOST = 2;
    /** With {@link #LOST}: it was before the sender's time; who has nothing of the stream either has missed nothing. */
    public static final int BY_STATE = 4;
    /**
     * No run of a stream, but items of a state table: packets of any stream in any order. Then the frame's stream says nothing, and it
     * covers as many sequences from 0 on as it has packets.
     */
    public static final int ITEMS = 8;

    private static final StreamId ANY_STREAM = new StreamId(0, 0);

    private final StreamId stream;
    private final int flags;
    private final long after;
    private final long upTo;
    private final int count;
    private final ByteBuffer packets;

    /**
     * Joins a frame and its packets.
     *
     * @param flags {@link #REPLAYED}, {@link #LOST}, {@link #BY_STATE}, {@link #ITEMS}, or 0
     * @param after the sequence before the first one covered, 0 or more
     * @param upTo the last sequence covered, at least {@code after}
     * @param count how many packets there are
     * @param packets from position to limit; not copied, so nobody may change it any more
     */
    public Chunk(StreamId stream, int flags, long after, long upTo, int count, ByteBuffer packets) {
        if (after < 0 || upTo < after || count < 0 || count > upTo - after) {
            throw new IllegalArgumentException(
                    stream + ": " + count + " packets after " + after + " up to " + upTo + " make no chunk");
        }
        this.stream = stream;
        this.flags = flags;
        this.after = after;
        this.upTo = upTo;
        this.count = count;
        this.packets = packets.slice().asReadOnlyBuffer();
    }

    /** A chunk that names a gap: the sender no longer has what lies after {@code after} up to {@code upTo}. */
    public static Chunk lost(StreamId stream, long after, long upTo) {
        return new Chunk(stream, LOST, after, upTo, 0, ByteBuffer.allocate(0));
    }

    /** The same, of what happened before the time of who passes it on. */
    public static Chunk lostByState(StreamId stream, long after, long upTo) {
        return new Chunk(stream, LOST | BY_STATE, after, upTo, 0, ByteBuffer.allocate(0));
    }

    /**
     * A part of a state table.
     *
     * @param packets how many there are; not copied
     */
    public static Chunk items(int count, ByteBuffer packets) {
        return new Chunk(ANY_STREAM, ITEMS, 0, count, count, packets);
    }

    public StreamId stream() {
        return stream;
    }

    public boolean replayed() {
        return (flags & REPLAYED) != 0;
    }

    public boolean lost() {
        return (flags & LOST) != 0;
    }

    /** Whether what is lost was before the sender's time, so that who has nothing of the stream has missed nothing. */
    public boolean byState() {
        return (flags & BY_STATE) != 0;
    }

    /** Whether this is a part of a state table, and no run of a stream. */
    public boolean items() {
        return (flags & ITEMS) != 0;
    }

    public long after() {
        return after;
    }

    public long upTo() {
        return upTo;
    }

    public int count() {
        return count;
    }

    /** The packets, one after another, read-only, for the caller to move through. */
    public ByteBuffer packets() {
        return packets.duplicate();
    }

    /** Bytes of frame and packets. */
    public int recordBytes() {
        return FRAME_BYTES + packets.remaining();
    }

    /** Writes frame and packets. */
    public void writeTo(ByteBuffer out) {
        writeFrame(out, flags);
        out.put(packets.duplicate());
    }

    private void writeFrame(ByteBuffer out, int withFlags) {
        out.putLong(stream.origin());
        out.putInt(stream.epoch());
        out.putInt(withFlags);
        out.putLong(after);
        out.putLong(upTo);
        out.putInt(count);
        out.putInt(packets.remaining());
    }

    /** The bytes of this chunk on a link. */
    public ByteBuffer wire(PacketWriter writer, boolean asReplayed) {
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + recordBytes());
        wireTo(out, writer, asReplayed);
        return out.flip();
    }

    /** Puts the same into a buffer with room for it, whose position is then behind it. */
    public void wireTo(ByteBuffer out, PacketWriter writer, boolean asReplayed) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        writeFrame(frame, asReplayed ? flags | REPLAYED : flags);
        writer.control(out, PacketType.CHUNK, frame.flip());
        out.put(packets.duplicate());
    }

    /**
     * The same without what the receiver is not owed or has already.
     *
     * @param mark the receiver's mark: nothing up to it is kept
     * @param owed which of the other packets are
     * @return this where nothing is left out
     */
    public Chunk only(long mark, PacketFilter owed) {
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = packets.duplicate();
        ByteBuffer kept = ByteBuffer.allocate(in.remaining());
        int keptCount = 0;
        while (nextTrusted(cursor, in)) {
            if (cursor.sequence() > mark && owed.test(cursor)) {
                kept.put(cursor.packet());
                keptCount++;
            }
        }
        long from = Math.max(after, Math.min(mark, upTo));
        return keptCount == count && from == after
                ? this
                : new Chunk(stream, flags, from, upTo, keptCount, kept.flip());
    }

    /** A chunk of that packet of this one alone at which the cursor stands. */
    public Chunk one(PacketCursor at) {
        return new Chunk(stream, flags, at.sequence() - 1, at.sequence(), 1, at.packet());
    }

    /** Moves through packets that were checked when they came in. */
    public static boolean nextTrusted(PacketCursor cursor, ByteBuffer in) {
        try {
            return cursor.next(in);
        } catch (MalformedPacketException e) {
            throw new IllegalStateException("a chunk that was checked holds a bad packet: " + e.getMessage(), e);
        }
    }

    /** Decides about one packet. */
    @FunctionalInterface
    public interface PacketFilter {
        boolean test(PacketCursor packet);
    }

    /**
     * Reads frame and packets as {@link #writeTo} wrote them to our own log: lengths are checked, checksums were when the
     * packets came in.
     *
     * @param in holds nothing else; not copied
     * @throws MalformedPacketException if frame and packets do not agree
     */
    public static Chunk read(ByteBuffer in) throws MalformedPacketException {
        Frame frame = Frame.read(in);
        if (frame.packetBytes != in.remaining()) {
            throw new MalformedPacketException(
                    "a chunk of " + frame.packetBytes + " bytes, but there are " + in.remaining());
        }
        return new Chunk(frame.stream, frame.flags, frame.after, frame.upTo, frame.count, in);
    }

    /** The frame alone, checked for bounds but not yet against its packets. */
    static final class Frame {
        private final StreamId stream;
        private final int flags;
        private final long after;
        private final long upTo;
        private final int count;
        final int packetBytes;

        private Frame(StreamId stream, int flags, long after, long upTo, int count, int packetBytes) {
            this.stream = stream;
            this.flags = flags;
            this.after = after;
            this.upTo = upTo;
            this.count = count;
            this.packetBytes = packetBytes;
        }

        static Frame read(ByteBuffer in) throws MalformedPacketException {
            if (in.remaining() < FRAME_BYTES) {
                throw new MalformedPacketException(
                        "a chunk's frame of " + in.remaining() + " bytes, it has " + FRAME_BYTES);
            }
            Frame frame = new Frame(
                    new StreamId(in.getLong(), in.getInt()),
                    in.getInt(),
                    in.getLong(),
                    in.getLong(),
                    in.getInt(),
                    in.getInt());
            if (frame.after < 0
                    || frame.upTo < frame.after
                    || frame.count < 0
                    || frame.count > frame.upTo - frame.after) {
                throw new MalformedPacketException(
                        "a chunk of " + frame.count + " packets after " + frame.after + " up to " + frame.upTo);
            }
            if (frame.packetBytes < 0 || frame.packetBytes > MAX_PACKET_BYTES) {
                throw new MalformedPacketException("a chunk of " + Integer.toUnsignedString(frame.packetBytes)
                        + " bytes, the bound is " + MAX_PACKET_BYTES);
            }
            return frame;
        }

        /** Joins frame and packets; every packet must be whole, sound, of this stream, covered, and in order; items need not be the latter. */
        Chunk chunk(ByteBuffer packets) throws MalformedPacketException {
            boolean items = (flags & ITEMS) != 0;
            PacketCursor cursor = new PacketCursor();
            ByteBuffer in = packets.duplicate();
            long last = after;
            int seen = 0;
            while (cursor.next(in)) {
                cursor.checkCrc();
                seen++;
                if (items && cursor.type() == PacketType.CONTROL) {
                    throw new MalformedPacketException("a control packet among items of a state table");
                }
                if (items) {
                    continue;
                }
                if (cursor.origin() != stream.origin() || cursor.epoch() != stream.epoch()) {
                    throw new MalformedPacketException("a packet of another stream in a chunk of " + stream);
                }
                if (cursor.sequence() <= last || cursor.sequence() > upTo || cursor.type() == PacketType.CONTROL) {
                    throw new MalformedPacketException("packet " + cursor.sequence() + " of type " + cursor.type()
                            + " after " + last + " in a chunk up to " + upTo + " of " + stream);
                }
                last = cursor.sequence();
            }
            if (in.hasRemaining() || seen != count) {
                throw new MalformedPacketException("a chunk of " + seen + " packets and " + in.remaining()
                        + " bytes more, its frame says " + count + " packets");
            }
            return new Chunk(stream, flags, after, upTo, count, packets);
        }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.chunk(this);
    }

    @Override
    public String toString() {
        return stream + " after " + after + " up to " + upTo + ", " + count + " packets"
                + (replayed() ? ", replayed" : "") + (lost() ? ", lost" : "") + (items() ? ", items" : "");
    }
}
