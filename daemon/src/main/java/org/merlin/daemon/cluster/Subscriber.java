package org.merlin.daemon.cluster;

import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

/** Somebody who is owed a part of the event log: another node, or our module. */
interface Subscriber {
    /** Number under which its acknowledgements are noted in the log. */
    long id();

    /** Whether it is owed anything of a stream. */
    boolean entitled(StreamId stream);

    /** Whether it is owed a packet of a stream that it is entitled to. */
    boolean owed(PacketCursor packet);

    /** The same for all packets of a stream, by what holds now; asked of many at once. */
    default Chunk.PacketFilter owing(StreamId stream) {
        return this::owed;
    }

    /** Equal for subscribers that are owed the same packets of a stream that both are entitled to. */
    Object sameAs(StreamId stream);

    /**
     * Whether others may have of a stream what this node has not: then nothing is ever covered or named as lost that was not seen
     * here, and the subscriber waits for who has it.
     */
    default boolean othersHave(StreamId stream) {
        return false;
    }
}
