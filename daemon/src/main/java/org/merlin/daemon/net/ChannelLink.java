package org.merlin.daemon.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.cluster.Link;
import org.merlin.daemon.cluster.LinkListener;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;

/**
 * The last handler of a pipeline: cuts bytes into messages and hands them to the cluster, and is the cluster's {@link Link}.
 * Decides nothing. Confined to the channel's event loop, which is the cluster loop. The same for nodes and for the module.
 */
public final class ChannelLink extends ByteToMessageDecoder implements Link {
    /** Unsent bytes above which a link is not writable, and below which it is again. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /** Unsent bytes with which a link ends: events stop long before, so that the other asks and asks and reads no answer. */
    private static final long MOST_WAITING_BYTES = 32L << 20;

    private final NanoClock clock;
    private final boolean dialledByUs;
    private final String remote;
    private final int pid;
    private final MessageReader reader = new MessageReader();
    private final ByteBuffer nothing = ByteBuffer.allocate(0);
    private Channel channel;
    private Optional<LinkListener> listener = Optional.empty();
    private String why = LinkListener.CLOSED_BY_THE_OTHER;
    private boolean flushDue;

    /**
     * Makes the handler; the channel is the one it is added to.
     *
     * @param remote the other end for people
     */
    public ChannelLink(NanoClock clock, boolean dialledByUs, String remote) {
        this(clock, dialledByUs, remote, 0);
    }

    /**
     * Makes the handler.
     *
     * @param pid of the process at the other end; 0 if unknown
     */
    public ChannelLink(NanoClock clock, boolean dialledByUs, String remote, int pid) {
        this.pid = pid;
        this.clock = clock;
        this.dialledByUs = dialledByUs;
        this.remote = remote;
    }

    /** Names who is told from now on; what came before waited in the channel. */
    public void listener(LinkListener who) {
        listener = Optional.of(who);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        try {
            while (channel.isActive() && listener.isPresent()) {
                ByteBuffer view = in.nioBuffer();
                Optional<Message> message = reader.next(view);
                if (message.isEmpty()) {
                    return;
                }
                in.skipBytes(view.position());
                listener.get().onMessage(message.get(), clock.nanos());
            }
            if (!channel.isActive()) {
                in.skipBytes(in.readableBytes());
            }
        } catch (MalformedPacketException e) {
            in.skipBytes(in.readableBytes()); // or the decoder meets it again at close
            fail("it sent what is no packet: " + e.getMessage());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        flushNow();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            listener.ifPresent(who -> who.onWritable(clock.nanos()));
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        listener.ifPresent(who -> who.onClosed(why, clock.nanos()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause instanceof IOException ? "broken: " + cause.getMessage() : "broken: " + cause);
    }

    private void fail(String because) {
        if (why.equals(LinkListener.CLOSED_BY_THE_OTHER)) {
            why = because; // what its end breaks is no reason of its own
        }
        channel.close(); // channelInactive follows
    }

    /** Why the link ended, if it did; for a log line of whoever has no listener yet. */
    public String why() {
        return why;
    }

    @Override
    public void send(ByteBuffer messages) {
        if (!channel.isActive()) {
            return;
        }
        if (channel.bytesBeforeWritable() > MOST_WAITING_BYTES) {
            fail("it does not read what it has asked for: " + (MOST_WAITING_BYTES >> 20) + " MiB wait for it");
            return;
        }
        channel.write(Unpooled.wrappedBuffer(messages.hasRemaining() ? messages : nothing), channel.voidPromise());
        if (!flushDue) {
            flushDue = true;
            channel.eventLoop().execute(this::flushNow); // all that this turn sends goes out in one write
        }
    }

    private void flushNow() {
        if (flushDue) {
            flushDue = false;
            channel.flush();
        }
    }

    @Override
    public boolean writable() {
        return channel.isActive() && channel.isWritable();
    }

    @Override
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    @Override
    public boolean dialledByUs() {
        return dialledByUs;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public void close() {
        if (channel.isActive()) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
