package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;

/** A chunk that is in the log, with what is worth computing once for all who are owed it. Confined to the cluster loop. */
final class LoggedChunk {
    private final long position;
    private final Chunk chunk;
    private final Map<Object, Owed> owed = new HashMap<>(4);
    private ByteBuffer wire;

    /** How many packets somebody is owed, their bytes, and when the first of them happened (microseconds since 1970). */
    record Owed(int events, long bytes, long firstMicros) {
        static final Owed NOTHING = new Owed(0, 0, 0);
    }

    LoggedChunk(long position, Chunk chunk) {
        this.position = position;
        this.chunk = chunk;
    }

    /** Position of its first event. */
    long position() {
        return position;
    }

    /** Position behind its last event. */
    long end() {
        return position + chunk.count();
    }

    Chunk chunk() {
        return chunk;
    }

    /** What of it a subscriber is owed, marks aside. */
    Owed owed(Subscriber subscriber) {
        if (!subscriber.entitled(chunk.stream())) {
            return Owed.NOTHING;
        }
        return owed.computeIfAbsent(subscriber.sameAs(chunk.stream()), any -> count(subscriber));
    }

    private Owed count(Subscriber subscriber) {
        Chunk.PacketFilter owing = subscriber.owing(chunk.stream());
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = chunk.packets();
        int events = 0;
        long bytes = 0;
        long first = 0;
        while (Chunk.nextTrusted(cursor, in)) {
            if (owing.test(cursor)) {
                first = events == 0 ? cursor.timeMicros() : first;
                events++;
                bytes += cursor.bytes();
            }
        }
        return new Owed(events, bytes, first);
    }

    /** The whole chunk's bytes for a link, the same for all links that are owed all of it. */
    ByteBuffer wire(PacketWriter writer) {
        if (wire == null) {
            wire = chunk.wire(writer, false).asReadOnlyBuffer();
        }
        return wire.duplicate();
    }
}
