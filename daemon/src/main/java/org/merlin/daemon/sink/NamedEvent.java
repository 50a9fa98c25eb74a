package org.merlin.daemon.sink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;

/**
 * An event out of the log.
 *
 * @param micros when it happened, microseconds since 1970
 * @param revision of its object
 */
public record NamedEvent(EventName name, long micros, int revision, Event event) {
    /** The event of the packet at which a cursor stands; empty if it is of a newer version. */
    static Optional<NamedEvent> read(EventCodec codec, PacketCursor cursor) {
        if (!EventCodec.knows(cursor.type())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NamedEvent(
                    new EventName(cursor.origin(), cursor.epoch(), cursor.sequence()),
                    cursor.timeMicros(),
                    cursor.revision(),
                    codec.decode(cursor.type(), cursor.body())));
        } catch (MalformedPacketException e) {
            return Optional.empty();
        }
    }

    /** All events of a chunk, whatever streams they are of. */
    static List<NamedEvent> of(EventCodec codec, Chunk chunk) {
        List<NamedEvent> events = new ArrayList<>();
        ByteBuffer packets = chunk.packets();
        PacketCursor cursor = new PacketCursor();
        while (Chunk.nextTrusted(cursor, packets)) {
            read(codec, cursor).ifPresent(events::add);
        }
        return events;
    }
}
