package org.merlin.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.ca.CertificateAuthority;
import org.merlin.daemon.cluster.LinkListener;
import org.merlin.daemon.demo.FreePorts;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Message;

/** Many nodes that dial one at the same moment, as after a restart of all, over real sockets and real TLS. */
class NodeTransportTest {
    private static final int NODES = 300;
    private static final LinkListener DEAF = new LinkListener() {
        @Override
        public void onMessage(Message message, long nowNanos) {}

        @Override
        public void onWritable(long nowNanos) {}

        @Override
        public void onClosed(String why, long nowNanos) {}
    };

    @TempDir
    private Path folder;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoopGroup others = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Set<String> proved = ConcurrentHashMap.newKeySet();
    private final CountDownLatch all = new CountDownLatch(NODES);
    private final List<TlsContexts> nodes = new ArrayList<>();
    private Names names;
    private NodeTransport transport;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        CertificateAuthority authority = CertificateAuthority.init(folder.resolve("ca"), false, Clock.systemUTC());
        Path tls = Files.createDirectories(folder.resolve("state/tls"));
        Files.copy(folder.resolve("ca/ca.crt"), tls.resolve("ca.crt"));
        authority.issue("hub", tls, CertificateAuthority.LEAF_LIFE);
        port = FreePorts.forEach(List.of("hub")).get("hub");
        Path conf = Files.writeString(
                folder.resolve("merlin.conf"),
                "node_name = hub;\nstate_dir = state;\ndaemon { address = 127.0.0.1; port = " + port + "; }\n"
                        + "peer other { address = 127.0.0.1; connect = no; }\n");
        names = new Names(List.of(), loop.next(), NanoClock.SYSTEM, new Random(1));
        transport =
                new NodeTransport(MerlinConf.load(conf), loop, names, NanoClock.SYSTEM, new Journal(NanoClock.SYSTEM));
        transport.listen((link, name, now) -> {
            proved.add(name.orElseThrow());
            all.countDown();
            return Optional.of(DEAF);
        });
        for (int i = 0; i < NODES; i++) {
            String name = "node" + i;
            authority.issue(name, tls, CertificateAuthority.LEAF_LIFE);
            MerlinConf.Tls files = new MerlinConf.Tls(
                    true, tls.resolve(name + ".crt"), tls.resolve(name + ".key"), tls.resolve("ca.crt"));
            nodes.add(TlsContexts.load(files, name));
        }
    }

    @AfterEach
    void close() {
        transport.close();
        names.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        others.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void dial(TlsContexts node, Map<Integer, String> failed, CountDownLatch connected) {
        new Bootstrap()
                .group(others)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) throws Exception {
                        SslHandler handler = node.client(channel.alloc(), "hub");
                        handler.handshakeFuture().addListener(done -> {
                            if (!done.isSuccess()) {
                                failed.put(failed.size(), String.valueOf(done.cause()));
                            }
                        });
                        channel.pipeline().addLast(handler);
                    }
                })
                .connect("127.0.0.1", port)
                .addListener(done -> connected.countDown());
    }

    @Test
    void hundredsThatDialAtOnceAllGetInAndHoldTheLoopForMomentsOnly() throws Exception {
        AtomicLong longest = new AtomicLong();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean(); // its CPU: the clock tells of other processes, too
        AtomicLong before = new AtomicLong(Long.MAX_VALUE);
        loop.next()
                .scheduleAtFixedRate(
                        () -> {
                            long now = threads.getCurrentThreadCpuTime();
                            longest.accumulateAndGet(now - before.getAndSet(now), Math::max);
                        },
                        1,
                        1,
                        TimeUnit.MILLISECONDS);
        Map<Integer, String> failed = new ConcurrentHashMap<>();
        CountDownLatch connected = new CountDownLatch(NODES);
        loop.next().execute(() -> awaitQuietly(connected)); // all come before it looks
        nodes.forEach(node -> dial(node, failed, connected));
        connected.await();
        longest.set(0);
        long begun = System.nanoTime();
        assertThat(all.await(60, TimeUnit.SECONDS))
                .as("all are there; failed: %s", failed)
                .isTrue();
        System.out.printf(
                "%d handshakes in %.0f ms, the loop was held for %.1f ms of CPU at most%n",
                NODES, (System.nanoTime() - begun) / 1e6, longest.get() / 1e6);
        assertThat(longest.get()).isLessThan(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(proved).hasSize(NODES);
        assertThat(failed).isEmpty();
    }
}
