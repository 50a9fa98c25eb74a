package org.merlin.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merlin.daemon.net.LoopbackDns.address;
import static org.merlin.daemon.net.LoopbackDns.alias;
import static org.merlin.daemon.net.LoopbackDns.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.LoggerFactory;

/** Names, asked of a real server on loopback; of the system only {@code localhost}. */
class NamesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(400);

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private LoopbackDns dns;
    private Names names;

    @BeforeEach
    void begin() throws IOException {
        ((Logger) LoggerFactory.getLogger("io.netty.resolver.dns")).setLevel(Level.ERROR); // as merlind does
        dns = new LoopbackDns();
        names = names(resolver("consul", dns, TIMEOUT));
    }

    @AfterEach
    void end() {
        names.close();
        dns.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Names names(MerlinConf.Resolver... resolvers) {
        return new Names(
                List.of(resolvers), loop.next(), NanoClock.SYSTEM, new Random(1), "dns://127.0.0.1:" + dns.port());
    }

    private static MerlinConf.Resolver resolver(String domain, LoopbackDns server, Duration timeout) {
        return new MerlinConf.Resolver(domain, "127.0.0.1", server.port(), timeout);
    }

    private static List<String> shown(List<InetSocketAddress> addresses) {
        return addresses.stream().map(NodeTransport::show).toList();
    }

    private List<String> resolved(String host) throws UnknownHostException {
        return shown(names.resolve(host, 15551));
    }

    private String trouble(String host) {
        try {
            return "found " + resolved(host);
        } catch (UnknownHostException e) {
            return e.getMessage();
        }
    }

    private String server() {
        return "the DNS server 127.0.0.1:" + dns.port();
    }

    // --- who is asked -----------------------------------------------------------------------------------------------

    @Test
    void literalsAreTakenAsTheyStand() throws UnknownHostException {
        assertThat(resolved("192.0.2.7")).containsExactly("192.0.2.7:15551");
        assertThat(resolved("2001:db8::7")).containsExactly("[2001:db8:0:0:0:0:0:7]:15551");
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void onlyNamesOfTheDomainReachItsServer() throws UnknownHostException {
        dns.says("m2.node.consul", address("127.0.0.2")).says("consul", address("127.0.0.3"));
        assertThat(resolved("M2.Node.Consul.")).containsExactly("127.0.0.2:15551");
        assertThat(resolved("consul")).containsExactly("127.0.0.3:15551");
        Set<String> before = Set.copyOf(dns.asked());
        assertThat(resolved("localhost")).contains("127.0.0.1:15551");
        assertThat(trouble("no-consul.invalid")).isEqualTo("there is no address for no-consul.invalid");
        trouble("m2.notconsul"); // whatever the system says
        assertThat(before)
                .containsExactlyInAnyOrder("m2.node.consul 1", "m2.node.consul 28", "consul 1", "consul 28")
                .isEqualTo(Set.copyOf(dns.asked()));
    }

    @Test
    void theLongestDomainCounts() throws IOException {
        try (LoopbackDns inner = new LoopbackDns()) {
            names.use(List.of(resolver("consul", dns, TIMEOUT), resolver("dc2.consul", inner, TIMEOUT)));
            dns.says("db.dc1.consul", address("127.0.0.1"));
            inner.says("db.dc2.consul", address("127.0.0.2"));
            assertThat(resolved("db.dc1.consul")).containsExactly("127.0.0.1:15551");
            assertThat(resolved("db.dc2.consul")).containsExactly("127.0.0.2:15551");
            assertThat(dns.asked()).noneMatch(question -> question.contains("dc2"));
        }
    }

    @Test
    void otherResolversCountFromTheNextSearchOn() throws IOException {
        dns.says("db.consul", address("127.0.0.1"));
        assertThat(resolved("db.consul")).containsExactly("127.0.0.1:15551");
        try (LoopbackDns other = new LoopbackDns()) {
            other.says("db.consul", address("127.0.0.2"));
            names.use(List.of(resolver("consul", other, TIMEOUT)));
            assertThat(resolved("db.consul")).containsExactly("127.0.0.2:15551");
        }
    }

    @Test
    void whatIsNoHostNameIsNotAsked() {
        assertThat(trouble("two words.consul")).isEqualTo("'two words.consul' is no host name");
        assertThat(trouble("x".repeat(64) + ".consul")).contains("is no host name");
        assertThat(dns.asked()).isEmpty();
    }

    // --- what is answered -------------------------------------------------------------------------------------------

    @Test
    void anAnswerThatChangesIsFollowedAtOnce() throws UnknownHostException {
        for (int i = 2; i < 6; i++) {
            dns.says("db.service.consul", address("127.0.0." + i));
            assertThat(resolved("db.service.consul")).containsExactly("127.0.0." + i + ":15551");
        }
        dns.says("db.service.consul");
        assertThat(trouble("db.service.consul"))
                .isEqualTo(server() + " has no address and no service for db.service.consul");
    }

    @Test
    void addressesOfBothKindsAreFoundInAnyOrder() throws UnknownHostException {
        dns.says("db.service.consul", address("127.0.0.2"), address("::1"), address("127.0.0.3"));
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            List<String> found = resolved("db.service.consul");
            assertThat(found)
                    .containsExactlyInAnyOrder("127.0.0.2:15551", "127.0.0.3:15551", "[0:0:0:0:0:0:0:1]:15551");
            first.add(found.get(0));
        }
        assertThat(first).hasSize(3);
    }

    @Test
    void aNameWithIpv6AloneIsFound() throws UnknownHostException {
        dns.says("six.node.consul", address("2001:db8::1"));
        assertThat(resolved("six.node.consul")).containsExactly("[2001:db8:0:0:0:0:0:1]:15551");
    }

    @Test
    void aServiceNamesItsPortsByPriority() throws UnknownHostException {
        dns.says(
                "_db._tcp.service.consul",
                service(2, 1, 3307, "b.node.consul"),
                service(1, 1, 3306, "a.node.consul"),
                service(3, 1, 3308, "gone.node.consul"),
                service(4, 1, 3309, "localhost"));
        dns.says("a.node.consul", address("127.0.0.2")).says("b.node.consul", address("127.0.0.3"));
        assertThat(resolved("_db._tcp.service.consul"))
                .startsWith("127.0.0.2:3306", "127.0.0.3:3307")
                .contains("127.0.0.1:3309");
        assertThat(dns.asked())
                .as("no addresses of a service, no host of another domain")
                .doesNotContain("_db._tcp.service.consul 1", "localhost 1");
    }

    @Test
    void aNameWithoutAddressesMayBeAService() throws UnknownHostException {
        dns.says("db.service.consul", service(1, 1, 3306, "a.node.consul"));
        dns.says("a.node.consul", address("127.0.0.2"));
        assertThat(resolved("db.service.consul")).containsExactly("127.0.0.2:3306");
    }

    @Test
    void aServiceThatIsOfferedNowhereIsSaidToBe() {
        dns.says("_db._tcp.consul", service(0, 0, 0, "."));
        assertThat(trouble("_db._tcp.consul")).isEqualTo(server() + " says that _db._tcp.consul is offered nowhere");
    }

    @Test
    void aServiceWhoseHostsNobodyKnowsSaysWhich() {
        dns.says("_db._tcp.consul", service(1, 1, 3306, "a.node.consul"));
        assertThat(trouble("_db._tcp.consul")).isEqualTo(server() + " knows no a.node.consul");
    }

    @Test
    void servicesOfOtherDomainsAreAskedOfTheMachinesServers() throws UnknownHostException {
        names.use(List.of());
        dns.says("_db._tcp.example.com", service(2, 1, 3307, "localhost"), service(1, 1, 3306, "127.0.0.1"));
        assertThat(resolved("_db._tcp.example.com"))
                .startsWith("127.0.0.1:3306")
                .contains("127.0.0.1:3307");
        assertThat(trouble("_web._tcp.example.com")).contains("there is no service for _web._tcp.example.com");
    }

    @Test
    void aliasesAreFollowedInTheAnswerInTheDomainAndOutOfIt() throws UnknownHostException {
        dns.says("one.consul", alias("two.consul"), address("127.0.0.2").of("two.consul"));
        dns.says("three.consul", alias("four.consul")).says("four.consul", address("127.0.0.4"));
        dns.says("out.consul", alias("localhost"), address("10.6.6.6"));
        assertThat(resolved("one.consul")).contains("127.0.0.2:15551");
        assertThat(resolved("three.consul")).containsExactly("127.0.0.4:15551");
        assertThat(resolved("out.consul")).contains("127.0.0.1:15551").doesNotContain("10.6.6.6:15551");
        assertThat(dns.asked()).noneMatch(question -> question.startsWith("localhost"));
    }

    @Test
    void aliasesThatLeadInACircleEnd() {
        dns.says("a.consul", alias("b.consul")).says("b.consul", alias("a.consul"));
        assertThat(trouble("a.consul")).contains("more than 8 names lead to each other");
        dns.says("c.consul", alias("c.consul"));
        assertThat(trouble("c.consul")).contains("more than 8 aliases lead to each other");
        dns.says("_d._tcp.consul", service(1, 1, 1, "_d._tcp.consul"));
        assertThat(trouble("_d._tcp.consul")).contains("has no address for _d._tcp.consul");
    }

    // --- what goes wrong --------------------------------------------------------------------------------------------

    @Test
    void aNameThatDoesNotExistIsSaidToBeUnknown() {
        assertThat(trouble("nobody.node.consul")).isEqualTo(server() + " knows no nobody.node.consul");
        assertThat(dns.asked()).as("no service is looked for").noneMatch(question -> question.endsWith(" 33"));
    }

    @Test
    void aServerThatFailsSaysHow() {
        dns.fails("x.consul", 2);
        assertThat(trouble("x.consul"))
                .startsWith(server() + " answers ServFail")
                .endsWith("for x.consul");
    }

    @Test
    void aSilentServerIsNamedWithinItsTime() {
        names.use(List.of(resolver("consul", dns, SHORT)));
        dns.isSilentFor("x.consul");
        long begun = System.nanoTime();
        assertThat(trouble("x.consul")).isEqualTo(server() + " did not answer for x.consul within 400 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(SHORT, SHORT.multipliedBy(10));
        assertThat(dns.asked()).as("each question once or twice").hasSizeBetween(2, 4);
    }

    @Test
    void aServerThatIsNotThereIsNamedWithinItsTime() {
        names.use(List.of(resolver("consul", dns, SHORT)));
        dns.close();
        assertThat(trouble("x.consul")).startsWith(server() + " ").contains("x.consul");
    }

    @Test
    void aQuestionThatIsLostIsRepeated() throws UnknownHostException {
        names.use(List.of(resolver("consul", dns, SHORT.multipliedBy(5))));
        dns.says("x.consul", address("127.0.0.2")).loses(2);
        assertThat(resolved("x.consul")).containsExactly("127.0.0.2:15551");
    }

    @Test
    void aLongAnswerComesByTcp() throws UnknownHostException {
        dns.says(
                "many.consul",
                IntStream.range(0, 100).mapToObj(i -> address("127.0.1." + i)).toArray(LoopbackDns.Rec[]::new));
        dns.hasLongAnswers(false);
        assertThat(resolved("many.consul")).hasSize(Answer.MAX_ADDRESSES).contains("127.0.1.7:15551");
    }

    @Test
    void aLongAnswerThatTcpDoesNotBringIsAwaitedForItsTimeOnly() {
        names.use(List.of(resolver("consul", dns, SHORT)));
        dns.says("many.consul", address("127.0.0.2")).hasLongAnswers(true);
        long begun = System.nanoTime();
        assertThat(trouble("many.consul")).isEqualTo(server() + " did not answer for many.consul within 400 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.multipliedBy(10));
    }

    @Test
    void aLongAnswerWithoutTcpIsNotTakenForAWholeOne() throws IOException {
        dns.says("many.consul", address("127.0.0.2")).hasLongAnswers(false);
        dns.refusesTcp();
        assertThat(trouble("many.consul"))
                .isEqualTo(server() + " has a long answer for many.consul, and did not give it by TCP");
    }

    @Test
    void forgedAndGarbledAnswersAreIgnored() throws UnknownHostException {
        dns.isForged();
        for (int i = 0; i < 20; i++) {
            dns.says("x.consul", address("127.0.0.2"));
            assertThat(resolved("x.consul")).containsExactly("127.0.0.2:15551");
        }
    }

    @Test
    void theClusterLoopMayNotWait() {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        loop.next().execute(() -> {
            try {
                names.resolve("x.consul", 1);
            } catch (IllegalStateException | UnknownHostException e) {
                refusal.complete(e);
            }
        });
        assertThat(refusal.join()).isInstanceOf(IllegalStateException.class).hasMessageContaining("x.consul");
    }

    @Test
    void moreSearchesThanMayRunAtOnceAllEnd() throws Exception {
        List<CompletableFuture<List<InetSocketAddress>>> searches = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            dns.says("n" + i + ".consul", address("127.0.0.2"));
            searches.add(names.find("n" + i + ".consul", i + 1));
        }
        searches.add(names.find("nobody.consul", 1));
        for (int i = 0; i < 500; i++) {
            assertThat(shown(searches.get(i).get(20, TimeUnit.SECONDS))).containsExactly("127.0.0.2:" + (i + 1));
        }
        assertThatThrownBy(() -> searches.get(500).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("knows no nobody.consul");
    }

    // --- the order of a service's hosts -----------------------------------------------------------------------------

    @Test
    void weightsSayWhoIsFirstHowOften() {
        List<ServiceRecord> records = Stream.of(9, 1, 0)
                .map(weight -> new ServiceRecord(1, weight, 1, "w" + weight))
                .toList();
        Random random = new Random(7);
        int[] first = new int[10];
        for (int i = 0; i < 10_000; i++) {
            List<ServiceRecord> ordered = ServiceRecord.ordered(records, random);
            assertThat(ordered).containsExactlyInAnyOrderElementsOf(records);
            first[ordered.get(0).weight()]++;
        }
        assertThat(first[9]).isBetween(7_500, 8_900);
        assertThat(first[1]).isBetween(600, 1_300);
        assertThat(first[0]).isBetween(500, 1_300);
    }
}
