package org.merlin.tests.database;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.memory.MemoryEventLog;
import org.merlin.daemon.sink.NodeKnowledge;
import org.merlin.daemon.state.StateTable;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.PacketWriter.EventHeader;
import org.merlin.protocol.wire.Route;
import org.merlin.protocol.wire.StreamId;

/** An event log that a test fills, as a daemon does with what schedulers say. */
final class WrittenLog {
    private static final byte CHUNK = 1;

    private final EventLog log = new MemoryEventLog();
    private final PacketWriter writer = new PacketWriter();
    private final Map<StreamId, Long> sequences = new HashMap<>();
    private final List<EventName> names = new ArrayList<>();
    private final StateTable table = new StateTable();

    EventLog log() {
        return log;
    }

    /** Says something as a node's scheduler in a run; returns its name. */
    EventName say(String node, int epoch, int revision, long micros, Event event) {
        StreamId stream = new StreamId(NodeId.of(node).origin(), epoch);
        long sequence = sequences.merge(stream, 1L, Long::sum);
        append(stream, sequence - 1, List.of(packet(stream, sequence, revision, micros, event)));
        EventName name = new EventName(stream.origin(), epoch, sequence);
        names.add(name);
        return name;
    }

    /** Says something that comes with a state table alone: no log has the event. */
    void sayByState(String node, int epoch, int revision, long micros, Event event) {
        StreamId stream = new StreamId(NodeId.of(node).origin(), epoch);
        long sequence = sequences.merge(stream, 1L, Long::sum);
        table.take(chunk(stream, sequence - 1, List.of(packet(stream, sequence, revision, micros, event))));
        append(Chunk.lost(stream, sequence - 1, sequence));
    }

    /** A part of a run that this log does not have, but others may. */
    void skip(String node, int epoch, long events) {
        sequences.merge(new StreamId(NodeId.of(node).origin(), epoch), events, Long::sum);
    }

    /** What came with a state table. */
    NodeKnowledge.Walk states() {
        StateTable.Walk walk = table.walk(any -> true);
        return () -> walk.next(1_000, 2); // pages of an item or two
    }

    /** A part of a run that nobody has any more. */
    void lose(String node, int epoch, long events) {
        StreamId stream = new StreamId(NodeId.of(node).origin(), epoch);
        long after = sequences.getOrDefault(stream, 0L);
        sequences.put(stream, after + events);
        append(Chunk.lost(stream, after, after + events));
    }

    /** Takes over what another daemon's log holds of a stream, from a sequence on. */
    private void append(StreamId stream, long after, List<byte[]> packets) {
        append(chunk(stream, after, packets));
    }

    private static Chunk chunk(StreamId stream, long after, List<byte[]> packets) {
        ByteBuffer bytes = ByteBuffer.allocate(
                packets.stream().mapToInt(packet -> packet.length).sum());
        packets.forEach(bytes::put);
        return new Chunk(stream, 0, after, after + packets.size(), packets.size(), bytes.flip());
    }

    private void append(Chunk chunk) {
        ByteBuffer record = ByteBuffer.allocate(1 + chunk.recordBytes()).put(CHUNK);
        chunk.writeTo(record);
        log.append(record.flip(), chunk.count());
    }

    private byte[] packet(StreamId stream, long sequence, int revision, long micros, Event event) {
        ByteBuffer body = new EventCodec().encode(event);
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        writer.event(
                packet,
                new EventHeader(
                        EventCodec.typeOf(event),
                        Route.MASTERS | Route.PEERS,
                        0,
                        stream.origin(),
                        sequence,
                        stream.epoch(),
                        revision,
                        micros,
                        1),
                body);
        return packet.array();
    }
}
