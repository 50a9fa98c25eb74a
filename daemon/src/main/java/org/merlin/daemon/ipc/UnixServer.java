package org.merlin.daemon.ipc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;

/** A Unix stream socket with mode 0660 whose clients are checked by their credentials. Its channels live on the cluster loop. */
final class UnixServer implements AutoCloseable {
    private final Path socket;
    private final Channel server;

    /** Sets up the pipeline of an admitted connection. */
    interface Admitted {
        void accept(Channel channel, int pid);
    }

    private UnixServer(Path socket, Channel server) {
        this.socket = socket;
        this.server = server;
    }

    /**
     * Binds.
     *
     * @throws IOException if it cannot, saying why and what to do
     */
    static UnixServer bind(Path socket, Optional<String> group, EventLoopGroup loop, Journal journal, Admitted admitted)
            throws IOException {
        PeerCheck check = PeerCheck.of(group);
        Files.createDirectories(socket.toAbsolutePath().getParent());
        removeStale(socket);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel channel) throws IOException {
                        PeerCredentials peer = channel.peerCredentials();
                        Optional<String> objection = check.objection(peer);
                        if (objection.isPresent()) {
                            journal.warnLimited(LogEvent.SOCKET_REFUSED, socket, objection.get());
                            channel.close();
                        } else {
                            admitted.accept(channel, peer.pid());
                        }
                    }
                });
        Channel server;
        try {
            server = bootstrap
                    .bind(new DomainSocketAddress(socket.toFile()))
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) { // Netty throws checked ones without saying so
            throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
        }
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        if (check.group().isPresent()) {
            Files.setAttribute(socket, "unix:gid", check.group().getAsInt(), LinkOption.NOFOLLOW_LINKS);
        }
        return new UnixServer(socket, server);
    }

    /** A socket file that nobody listens on is left from a killed daemon; one that somebody does is not ours to take. */
    private static void removeStale(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (((Integer) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000) != 0140000) {
            throw new IOException(socket + " is there and is no socket: move it away or name another one");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
            throw new IOException("somebody listens on " + socket + " already: is another merlind running?");
        } catch (ConnectException e) {
            Files.deleteIfExists(socket);
        }
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            // the next start removes it
        }
    }
}
