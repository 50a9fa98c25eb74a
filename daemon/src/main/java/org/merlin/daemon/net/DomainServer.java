package org.merlin.daemon.net;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * The server of one domain's names, asked by UDP, and by TCP for an answer that is too long for that. A question is repeated once, at half
 * of its time. Each has a socket of its own, so that who would forge an answer has to guess its port as well as its number. Searches
 * may begin on any thread; the rest is on the cluster loop.
 */
final class DomainServer {
    /** Searches at a time; each has two sockets, a service's some more. */
    private static final int MAX_RUNNING = 64;

    private static final int MAX_WAITING = 16_000;
    /** What arrives in one piece nearly everywhere. */
    private static final int MAX_UDP_BYTES = 1232;

    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*");

    private final MerlinConf.Resolver resolver;
    private final EventLoop loop;
    private final NanoClock clock;
    private final Random random;
    private final InetSocketAddress address;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Optional<DnsNameResolver> questions = Optional.empty();
    private int running;

    DomainServer(MerlinConf.Resolver resolver, EventLoop loop, NanoClock clock, Random random) {
        this.resolver = resolver;
        this.loop = loop;
        this.clock = clock;
        this.random = random;
        this.address = new InetSocketAddress(resolver.address(), resolver.port());
    }

    MerlinConf.Resolver resolver() {
        return resolver;
    }

    /** Whether a name, in small letters, is in its domain. */
    boolean knows(String name) {
        return name.equals(resolver.domain()) || name.endsWith("." + resolver.domain());
    }

    /** The server, for people. */
    @Override
    public String toString() {
        return "the DNS server " + NodeTransport.show(address);
    }

    /** Goes on with a search, or begins one; as {@link Names#find}. */
    CompletableFuture<List<InetSocketAddress>> find(String name, int port, Search search) {
        if (!NAME.matcher(name).matches()) {
            return failed("'" + name + "' is no host name");
        }
        CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
        try {
            loop.execute(
                    search.first() ? () -> enter(name, port, search, found) : () -> begin(name, port, search, found));
        } catch (RejectedExecutionException e) {
            return failed(name + " is not looked up: the daemon stops");
        }
        return found;
    }

    private static <T> CompletableFuture<T> failed(String why) {
        return CompletableFuture.failedFuture(new UnknownHostException(why));
    }

    // --- one of a bounded number ------------------------------------------------------------------------------------

    private void enter(String name, int port, Search search, CompletableFuture<List<InetSocketAddress>> found) {
        if (running < MAX_RUNNING) {
            running++;
            found.whenComplete((done, failure) -> loop.execute(this::leave));
            begin(name, port, search, found);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(() -> enter(name, port, search, found));
        } else {
            found.completeExceptionally(
                    new UnknownHostException(name + " is not looked up: " + MAX_WAITING + " names wait for " + this));
        }
    }

    private void leave() {
        running--;
        Optional.ofNullable(waiting.poll()).ifPresent(Runnable::run);
    }

    private void begin(String name, int port, Search search, CompletableFuture<List<InetSocketAddress>> found) {
        Search bounded = search.until(clock.nanos() + resolver.timeout().toNanos());
        CompletableFuture<List<InetSocketAddress>> searching = search.services() && ServiceRecord.named(name)
                ? service(name, port, bounded)
                : host(name, port, bounded);
        searching.whenComplete((addresses, failure) -> {
            if (failure == null) {
                found.complete(addresses);
            } else {
                found.completeExceptionally(new UnknownHostException(Names.why(failure)));
            }
        });
    }

    // --- what is asked ----------------------------------------------------------------------------------------------

    private CompletableFuture<List<InetSocketAddress>> host(String name, int port, Search search) {
        return ask(name, DnsRecordType.A, search)
                .thenCombine(ask(name, DnsRecordType.AAAA, search), List::of)
                .thenCompose(answers -> host(name, port, answers, search));
    }

    private CompletableFuture<List<InetSocketAddress>> host(
            String name, int port, List<Answer> answers, Search search) {
        List<InetAddress> addresses = new ArrayList<>();
        answers.forEach(answer -> addresses.addAll(answer.addresses()));
        if (!addresses.isEmpty()) {
            Collections.shuffle(addresses, random);
            return CompletableFuture.completedFuture(addresses.stream()
                    .map(at -> new InetSocketAddress(at, port))
                    .toList());
        }
        Optional<String> alias =
                answers.stream().flatMap(answer -> answer.alias().stream()).findFirst();
        if (alias.isPresent()) {
            return search.alias(alias.get(), port);
        }
        Optional<String> trouble = trouble(answers);
        if (trouble.isPresent()) {
            return failed(this + " " + trouble.get());
        }
        return search.services() ? service(name, port, search) : failed(this + " has no address for " + name);
    }

    /** That there is no such name says more than that nothing came in time. */
    private static Optional<String> trouble(List<Answer> answers) {
        Stream<Answer> best = answers.stream().filter(Answer::unknown);
        return Stream.concat(best, answers.stream())
                .flatMap(answer -> answer.trouble().stream())
                .findFirst();
    }

    private CompletableFuture<List<InetSocketAddress>> service(String name, int port, Search search) {
        return ask(name, DnsRecordType.SRV, search).thenCompose(answer -> {
            if (answer.alias().isPresent()) {
                return search.alias(answer.alias().get(), port);
            }
            if (answer.trouble().isPresent()) {
                return failed(this + " " + answer.trouble().get());
            }
            return answer.services().isEmpty()
                    ? failed(this + " has no address and no service for " + name)
                    : ServiceRecord.addresses(toString(), name, answer.services(), search, random);
        });
    }

    // --- asking -----------------------------------------------------------------------------------------------------

    /** Never fails: what went wrong is an answer, too. */
    private CompletableFuture<Answer> ask(String name, DnsRecordType type, Search search) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        ask(name, type, search.deadlineNanos().orElseThrow(), true, answer);
        return answer;
    }

    private void ask(
            String name, DnsRecordType type, long deadlineNanos, boolean twice, CompletableFuture<Answer> answer) {
        long leftNanos = deadlineNanos - clock.nanos();
        if (leftNanos <= 0) {
            answer.complete(silence(name));
            return;
        }
        Promise<AddressedEnvelope<? extends DnsResponse, InetSocketAddress>> response = loop.newPromise();
        Future<?> end = loop.schedule(() -> response.cancel(false), leftNanos, TimeUnit.NANOSECONDS);
        response.addListener(done -> {
            end.cancel(false);
            if (response.isSuccess()) {
                answer.complete(read(name, response.getNow()));
            } else if (response.cause() instanceof DnsNameResolverTimeoutException && twice) {
                ask(name, type, deadlineNanos, false, answer);
            } else {
                answer.complete(trouble(name, response.cause()));
            }
        });
        questions().query(address, new DefaultDnsQuestion(name + ".", type), response);
    }

    private static Answer read(String name, AddressedEnvelope<? extends DnsResponse, InetSocketAddress> response) {
        try {
            return Answer.read(name, response.content());
        } finally {
            response.release();
        }
    }

    private Answer trouble(String name, Throwable cause) {
        if (cause instanceof DnsNameResolverTimeoutException || cause instanceof CancellationException) {
            return silence(name);
        }
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        return Answer.none("cannot be asked for " + name + ": " + root.getMessage());
    }

    private Answer silence(String name) {
        long millis = resolver.timeout().toMillis();
        String time = millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
        return Answer.none("did not answer for " + name + " within " + time);
    }

    /** Made at the first question: most daemons have none. */
    private DnsNameResolver questions() {
        if (questions.isEmpty()) {
            questions = Optional.of(new DnsNameResolverBuilder(loop)
                    .datagramChannelType(EpollDatagramChannel.class)
                    .socketChannelType(EpollSocketChannel.class)
                    .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                    .nameServerProvider(host -> DnsServerAddresses.singleton(address).stream())
                    .queryTimeoutMillis(Math.max(1, resolver.timeout().toMillis() / 2))
                    .maxPayloadSize(MAX_UDP_BYTES)
                    .resolveCache(NoopDnsCache.INSTANCE)
                    .cnameCache(NoopDnsCnameCache.INSTANCE)
                    .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                    .hostsFileEntriesResolver((host, types) -> null)
                    .searchDomains(List.of())
                    .ndots(1)
                    .build());
        }
        return questions.get();
    }
}
