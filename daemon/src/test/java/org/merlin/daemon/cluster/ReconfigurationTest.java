package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.status.BacklogView;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.conf.MerlinConfReader;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;
import org.merlin.protocol.wire.PacketType;

/** What a node's coming, changing and going does to links and tables of one daemon. */
class ReconfigurationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String SELF = "node_name = self; tls = off;\n";
    private static final String A = "poller a { hostgroup = g; address = h1 }\n";
    private static final String B = "poller b { hostgroup = g, h; connect = no }\n";

    private final DirectStore store = new DirectStore();
    private final List<String> dialled = new ArrayList<>();
    private final List<Transport.Dialler> diallers = new ArrayList<>();
    private long nowNanos;
    private Cluster cluster;

    /** A link to another node that only writes down what it is sent. */
    private static final class Wire extends StubLink {
        private final boolean dialledByUs;
        private final List<Integer> codes = new ArrayList<>();
        private String refusal = "";
        private boolean closed;

        Wire(boolean dialledByUs) {
            super("there");
            this.dialledByUs = dialledByUs;
        }

        @Override
        public void send(ByteBuffer messages) {
            try {
                Message message = new MessageReader().next(messages.duplicate()).orElseThrow();
                message.accept(new Message.Visitor<Void>() {
                    @Override
                    public Void control(Message.Control control) {
                        codes.add(control.code());
                        if (control.code() == PacketType.REFUSAL) {
                            refusal = words(control.body());
                        }
                        return null;
                    }

                    @Override
                    public Void chunk(org.merlin.protocol.wire.Chunk chunk) {
                        return null;
                    }
                });
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }

        private static String words(ByteBuffer body) {
            try {
                return Words.decode(body).printable();
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean dialledByUs() {
            return dialledByUs;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class NoMemory implements RingMemory {
        @Override
        public Map<Integer, List<String>> load() {
            return Map.of();
        }

        @Override
        public boolean drained() {
            return false;
        }

        @Override
        public void drained(boolean on) {}

        @Override
        public void save(Map<Integer, List<String>> rings) {}
    }

    private static MerlinConf conf(String text) {
        MerlinConfReader.Report report =
                MerlinConfReader.read(Path.of("/etc/merlin.conf"), text.getBytes(StandardCharsets.UTF_8));
        return report.conf().orElseThrow(() -> new AssertionError(report.problems()));
    }

    @BeforeEach
    void start() {
        Transport transport = (node, address, port, dialler) -> {
            dialled.add(node + " at " + address + ":" + port);
            diallers.add(dialler);
        };
        Clocks clocks =
                new Clocks(() -> nowNanos, () -> 1_700_000_000_000_000L + nowNanos / 1000, new SplittableRandom(1));
        cluster = new Cluster(conf(SELF + A), transport, store, new NoMemory(), clocks, new Journal(() -> nowNanos));
        store.listener(cluster);
        cluster.start();
        cluster.onTick(nowNanos);
    }

    private void pass(int seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            nowNanos += SECOND / 10;
            store.work(Integer.MAX_VALUE);
            cluster.onTick(nowNanos);
        }
    }

    private Wire connect(String name, boolean byUs) {
        Wire wire = new Wire(byUs);
        LinkListener listener = byUs
                ? diallers.get(diallers.size() - 1).onOpened(wire, nowNanos)
                : cluster.onAccepted(wire, Optional.of(name), nowNanos).orElseThrow();
        Pulse pulse = new Pulse(name, 1, 1, 1, 0, 0, 600_000, false, List.of("self"), List.of(), Map.of());
        ByteBuffer body = pulse.encode();
        listener.onMessage(new Message.Control(PacketType.PULSE, body), nowNanos);
        return wire;
    }

    private List<String> owed() {
        return new BacklogReport(cluster)
                .view().backlogs().stream().map(BacklogView.Backlog::name).toList();
    }

    @Test
    void aNodeThatCameIsDialledAndOwedSomething() {
        cluster.reconfigure(conf(SELF + A + "peer c { address = h3; port = 7 }\n"), nowNanos);
        pass(1);
        assertThat(dialled).containsExactly("a at h1:15551", "c at h3:7");
        assertThat(owed()).containsExactly("self", "a", "c");
        assertThat(cluster.rings().title(0)).isEqualTo("peers");
    }

    @Test
    void aNodeThatDialsOnlyIsLetIn() {
        assertThat(cluster.onAccepted(new Wire(false), Optional.of("b"), nowNanos))
                .isEmpty();
        cluster.reconfigure(conf(SELF + A + B), nowNanos);
        Wire wire = connect("b", false);
        assertThat(wire.closed).isFalse();
        assertThat(wire.codes).contains(PacketType.PULSE, PacketType.MARKS);
        pass(1);
        assertThat(wire.codes).as("what it knows").contains(PacketType.STATE_ASK);
    }

    @Test
    void aNodeThatWentIsToldWhyAndIsInNoTable() {
        Wire wire = connect("a", false);
        pass(1);
        cluster.reconfigure(conf(SELF), nowNanos);
        assertThat(wire.closed).isTrue();
        assertThat(wire.refusal).contains("self", "removed");
        assertThat(owed()).containsExactly("self");
        assertThat(cluster.nodes()).isEmpty();
        assertThat(cluster.rings().digests()).hasSize(1);
        assertThat(cluster.flow().checkpoint().cursors()).hasSize(1);
        assertThat(cluster.onAccepted(new Wire(false), Optional.of("a"), nowNanos))
                .isEmpty();
        pass(60);
        assertThat(wire.codes).endsWith(PacketType.REFUSAL);
    }

    @Test
    void aDialThatIsUnderWayWhenItsNodeGoesComesToNothing() {
        cluster.reconfigure(conf(SELF), nowNanos);
        Wire late = new Wire(true);
        diallers.get(0).onOpened(late, nowNanos);
        assertThat(late.closed).isTrue();
        cluster.reconfigure(conf(SELF + A), nowNanos);
        pass(1);
        diallers.get(1).onFailed("no route", nowNanos);
        cluster.reconfigure(conf(SELF), nowNanos);
        pass(60);
        assertThat(dialled).hasSize(2);
    }

    @Test
    void aLinkStaysWhenItsNodeChangesUnlessWeDialledAnotherAddress() {
        Wire byUs = connect("a", true);
        String hostgroups = A.replace("hostgroup = g", "hostgroup = g, more; data_timeout = 700");
        cluster.reconfigure(conf(SELF + hostgroups), nowNanos);
        assertThat(byUs.closed).isFalse();
        assertThat(cluster.nodes().get(0).conf().selection().hostgroups()).containsExactly("g", "more");
        cluster.reconfigure(conf(SELF + hostgroups.replace("h1", "h9")), nowNanos);
        assertThat(byUs.closed).isTrue();
        pass(1);
        assertThat(dialled).containsExactly("a at h1:15551", "a at h9:15551");
        Wire byIt = connect("a", false);
        cluster.reconfigure(conf(SELF + A), nowNanos);
        assertThat(byIt.closed).isFalse();
    }

    @Test
    void aNodeWithAnotherRoleIsANewOne() {
        Wire wire = connect("a", false);
        Node before = cluster.nodes().get(0);
        cluster.reconfigure(conf(SELF + "peer a { address = h1 }\n"), nowNanos);
        assertThat(wire.refusal).isNotEmpty();
        assertThat(cluster.nodes()).hasSize(1).doesNotContain(before);
    }

    @Test
    void anUnchangedFileChangesNothing() {
        Wire wire = connect("a", false);
        Node before = cluster.nodes().get(0);
        assertThat(cluster.reconfigure(conf(SELF + A), nowNanos)).isZero();
        assertThat(cluster.nodes()).containsExactly(before);
        assertThat(wire.closed).isFalse();
    }
}
