package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.bench.BenchNodes;
import org.merlin.daemon.bench.BenchProcess;
import org.merlin.daemon.bench.BenchSettings;
import org.merlin.daemon.bench.BenchSite;
import org.merlin.daemon.bench.Counter;
import org.merlin.daemon.bench.Sender;
import org.merlin.daemon.status.NodeView;

/** Two nodes of real processes: the scheduler of one sends results, that of the other counts what it is given. */
final class SendingPair implements AutoCloseable {
    static final String FROM = "a";
    static final String TO = "b";

    private final BenchNodes nodes;
    private final Sender load;
    private final Counter count;
    private BenchProcess sending;
    private BenchProcess receiving;
    private boolean over;

    /**
     * Starts both and waits until they agree.
     *
     * @param dialling names of those that dial
     */
    SendingPair(BenchSite site, List<String> dialling) throws IOException {
        BenchSettings settings = new BenchSettings(0, 0, 300, true, 1000, 0, RealNode.HOME.resolve("bin"));
        nodes = new BenchNodes(settings, List.of(FROM, TO), dialling, site);
        sending = nodes.startDaemon(FROM);
        receiving = nodes.startDaemon(TO);
        load = new Sender(nodes.startScheduler("load", FROM), settings);
        count = new Counter(nodes.startScheduler("count", TO));
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
        try {
            assertThat(count.await(events)).as("arrived").isEqualTo(events);
            Counter.Tally tally = count.report(nodes.folder().resolve("latencies"));
            assertThat(tally.received()).isEqualTo(events);
            assertThat(tally.duplicated()).as("twice").isZero();
            assertThat(tally.outOfOrder()).as("out of order").isZero();
            over = true;
        } finally {
            if (!over) {
                tell();
            }
        }
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
