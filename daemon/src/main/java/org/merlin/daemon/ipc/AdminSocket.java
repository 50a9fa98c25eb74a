package org.merlin.daemon.ipc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;

/**
 * The Unix socket of the command line tool: one line asks, one line of JSON answers, as often as the client likes. On the
 * cluster loop.
 */
public final class AdminSocket implements AutoCloseable {
    private static final int MAX_LINE_BYTES = 8192;

    private final UnixServer server;

    /** Answers questions; on the cluster loop. */
    public interface Answers {
        /**
         * Answers one line.
         *
         * @param answer takes one line of JSON without its end, at once or later, on the cluster loop
         */
        void answer(String question, Consumer<String> answer);
    }

    private AdminSocket(UnixServer server) {
        this.server = server;
    }

    /**
     * Listens on {@code state_dir/admin.sock}.
     *
     * @throws IOException if it cannot, saying why
     */
    public static AdminSocket open(MerlinConf conf, Answers answers, EventLoopGroup loop, Journal journal)
            throws IOException {
        return new AdminSocket(UnixServer.bind(
                conf.adminSocket(),
                conf.ipc().group(),
                loop,
                journal,
                (channel, pid) -> channel.pipeline()
                        .addLast(new LineBasedFrameDecoder(MAX_LINE_BYTES))
                        .addLast(new Handler(answers, journal))));
    }

    private static final class Handler extends SimpleChannelInboundHandler<ByteBuf> {
        private final Answers answers;
        private final Journal journal;

        Handler(Answers answers, Journal journal) {
            this.answers = answers;
            this.journal = journal;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
            answers.answer(
                    line.toString(StandardCharsets.UTF_8).strip(),
                    json -> context.writeAndFlush(Unpooled.copiedBuffer(json + "\n", StandardCharsets.UTF_8)));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            journal.warnLimited(LogEvent.SOCKET_REFUSED, "admin.sock", cause.getMessage());
            context.close();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
