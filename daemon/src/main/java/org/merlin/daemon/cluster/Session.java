package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/**
 * One open link and what was last heard on it. Turns bytes into calls of its owner, which decides. Confined to the cluster
 * loop.
 */
final class Session implements LinkListener, Source {
    private final Link link;
    private final String name;
    private final Owner owner;
    private final PacketWriter writer = new PacketWriter();
    private final Map<StreamId, Long> toAcknowledge = new LinkedHashMap<>();
    private boolean pulsed;
    private boolean ended;
    private long heardNanos;

    /** Who decides about what a session brings. */
    interface Owner {
        /**
         * A control packet came.
         *
         * @throws MalformedPacketException if its body is not what its code says
         */
        void onControl(Session session, int code, ByteBuffer body, long nowNanos) throws MalformedPacketException;

        /** A chunk came. */
        void onChunk(Session session, Chunk chunk, long nowNanos);

        /** There is room on the link again. */
        void onWritable(Session session);

        /** The link is gone. */
        void onEnded(Session session, String why, long nowNanos);
    }

    Session(Link link, String name, Owner owner, long nowNanos) {
        this.link = link;
        this.name = name;
        this.owner = owner;
        this.heardNanos = nowNanos;
    }

    @Override
    public void onMessage(Message message, long nowNanos) {
        if (ended) {
            return;
        }
        heardNanos = nowNanos;
        message.accept(new Message.Visitor<Void>() {
            @Override
            public Void control(Message.Control control) {
                onControl(control, nowNanos);
                return null;
            }

            @Override
            public Void chunk(Chunk chunk) {
                if (pulsed) {
                    owner.onChunk(Session.this, chunk, nowNanos);
                } else {
                    refuse("events before the first pulse", nowNanos);
                }
                return null;
            }
        });
    }

    private void onControl(Message.Control control, long nowNanos) {
        if (!pulsed && control.code() != PacketType.PULSE && control.code() != PacketType.REFUSAL) {
            refuse("control packet " + control.code() + " before the first pulse", nowNanos);
            return;
        }
        try {
            owner.onControl(this, control.code(), control.body(), nowNanos);
        } catch (MalformedPacketException e) {
            refuse("control packet " + control.code() + " is malformed: " + e.getMessage(), nowNanos);
        }
    }

    @Override
    public void onWritable(long nowNanos) {
        if (!ended) {
            owner.onWritable(this);
        }
    }

    @Override
    public void onClosed(String why, long nowNanos) {
        end(why, nowNanos);
    }

    /** Closes the link after telling the other side why; the owner hears of it at once. */
    void refuse(String why, long nowNanos) {
        if (!ended) {
            send(PacketType.REFUSAL, new Words(why).encode());
            end("refused: " + why, nowNanos);
        }
    }

    private void end(String why, long nowNanos) {
        if (!ended) {
            ended = true;
            link.close();
            owner.onEnded(this, why, nowNanos);
        }
    }

    /** Closes the link without a word to anybody: it is not wanted any more. */
    void discard() {
        ended = true;
        link.close();
    }

    void send(int code, ByteBuffer body) {
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        writer.control(out, code, body);
        link.send(out.flip());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void acknowledge(Mark mark) {
        toAcknowledge.put(mark.stream(), mark.sequence());
    }

    /** Sends the acknowledgements that came together since this was last called. */
    void flushAcknowledgements() {
        if (toAcknowledge.isEmpty() || ended) {
            return;
        }
        List<Mark> marks = new ArrayList<>();
        toAcknowledge.forEach((stream, sequence) -> marks.add(new Mark(stream, sequence)));
        toAcknowledge.clear();
        send(PacketType.MARKS, new Marks(Marks.Kind.ACKNOWLEDGED, marks).encode());
    }

    @Override
    public void askAgain(Mark mark) {
        if (!ended) {
            send(PacketType.MARKS, new Marks(Marks.Kind.GO_BACK, List.of(mark)).encode());
        }
    }

    /** Sends a chunk as it is. */
    void send(Chunk chunk) {
        link.send(chunk.wire(writer, false));
    }

    Link link() {
        return link;
    }

    boolean ended() {
        return ended;
    }

    /** Whether the first pulse has been accepted. */
    boolean pulsed() {
        return pulsed;
    }

    void onPulseAccepted() {
        pulsed = true;
    }

    long silentNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }
}
