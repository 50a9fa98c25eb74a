package org.merlin.tests.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.PacketWriter.EventHeader;
import org.merlin.protocol.wire.Route;
import org.merlin.protocol.wire.StreamId;

/** What the benchmarks work on. */
final class Events {
    static final StreamId STREAM = new StreamId(0x1234567890abcdefL, 400_000_000);

    private Events() {}

    static SlotTable slots(int hosts) {
        List<MonitoredObject> objects = IntStream.range(0, hosts)
                .mapToObj(i -> MonitoredObject.ofHost(String.format("host%06d", i)))
                .toList();
        return SlotTable.of(
                objects, objects.stream().map(any -> List.<String>of()).toList(), List.of());
    }

    /** A result of a service with texts of so many bytes in all. */
    static CheckResult result(int textBytes) {
        String text = "x".repeat(Math.min(textBytes / 2, 16_000));
        String perfData = "y".repeat(Math.min(textBytes - text.length(), 32_000));
        String longText = "z".repeat(textBytes - text.length() - perfData.length());
        return new CheckResult(
                MonitoredObject.ofService("host000001", "service with a name"),
                1,
                StateType.HARD,
                3,
                3,
                CheckType.ACTIVE,
                new Output(text, longText, perfData),
                new Timing(1_700_000_000_000_000L, 1_700_000_000_100_000L, 5_000, 100_000, 1_700_000_300_000_000L),
                new History(0, 1, 1L << 50, 1L << 50, new LastTimes(1, 2, 3, 4), 5, 6, 7, 8, false, 6.25, 0),
                NotificationCount.NONE,
                new Problem(7, 8));
    }

    /** A packet of a result. */
    static byte[] packet(long sequence, CheckResult result) {
        ByteBuffer body = new EventCodec().encode(result);
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        EventHeader header = new EventHeader(
                EventCodec.typeOf(result),
                Route.MASTERS | Route.PEERS,
                0,
                STREAM.origin(),
                sequence,
                STREAM.epoch(),
                9,
                1_700_000_000_100_000L,
                sequence * 31);
        new PacketWriter().event(packet, header, body);
        return packet.array();
    }

    /** A chunk of {@code count} results after a sequence. */
    static Chunk chunk(long after, int count, int textBytes) {
        CheckResult result = result(textBytes);
        List<byte[]> packets = IntStream.rangeClosed(1, count)
                .mapToObj(i -> packet(after + i, result))
                .toList();
        ByteBuffer bytes = ByteBuffer.allocate(
                packets.stream().mapToInt(packet -> packet.length).sum());
        packets.forEach(bytes::put);
        return new Chunk(STREAM, 0, after, after + count, count, bytes.flip());
    }
}
