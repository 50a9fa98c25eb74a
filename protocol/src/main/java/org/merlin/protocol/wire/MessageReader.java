package org.merlin.protocol.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Cuts what arrives on a link into messages. Checks every length before it allocates: a message is copied out only when all
 * of it is there, and at most {@link #MAX_MESSAGE_BYTES} need to be kept waiting. Confined to one thread.
 */
public final class MessageReader {
    public static final int MAX_MESSAGE_BYTES =
            PacketCursor.HEADER_BYTES + PacketCursor.MAX_BODY_BYTES + Chunk.MAX_PACKET_BYTES;

    private final PacketCursor cursor = new PacketCursor();

    /**
     * Takes the next message.
     *
     * @param in what has arrived; its position is moved behind the message, or left alone
     * @return empty until all of the next message is there
     * @throws MalformedPacketException if the sender broke the protocol; the connection is then useless
     */
    public Optional<Message> next(ByteBuffer in) throws MalformedPacketException {
        ByteBuffer ahead = in.duplicate();
        if (!cursor.next(ahead)) {
            return Optional.empty();
        }
        if (cursor.type() != PacketType.CONTROL) {
            throw new MalformedPacketException("an event of type " + cursor.type() + " outside a chunk");
        }
        cursor.checkCrc();
        if (cursor.code() != PacketType.CHUNK) {
            Message control = new Message.Control(cursor.code(), copy(cursor.body()));
            in.position(ahead.position());
            return Optional.of(control);
        }
        Chunk.Frame frame = Chunk.Frame.read(cursor.body());
        if (ahead.remaining() < frame.packetBytes) {
            return Optional.empty();
        }
        ByteBuffer packets = copy(ahead.slice(ahead.position(), frame.packetBytes));
        Chunk chunk = frame.chunk(packets);
        in.position(ahead.position() + frame.packetBytes);
        return Optional.of(chunk);
    }

    private static ByteBuffer copy(ByteBuffer view) {
        ByteBuffer own = ByteBuffer.allocate(view.remaining());
        own.put(view);
        return own.flip();
    }
}
