package org.merlin.daemon.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/**
 * A node that takes everything, checks its order, and acknowledges it: no log, no module. It reads headers only and copies
 * nothing, so that many of them cost little beside the daemon that is measured. Confined to its event loop.
 */
final class StubLink extends ChannelInboundHandlerAdapter {
    private static final int PULSE_MILLIS = 1000;

    private final String name;
    private final String hub;
    private final Received received;
    private final PacketWriter writer = new PacketWriter();
    private final byte[] head = new byte[PacketCursor.HEADER_BYTES + Chunk.FRAME_BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(head);
    private final Map<StreamId, Long> marks = new HashMap<>();
    private final Map<StreamId, Long> moved = new HashMap<>();
    private ChannelHandlerContext context;

    private int wanted = PacketCursor.HEADER_BYTES;
    private int got;
    private int toSkip;
    private int inChunk;
    private StreamId stream;
    private long upTo;
    private long last;

    /** Told of each event. */
    interface Received {
        /**
         * One came.
         *
         * @param sequence in its stream
         * @param before sequence of the one before, in the same stream
         * @param timeMicros when it happened, since 1970
         */
        void on(long sequence, long before, long timeMicros);
    }

    StubLink(String name, String hub, Received received) {
        this.name = name;
        this.hub = hub;
        this.received = received;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Opens the conversation, as a node without a scheduler would. */
    void greet() {
        pulse();
        send(PacketType.MARKS, new Marks(Marks.Kind.ALL, List.of()).encode());
    }

    void pulse() {
        long micros = System.currentTimeMillis() * 1000;
        send(
                PacketType.PULSE,
                new Pulse(
                                name,
                                PacketCursor.VERSION,
                                PacketCursor.VERSION,
                                micros,
                                0,
                                0,
                                PULSE_MILLIS,
                                false,
                                List.of(hub),
                                List.of(),
                                Map.of())
                        .encode());
    }

    /** Tells how far it has everything. */
    void acknowledge() {
        if (!moved.isEmpty()) {
            List<Mark> all = moved.entrySet().stream()
                    .map(each -> new Mark(each.getKey(), each.getValue()))
                    .toList();
            moved.clear();
            send(PacketType.MARKS, new Marks(Marks.Kind.ACKNOWLEDGED, all).encode());
        }
    }

    private void send(int code, ByteBuffer body) {
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        writer.control(out, code, body);
        context.writeAndFlush(Unpooled.wrappedBuffer(out.flip()), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                if (toSkip > 0) {
                    int skipped = Math.min(toSkip, in.readableBytes());
                    in.skipBytes(skipped);
                    toSkip -= skipped;
                } else {
                    int taken = Math.min(wanted - got, in.readableBytes());
                    in.readBytes(head, got, taken);
                    got += taken;
                    if (got == wanted) {
                        onHead();
                    }
                }
            }
        } finally {
            in.release();
        }
    }

    private void onHead() {
        if (inChunk > 0) {
            onEvent();
        } else if (wanted > PacketCursor.HEADER_BYTES) {
            onFrame();
        } else if (view.getShort(PacketCursor.CODE) == PacketType.CHUNK) {
            wanted = head.length;
        } else {
            toSkip = view.getInt(PacketCursor.BODY_BYTES);
            got = 0;
        }
    }

    private void onFrame() {
        ByteBuffer frame = view.duplicate().position(PacketCursor.HEADER_BYTES);
        stream = new StreamId(frame.getLong(), frame.getInt());
        frame.getInt();
        long after = frame.getLong();
        upTo = frame.getLong();
        frame.getInt();
        inChunk = frame.getInt();
        last = marks.getOrDefault(stream, 0L);
        if (after > last) {
            throw new IllegalStateException("a chunk after " + after + " of " + stream + ", the mark is " + last);
        }
        begin();
        end();
    }

    private void onEvent() {
        long sequence = view.getLong(PacketCursor.SEQUENCE);
        received.on(sequence, last, view.getLong(PacketCursor.TIME));
        last = sequence;
        toSkip = view.getInt(PacketCursor.BODY_BYTES);
        inChunk -= PacketCursor.HEADER_BYTES + toSkip;
        begin();
        end();
    }

    private void begin() {
        wanted = PacketCursor.HEADER_BYTES;
        got = 0;
    }

    private void end() {
        if (inChunk == 0) {
            marks.put(stream, upTo);
            moved.put(stream, upTo);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        System.err.println(name + ": " + cause);
        from.close();
    }
}
