package org.merlin.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.cluster.LinkListener;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;

class ChannelLinkTest {
    private final List<Message> messages = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final ChannelLink link = new ChannelLink(() -> 0, true, "yoda");
    private final EmbeddedChannel channel = new EmbeddedChannel(link);

    ChannelLinkTest() {
        link.listener(new LinkListener() {
            @Override
            public void onMessage(Message message, long nowNanos) {
                messages.add(message);
            }

            @Override
            public void onWritable(long nowNanos) {}

            @Override
            public void onClosed(String why, long nowNanos) {
                ends.add(why);
            }
        });
    }

    private static ByteBuffer packet(String words) {
        ByteBuffer body = new Words(words).encode();
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        new PacketWriter().control(out, PacketType.REFUSAL, body);
        return out.flip();
    }

    @Test
    void waitsWhileAnyByteIsMissing() {
        ByteBuffer packet = packet("hello");
        int length = packet.remaining();
        for (int i = 0; i < length; i++) {
            assertThat(messages).isEmpty();
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {packet.get(i)}));
        }
        assertThat(messages).hasSize(1);
    }

    @Test
    void takesManyPacketsOfOneRead() {
        channel.writeInbound(Unpooled.wrappedBuffer(packet("one"), packet("two"), packet("three")));
        assertThat(messages).hasSize(3);
    }

    @Test
    void closesWhereTheProtocolIsBrokenAndMeetsTheRestNoMore() {
        channel.writeInbound(Unpooled.copiedBuffer(new byte[200]));
        assertThat(channel.isActive()).isFalse();
        assertThat(messages).isEmpty();
        assertThat(ends).singleElement().asString().contains("no packet");
    }

    @Test
    void sendsWhatATurnSaysInOrder() {
        link.send(packet("one"));
        link.send(packet("two"));
        channel.runPendingTasks();
        List<ByteBuf> sent = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            sent.add(next);
        }
        ByteBuf all = Unpooled.wrappedBuffer(sent.toArray(ByteBuf[]::new));
        assertThat(all).isEqualTo(Unpooled.wrappedBuffer(packet("one"), packet("two")));
        all.release();
    }

    @Test
    void endsWhereTheOtherAsksAndNeverReads() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {} // the other side's window is shut
        });
        ByteBuffer answer = ByteBuffer.allocate(32 << 10);
        for (int i = 0; i < 1_100; i++) {
            link.send(answer.duplicate());
        }
        assertThat(channel.isActive()).isFalse();
        assertThat(ends).singleElement().asString().contains("32 MiB wait for it");
    }

    @Test
    void saysNothingAfterItsEnd() {
        channel.close();
        link.send(packet("late"));
        channel.runPendingTasks();
        assertThat(ends).containsExactly(LinkListener.CLOSED_BY_THE_OTHER);
        assertThat(link.writable()).isFalse();
    }
}
