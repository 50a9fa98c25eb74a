package org.merlin.module.hook;

import java.nio.ByteBuffer;
import org.merlin.module.ipc.Handoff;
import org.merlin.module.ipc.Packet;
import org.merlin.module.shared.Teller;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.PacketWriter.EventHeader;
import org.merlin.protocol.wire.Route;
import org.merlin.protocol.wire.StreamId;

/** Numbers what this scheduler found and was told, and hands it over as packets. Confined to the scheduler's thread. */
public final class Reporter implements Teller {
    private StreamId stream;
    private final SlotTable slots;
    private final ObjectIndex objects;
    private final Handoff handoff;
    private final EventCodec codec = new EventCodec();
    private final PacketWriter writer = new PacketWriter();
    private long sequence;

    public Reporter(StreamId stream, SlotTable slots, ObjectIndex objects, Handoff handoff) {
        this.stream = stream;
        this.slots = slots;
        this.objects = objects;
        this.handoff = handoff;
    }

    /** Reports a result; {@code revision} is the one that it makes. */
    public void result(int index, CheckResult result, int revision) {
        tell(index, result, revision, result.timing().endMicros());
    }

    /** Masters, peers, and the pollers of the selection that the object belongs to. */
    @Override
    public EventName tell(int index, Event event, int revision, long timeMicros) {
        int selection = slots.group(index);
        int route = Route.MASTERS | Route.PEERS | (selection == Selection.NONE ? 0 : Route.SELECTION);
        return send(event, route, selection, revision, timeMicros, objects.key(index));
    }

    @Override
    public EventName tellAll(long key, Event event, int revision, long timeMicros, boolean masters) {
        int route = Route.PEERS | Route.POLLERS | (masters ? Route.MASTERS : 0);
        return send(event, route, Selection.NONE, revision, timeMicros, key);
    }

    private EventName send(Event event, int route, int selection, int revision, long timeMicros, long key) {
        ByteBuffer body = codec.encode(event);
        byte[] packet = new byte[PacketCursor.HEADER_BYTES + body.remaining()];
        EventHeader header = new EventHeader(
                EventCodec.typeOf(event),
                route,
                selection,
                stream.origin(),
                sequence + 1,
                stream.epoch(),
                revision,
                timeMicros,
                key);
        writer.event(ByteBuffer.wrap(packet), header, body);
        handoff.offer(new Packet(packet, stream.epoch(), ++sequence));
        return new EventName(stream.origin(), stream.epoch(), sequence);
    }

    /** Goes on in another epoch, from 1. */
    public void begin(int epoch) {
        stream = new StreamId(stream.origin(), epoch);
        sequence = 0;
    }

    @Override
    public long origin() {
        return stream.origin();
    }

    /** The stream of this run. */
    public StreamId stream() {
        return stream;
    }

    /** The last sequence given out; 0 before the first event. */
    public long sequence() {
        return sequence;
    }
}
