package org.merlin.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.daemon.net.LoopbackDns.address;
import static org.merlin.daemon.net.LoopbackDns.service;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.cluster.Link;
import org.merlin.daemon.cluster.LinkListener;
import org.merlin.daemon.cluster.Transport;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Message;

/** Nodes that are dialled by names of a resolver's domain, over real sockets without TLS. */
class DialByNameTest {
    @TempDir
    private Path folder;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private LoopbackDns dns;
    private ServerSocket two;
    private ServerSocket three;
    private Names names;
    private NodeTransport transport;

    @BeforeEach
    void begin() throws Exception {
        dns = new LoopbackDns();
        two = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.2"));
        three = new ServerSocket(two.getLocalPort(), 10, InetAddress.getByName("127.0.0.3"));
        Path file = Files.writeString(
                folder.resolve("merlin.conf"),
                "node_name = hub;\nstate_dir = state;\ntls = off;\ndaemon { address = 127.0.0.1; port = 0; }\n"
                        + "resolver { domain = consul; address = 127.0.0.1; port = " + dns.port() + "; }\n"
                        + "peer m2 { address = m2.node.consul; }\n");
        MerlinConf conf = MerlinConf.load(file);
        names = new Names(conf.resolvers(), loop.next(), NanoClock.SYSTEM, new Random(1));
        transport = new NodeTransport(conf, loop, names, NanoClock.SYSTEM, new Journal(NanoClock.SYSTEM));
    }

    @AfterEach
    void end() throws IOException {
        transport.close();
        names.close();
        dns.close();
        two.close();
        three.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Dials; why there is no link, or empty. */
    private String dial(int port) throws Exception {
        CompletableFuture<String> done = new CompletableFuture<>();
        transport.dial("m2", "m2.node.consul", port, new Transport.Dialler() {
            @Override
            public LinkListener onOpened(Link link, long nowNanos) {
                done.complete("");
                return new LinkListener() {
                    @Override
                    public void onMessage(Message message, long now) {}

                    @Override
                    public void onWritable(long now) {}

                    @Override
                    public void onClosed(String why, long now) {}
                };
            }

            @Override
            public void onFailed(String why, long nowNanos) {
                done.complete(why);
            }
        });
        return done.get(20, TimeUnit.SECONDS);
    }

    private static void comesTo(ServerSocket server) throws IOException {
        server.setSoTimeout(5_000);
        try (Socket socket = server.accept()) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void eachDialGoesWhereTheNameLeadsThen() throws Exception {
        for (int i = 0; i < 3; i++) {
            dns.says("m2.node.consul", address("127.0.0.2"));
            assertThat(dial(two.getLocalPort())).isEmpty();
            comesTo(two);
            dns.says("m2.node.consul", address("127.0.0.3"));
            assertThat(dial(two.getLocalPort())).isEmpty();
            comesTo(three);
        }
    }

    @Test
    void addressesWhereNobodyListensAreNoObstacle() throws Exception {
        dns.says("m2.node.consul", address("127.0.0.4"), address("127.0.0.3"), address("127.0.0.5"), address("::1"));
        assertThat(dial(two.getLocalPort())).isEmpty();
        comesTo(three);
    }

    @Test
    void aServiceIsDialledAtItsPort() throws Exception {
        dns.says("m2.node.consul", service(1, 1, two.getLocalPort(), "x.node.consul"));
        dns.says("x.node.consul", address("127.0.0.2"));
        assertThat(dial(1)).isEmpty();
        comesTo(two);
    }

    @Test
    void aNameThatLeadsNowhereIsToldOnce() throws Exception {
        assertThat(dial(1)).isEqualTo("the DNS server 127.0.0.1:" + dns.port() + " knows no m2.node.consul");
        dns.says("m2.node.consul", address("127.0.0.2"));
        assertThat(List.of(dial(1), dial(1))).containsOnly("Connection refused");
    }
}
