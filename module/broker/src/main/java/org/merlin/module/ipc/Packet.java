package org.merlin.module.ipc;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;

/** A packet of this node's own that is on its way to the daemon. Immutable: nobody changes the bytes any more. */
public final class Packet {
    private final byte[] bytes;
    private final int epoch;
    private final long sequence;

    /** Takes over bytes that were just encoded. */
    public Packet(byte[] bytes, int epoch, long sequence) {
        this.bytes = bytes;
        this.epoch = epoch;
        this.sequence = sequence;
    }

    /**
     * Reads a packet back.
     *
     * @throws MalformedPacketException if these bytes are not one whole, sound packet
     */
    static Packet parse(byte[] bytes) throws MalformedPacketException {
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (!cursor.next(in) || in.hasRemaining()) {
            throw new MalformedPacketException("a packet that is not " + bytes.length + " bytes long");
        }
        cursor.checkCrc();
        return new Packet(bytes, cursor.epoch(), cursor.sequence());
    }

    int epoch() {
        return epoch;
    }

    long sequence() {
        return sequence;
    }

    int length() {
        return bytes.length;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Whether this was made before another packet of the same node, or is the same one. */
    boolean notAfter(Packet other) {
        return epoch == other.epoch ? sequence <= other.sequence : Integer.compareUnsigned(epoch, other.epoch) < 0;
    }
}
