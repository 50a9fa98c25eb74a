package org.merlin.daemon.net;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.merlin.daemon.names.HostNames;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * Finds addresses for names: literals at once, the names of a {@code resolver}'s domain by asking that server, all others by the system.
 * Nothing is kept: each search asks anew. Any thread; nothing here blocks the cluster loop.
 */
public final class Names implements HostNames, AutoCloseable {
    private static final int LONGEST_WAIT_SECONDS = 30;

    private final EventLoop loop;
    private final NanoClock clock;
    private final Random random;
    private final SystemNames forNodes;
    /** Threads of its own: nodes whose names nobody knows must not hold up a database. */
    private final SystemNames forWaiting;

    private volatile List<DomainServer> servers;

    /**
     * Begins; nobody is asked yet.
     *
     * @param loop the cluster loop, on which servers are asked
     */
    public Names(List<MerlinConf.Resolver> resolvers, EventLoop loop, NanoClock clock, Random random) {
        this(resolvers, loop, clock, random, SystemNames.OF_THIS_MACHINE);
    }

    Names(List<MerlinConf.Resolver> resolvers, EventLoop loop, NanoClock clock, Random random, String systemServers) {
        this.loop = loop;
        this.clock = clock;
        this.random = random;
        this.forNodes = new SystemNames(InetAddress::getAllByName, systemServers, random);
        this.forWaiting = new SystemNames(InetAddress::getAllByName, systemServers, random);
        this.servers = List.of();
        use(resolvers);
    }

    /** Goes by other resolvers from the next search on. Those that stay keep what waits for them. */
    public void use(List<MerlinConf.Resolver> resolvers) {
        List<DomainServer> before = servers;
        servers = resolvers.stream()
                .sorted(Comparator.comparingInt(
                        (MerlinConf.Resolver resolver) -> -resolver.domain().length()))
                .map(resolver -> before.stream()
                        .filter(server -> server.resolver().equals(resolver))
                        .findFirst()
                        .orElseGet(() -> new DomainServer(resolver, loop, clock, random)))
                .toList();
    }

    /**
     * Begins a search for a node's addresses.
     *
     * @param port of the addresses, where the answer names none
     * @return one address or more, in the order in which they are to be tried; fails with an {@link UnknownHostException}, which {@link
     *     #why} puts into words. Completes on any thread
     */
    CompletableFuture<List<InetSocketAddress>> find(String host, int port) {
        return find(host, port, Search.begin(this, forNodes));
    }

    /** Goes on with a search. */
    CompletableFuture<List<InetSocketAddress>> find(String host, int port, Search search) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return literal(host, port);
        }
        if (search.steps() > Search.MAX_STEPS) {
            return CompletableFuture.failedFuture(new UnknownHostException(
                    "more than " + Search.MAX_STEPS + " names lead to each other, the last is " + host));
        }
        String name = canonical(host);
        return serverOf(name)
                .map(server -> server.find(name, port, search))
                .orElseGet(() -> search.system().find(name, port, search));
    }

    private static CompletableFuture<List<InetSocketAddress>> literal(String host, int port) {
        try {
            return CompletableFuture.completedFuture(
                    List.of(new InetSocketAddress(InetAddress.getByName(host), port))); // never looked up
        } catch (UnknownHostException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The server of the longest domain that a name is in. */
    private Optional<DomainServer> serverOf(String name) {
        return servers.stream().filter(server -> server.knows(name)).findFirst();
    }

    /** In small letters, without a dot at the end. */
    static String canonical(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Why a search has failed, for people. */
    static String why(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof UnknownHostException ? cause.getMessage() : String.valueOf(cause);
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int defaultPort) throws UnknownHostException {
        if (loop.inEventLoop()) {
            throw new IllegalStateException("the cluster loop may not wait for the addresses of " + host);
        }
        try {
            return find(host, defaultPort, Search.begin(this, forWaiting)).get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new UnknownHostException(why(e.getCause()));
        } catch (TimeoutException e) {
            throw new UnknownHostException("no answer for " + host + " within " + LONGEST_WAIT_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted while waiting for the addresses of " + host);
        }
    }

    @Override
    public void close() {
        forNodes.close();
        forWaiting.close();
    }
}
