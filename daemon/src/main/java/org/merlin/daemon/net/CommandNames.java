package org.merlin.daemon.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.merlin.daemon.names.HostNames;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/** Finds names for a command, which has no cluster loop: with one of its own where a server of a domain is to be asked. One thread. */
public final class CommandNames implements HostNames, AutoCloseable {
    private final Optional<EventLoopGroup> loop;
    private final Optional<Names> names;

    public CommandNames(List<MerlinConf.Resolver> resolvers) {
        this.loop = resolvers.isEmpty()
                ? Optional.empty()
                : Optional.of(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()));
        this.names = loop.map(group -> new Names(resolvers, group.next(), NanoClock.SYSTEM, new Random()));
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int defaultPort) throws UnknownHostException {
        return names.isPresent()
                ? names.get().resolve(host, defaultPort)
                : Stream.of(InetAddress.getAllByName(host))
                        .map(address -> new InetSocketAddress(address, defaultPort))
                        .toList();
    }

    @Override
    public void close() {
        names.ifPresent(Names::close);
        loop.ifPresent(group -> group.shutdownGracefully(0, 0, TimeUnit.SECONDS));
    }
}
