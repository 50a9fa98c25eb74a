package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.bench.BenchNodes;
import org.merlin.daemon.bench.BenchProcess;
import org.merlin.daemon.bench.BenchReport;
import org.merlin.daemon.bench.BenchSettings;
import org.merlin.daemon.bench.BenchSite;
import org.merlin.daemon.bench.Counter;
import org.merlin.daemon.bench.Latencies;
import org.merlin.daemon.bench.Sender;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.NodeView;

/** Two nodes of real processes: the scheduler of one sends results, that of the other counts what it is given. */
final class SendingPair implements AutoCloseable {
    static final String FROM = "a";
    static final String TO = "b";
    /** For an answer of a daemon that was just started on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BenchNodes nodes;
    private final Sender load;
    private final BenchProcess loading;
    private final BenchProcess counting;
    private final Counter count;
    private BenchProcess sending;
    private BenchProcess receiving;

    /**
     * Starts both and waits until they agree.
     *
     * @param dialling names of those that dial
     */
    SendingPair(BenchSite site, List<String> dialling) throws IOException {
        this(site, dialling, true);
    }

    SendingPair(BenchSite site, List<String> dialling, boolean tls) throws IOException {
        BenchSettings settings = new BenchSettings(0, 0, 300, tls, 1000, 0, RealNode.HOME.resolve("bin"));
        nodes = new BenchNodes(settings, List.of(FROM, TO), dialling, site);
        sending = nodes.startDaemon(FROM);
        receiving = nodes.startDaemon(TO);
        loading = nodes.startScheduler("load", FROM);
        load = new Sender(loading, settings);
        counting = nodes.startScheduler("count", TO);
        count = new Counter(counting);
        nodes.settle(List.of(FROM, TO));
    }

    /**
     * Begins to send.
     *
     * @param rate events a second; 0 for as fast as its daemon takes them
     */
    void send(long events, long rate) throws IOException {
        load.send(events, rate);
    }

    /** Waits until the sending daemon has all; returns how many that are. */
    long sent() throws IOException {
        return load.await();
    }

    /** Waits for all of them at the other scheduler, and asserts that they came once, in order. */
    void allArrived(long events) throws IOException {
        long arrived = arrived(events);
        if (arrived != events) {
            tell();
        }
        assertThat(arrived).as("arrived").isEqualTo(events);
    }

    /**
     * Waits for them at the other scheduler as long as any come, and asserts that those that came did so once, in order; returns how many
     * that were.
     */
    long arrived(long events) throws IOException {
        count.await(events);
        Counter.Tally tally = count.report(nodes.folder().resolve("latencies"));
        if (tally.duplicated() + tally.outOfOrder() > 0) {
            tell();
        }
        assertThat(tally.duplicated()).as("twice").isZero();
        assertThat(tally.outOfOrder()).as("out of order").isZero();
        return tally.received();
    }

    /** Latencies of what arrived since this was asked last. */
    BenchReport.Latency latency() throws IOException {
        Path file = nodes.folder().resolve("latencies");
        count.report(file);
        count.clear();
        return Latencies.of(file);
    }

    /** What the daemons wrote, for whoever has to find out why. */
    private void tell() throws IOException {
        for (String node : List.of(FROM, TO)) {
            System.err.println(node + " wrote:\n" + log(node));
        }
    }

    BenchProcess sending() {
        return sending;
    }

    BenchProcess receiving() {
        return receiving;
    }

    /** The scheduler that sends. */
    BenchProcess loading() {
        return loading;
    }

    /** The scheduler that counts. */
    BenchProcess counting() {
        return counting;
    }

    void killSending() throws IOException, InterruptedException {
        kill(sending);
    }

    void killReceiving() throws IOException, InterruptedException {
        kill(receiving);
    }

    void startSending() throws IOException {
        sending = nodes.startDaemon(FROM);
    }

    void startReceiving() throws IOException {
        receiving = nodes.startDaemon(TO);
    }

    private void kill(BenchProcess process) throws IOException, InterruptedException {
        process.signal("KILL");
        nodes.stop(process);
    }

    /** What the daemon of one says of the other; empty while it does not answer. */
    Optional<NodeView> sees(String from, String other) {
        return nodes.view(from)
                .flatMap(view -> view.nodes().stream()
                        .filter(node -> node.name().equals(other))
                        .findFirst());
    }

    /** What was dropped of what was sent, by what the sending node says of its module and of the other node. */
    long dropped() {
        ClusterView view = await().atMost(PATIENCE)
                .until(() -> nodes.view(FROM), Optional::isPresent)
                .orElseThrow();
        return view.nodes().stream()
                .mapToLong(node -> node.name().equals(FROM)
                        ? node.figures().getOrDefault("outbox_dropped", 0L)
                        : node.backlog().dropped())
                .sum();
    }

    /** What the receiving node says that its scheduler was given of events, each once: what it was given of the state table is not in it. */
    long given() {
        return nodes.view(TO).stream()
                .flatMap(view -> view.nodes().stream())
                .filter(node -> node.name().equals(TO))
                .mapToLong(node -> node.figures().getOrDefault("results_received", 0L))
                .sum();
    }

    boolean connected() {
        return sees(FROM, TO).filter(NodeView::active).isPresent()
                && sees(TO, FROM).filter(NodeView::active).isPresent();
    }

    /** What a node's daemon has written since it was started last. */
    String log(String node) throws IOException {
        return nodes.log("daemon_" + node);
    }

    BenchNodes nodes() {
        return nodes;
    }

    @Override
    public void close() throws IOException {
        nodes.close();
    }
}
