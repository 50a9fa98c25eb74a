package org.merlin.daemon.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merlin.daemon.cluster.Transport;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * TCP between nodes, with mutual TLS unless it is switched off. Everything runs on the cluster loop. Strangers are bounded in
 * number and time, and cost one log line of a limited kind.
 */
public final class NodeTransport implements Transport, AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int HANDSHAKE_MILLIS = 10_000;
    /** Handshakes in progress, and connections that wait for theirs; more are closed at once. */
    private static final int MAX_HANDSHAKES = 1_000;

    private static final int MAX_WAITING = 16_000;
    /** How often it is looked whether those that wait can begin. */
    private static final long HANDSHAKE_PAUSE_MILLIS = 3;
    /** At most this much waits unsent in the kernel, so that a pulse overtakes data. */
    private static final int UNSENT_BYTES = 128 * 1024;

    /** The kernel's own words in a message of Netty's. */
    private static final Pattern ERROR = Pattern.compile("error\\(-?\\d+\\): ([^:]+)");

    private final MerlinConf conf;
    private final EventLoopGroup loop;
    private final NanoClock clock;
    private final Journal journal;
    private volatile Optional<TlsContexts> tls;
    private final Names names;
    private final Attempts attempts = new Attempts();
    private final List<Channel> servers = new CopyOnWriteArrayList<>();
    private final HandshakeGate gate;

    /**
     * Reads certificates.
     *
     * @param loop the cluster loop alone
     * @param names finds nodes; stays its owner's
     * @throws IOException if a certificate or key is missing or unfit, naming the file and the remedy
     */
    public NodeTransport(MerlinConf conf, EventLoopGroup loop, Names names, NanoClock clock, Journal journal)
            throws IOException {
        this.conf = conf;
        this.loop = loop;
        this.names = names;
        this.clock = clock;
        this.journal = journal;
        this.tls = conf.nodes().isEmpty() ? Optional.empty() : contexts(conf);
        this.gate = new HandshakeGate(
                MAX_HANDSHAKES,
                MAX_WAITING,
                clock,
                turn -> loop.next().schedule(turn, HANDSHAKE_PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    }

    private static Optional<TlsContexts> contexts(MerlinConf conf) throws IOException {
        return conf.tls().enabled() ? Optional.of(TlsContexts.load(conf.tls(), conf.nodeName())) : Optional.empty();
    }

    /**
     * Reads certificates and listens, if another configuration of this node is the first with other nodes; it may, for good. Any
     * thread but the loop's.
     *
     * @throws IOException as the constructor and {@link #listen} do
     */
    public void open(MerlinConf now, Acceptor acceptor) throws IOException {
        if (servers.isEmpty() && !now.nodes().isEmpty()) {
            tls = contexts(now);
            bind(acceptor);
        }
    }

    /**
     * Listens for other nodes, if any are configured.
     *
     * @throws IOException if the address cannot be bound
     */
    public void listen(Acceptor acceptor) throws IOException {
        if (!conf.nodes().isEmpty()) {
            bind(acceptor);
        }
    }

    private void bind(Acceptor acceptor) throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(conf.daemon().address(), conf.daemon().port());
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + conf.daemon().address() + ": there is no such address");
        }
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel, acceptor);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + show(address) + ": " + bound.cause().getMessage()
                            + "; is another merlind running, or daemon { port } taken?",
                    bound.cause());
        }
        servers.add(bound.channel());
    }

    /** Where we listen, for people. */
    public String localAddress() {
        return servers.isEmpty()
                ? "no address (no nodes are configured)"
                : show((InetSocketAddress) servers.get(0).localAddress());
    }

    static String show(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        boolean v6 = address.getAddress() instanceof Inet6Address;
        return (v6 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    // --- accepting --------------------------------------------------------------------------------------------------

    private void accept(SocketChannel channel, Acceptor acceptor) {
        String remote = show(channel.remoteAddress());
        if (tls.isEmpty()) {
            open(channel, acceptor, Optional.empty(), remote);
            return;
        }
        channel.config().setAutoRead(false); // until its turn
        Accepted accepted = new Accepted(channel, acceptor, remote);
        if (gate.enter(accepted)) {
            channel.closeFuture().addListener(closed -> gate.leave(accepted));
        } else {
            accepted.refuse(MAX_WAITING + " connections wait for their handshake");
        }
    }

    /** Somebody that dialled us and has not proved its name. */
    private final class Accepted implements HandshakeGate.Comer {
        private final Channel channel;
        private final Acceptor acceptor;
        private final String remote;

        Accepted(Channel channel, Acceptor acceptor, String remote) {
            this.channel = channel;
            this.acceptor = acceptor;
            this.remote = remote;
        }

        @Override
        public void turnAway() {
            refuse("its handshake took long while others waited for theirs");
        }

        private void refuse(String why) {
            journal.warnLimited(LogEvent.LINK_REFUSED, remote, why);
            channel.close();
        }

        @Override
        public void begin() {
            if (!channel.isActive()) {
                gate.leave(this);
                return;
            }
            SslHandler handler;
            try {
                handler = tls.orElseThrow().server(channel.alloc());
            } catch (IOException e) {
                refuse(e.getMessage());
                return;
            }
            handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
            channel.pipeline().addLast(handler).addLast(new AfterHandshake() {
                @Override
                void done(ChannelHandlerContext context) {
                    gate.leave(Accepted.this);
                    Optional<String> name = tls.get().provenName(handler);
                    if (name.isEmpty()) {
                        refuse("its certificate has no common name");
                    } else {
                        open(channel, acceptor, name, remote);
                    }
                }

                @Override
                void failed(ChannelHandlerContext context, Throwable cause) {
                    refuse(TlsTrouble.explain(cause));
                }
            });
            channel.config().setAutoRead(true);
        }
    }

    private void open(Channel channel, Acceptor acceptor, Optional<String> name, String remote) {
        ChannelLink link = new ChannelLink(clock, false, remote);
        channel.pipeline().addLast(link);
        acceptor.onAccepted(link, name, clock.nanos()).ifPresentOrElse(link::listener, channel::close);
    }

    // --- dialling ---------------------------------------------------------------------------------------------------

    @Override
    public void dial(String node, String address, int port, Dialler dialler) {
        names.find(address, port)
                .whenComplete((found, failure) -> loop.next().execute(() -> {
                    if (failure == null) {
                        dial(node, attempts.next(node, found), 0, dialler);
                    } else {
                        dialler.onFailed(Names.why(failure), clock.nanos());
                    }
                }));
    }

    private void dial(String node, List<InetSocketAddress> addresses, int index, Dialler dialler) {
        InetSocketAddress address = addresses.get(index);
        attempts.begin(node, address);
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES)
                .option(ChannelOption.AUTO_READ, false) // nothing is read before a handler is there
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address);
        connecting.addListener(done -> {
            if (connecting.isSuccess()) {
                greet(node, connecting.channel(), show(address), dialler);
            } else if (index + 1 < addresses.size()) {
                dial(node, addresses, index + 1, dialler);
            } else {
                dialler.onFailed(plain(connecting.cause()), clock.nanos());
            }
        });
    }

    private static String plain(Throwable cause) {
        Matcher matcher = ERROR.matcher(String.valueOf(cause.getMessage()));
        return matcher.find() ? matcher.group(1) : String.valueOf(cause.getMessage());
    }

    private void greet(String node, Channel channel, String remote, Dialler dialler) {
        if (tls.isEmpty()) {
            opened(node, channel, remote, dialler);
            channel.config().setAutoRead(true);
            return;
        }
        Dialled dialled = new Dialled(node, channel, remote, dialler);
        if (gate.enter(dialled)) {
            channel.closeFuture().addListener(closed -> gate.leave(dialled));
        } else {
            dialled.fail(MAX_WAITING + " connections wait for their handshake");
        }
    }

    /** A node that we dialled and that has not proved its name. */
    private final class Dialled implements HandshakeGate.Comer {
        private final String node;
        private final Channel channel;
        private final String remote;
        private final Dialler dialler;
        private boolean told;

        Dialled(String node, Channel channel, String remote, Dialler dialler) {
            this.node = node;
            this.channel = channel;
            this.remote = remote;
            this.dialler = dialler;
        }

        private void fail(String why) {
            channel.close();
            if (!told) {
                told = true;
                dialler.onFailed(why, clock.nanos());
            }
        }

        @Override
        public void turnAway() {
            fail("its handshake took long while others waited for theirs");
        }

        @Override
        public void begin() {
            SslHandler handler;
            try {
                handler = tls.orElseThrow().client(channel.alloc(), node);
            } catch (IOException e) {
                fail(e.getMessage());
                return;
            }
            handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
            channel.pipeline().addLast(handler).addLast(new AfterHandshake() {
                @Override
                void done(ChannelHandlerContext context) {
                    gate.leave(Dialled.this);
                    String name = tls.get().provenName(handler).orElse("");
                    if (name.equals(node)) {
                        told = true;
                        opened(node, channel, remote, dialler);
                    } else {
                        fail("the certificate there says '" + name + "', not '" + node + "'");
                    }
                }

                @Override
                void failed(ChannelHandlerContext context, Throwable cause) {
                    fail(TlsTrouble.explain(cause));
                }
            });
            channel.config().setAutoRead(true);
        }
    }

    private void opened(String node, Channel channel, String remote, Dialler dialler) {
        attempts.end(node);
        ChannelLink link = new ChannelLink(clock, true, remote);
        channel.pipeline().addLast(link);
        link.listener(dialler.onOpened(link, clock.nanos()));
    }

    /** Waits for the end of the handshake, one way or the other, and goes. */
    private abstract static class AfterHandshake extends ChannelInboundHandlerAdapter {
        private boolean told;

        abstract void done(ChannelHandlerContext context);

        abstract void failed(ChannelHandlerContext context, Throwable cause);

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && !told) {
                told = true;
                if (handshake.isSuccess()) {
                    done(context);
                    context.pipeline().remove(this);
                } else {
                    failed(context, handshake.cause());
                }
            } else {
                context.fireUserEventTriggered(event);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!told) {
                told = true;
                failed(context, new IOException("it hung up during the handshake"));
            }
            context.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!told) {
                told = true;
                failed(context, cause);
            }
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.close().syncUninterruptibly());
    }
}
