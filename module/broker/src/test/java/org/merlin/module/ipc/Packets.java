package org.merlin.module.ipc;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;

/** Builds packets; fills in what a test does not care about. */
final class Packets {
    static final long ORIGIN = 77;

    private Packets() {}

    static Packet aPacket(int epoch, long sequence, int bodyBytes) {
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + bodyBytes);
        PacketWriter.EventHeader header = new PacketWriter.EventHeader(
                PacketType.HOST_CHECK, 3, 0, ORIGIN, sequence, epoch, 1, sequence * 1000, 5);
        new PacketWriter().event(out, header, ByteBuffer.allocate(bodyBytes));
        return new Packet(out.array(), epoch, sequence);
    }
}
