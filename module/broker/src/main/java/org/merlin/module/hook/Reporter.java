package org.merlin.module.hook;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.Set;
import org.merlin.module.ipc.Handoff;
import org.merlin.module.ipc.Packet;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.PacketWriter.EventHeader;
import org.merlin.protocol.wire.Route;
import org.merlin.protocol.wire.StreamId;

/** Numbers what this scheduler found and was told, and hands it over as packets. Confined to the scheduler's thread. */
public final class Reporter {
    private static final Set<String> PASSED_ON = Set.of(
            "SCHEDULE_HOST_CHECK",
            "SCHEDULE_SVC_CHECK",
            "SCHEDULE_HOST_SVC_CHECKS",
            "SCHEDULE_FORCED_HOST_CHECK",
            "SCHEDULE_FORCED_SVC_CHECK",
            "SCHEDULE_FORCED_HOST_SVC_CHECKS");
    private static final int TO_MASTERS_AND_PEERS = Route.MASTERS | Route.PEERS;

    private final StreamId stream;
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
        send(result, slots.group(index), revision, result.timing().endMicros(), objects.key(index));
    }

    /** Reports a command, if it is one that is passed on. */
    public void command(ExternalCommand command) {
        if (!PASSED_ON.contains(command.name())) {
            return;
        }
        OptionalInt object = objectOf(command);
        int selection = object.isPresent() ? slots.group(object.getAsInt()) : Selection.NONE;
        long key = object.isPresent() ? objects.key(object.getAsInt()) : 0;
        send(command, selection, 0, command.entrySeconds() * 1_000_000, key);
    }

    private OptionalInt objectOf(ExternalCommand command) {
        String[] arguments = command.arguments().split(";", 3);
        boolean ofService = command.name().endsWith("SVC_CHECK") && arguments.length > 1;
        return objects.byName(ofService ? arguments[0] + ";" + arguments[1] : arguments[0]);
    }

    private void send(Event event, int selection, int revision, long timeMicros, long key) {
        ByteBuffer body = codec.encode(event);
        byte[] packet = new byte[PacketCursor.HEADER_BYTES + body.remaining()];
        int route = selection == Selection.NONE ? TO_MASTERS_AND_PEERS : TO_MASTERS_AND_PEERS | Route.SELECTION;
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
