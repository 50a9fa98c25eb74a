package org.merlin.tests.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.merlin.daemon.cluster.Link;
import org.merlin.daemon.cluster.LinkListener;
import org.merlin.module.hook.ListAnswers;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.Precheck;
import org.merlin.module.hook.ToldDifferences;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.Differences;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.Route;
import org.merlin.protocol.wire.StreamId;

/**
 * A scheduler with its module, as the daemon sees them: says what it runs, numbers events, notes what it is given. What it
 * has applied survives a kill together with its states, as a retention file written at each step would have it.
 */
final class SimulatedModule implements LinkListener {
    static final int CHECK_TIMEOUT_SECONDS = 60;

    private final World world;
    private final LongSupplier wallMicros;
    private MerlinConf conf;
    private MerlinConf file;
    private List<List<String>> hostgroups = List.of();
    private Rings told;
    private final NodeId self;
    private final SlotTable slots;
    private final Kept kept;
    private final EventCodec codec = new EventCodec();
    private final PacketWriter writer = new PacketWriter();
    private int epoch;
    private final List<ByteBuffer> unacknowledged = new ArrayList<>();
    private long firstUnacknowledged = 1;
    private long sequence;
    private long sentUpTo = -1;
    private Link link;
    private final Precheck precheck;
    private final ToldDifferences differences;
    private final ListAnswers lists;
    private RunnerRule rule;
    private int asked;
    private boolean gone;
    private boolean stuck;
    private boolean hangs;
    private boolean silentAboutLists;

    /** What survives the scheduler's process. */
    static final class Kept {
        final Map<StreamId, Long> marks = new LinkedHashMap<>();
        final Map<StreamId, List<Long>> applied = new HashMap<>();
        final Map<StreamId, Long> sent = new LinkedHashMap<>();
        final Map<Integer, Long> lastResultNanos = new HashMap<>();
        final Map<Integer, Integer> revisions = new HashMap<>();
        /** As the file of rings has it: which lists the last ones were of. */
        Map<Integer, Long> lists = Map.of();

        long lost;
        int lastEpoch;
    }

    SimulatedModule(World world, LongSupplier wallMicros, MerlinConf conf, SlotTable slots, Kept kept) {
        this.world = world;
        this.wallMicros = wallMicros;
        this.conf = conf;
        this.file = conf;
        this.self = NodeId.of(conf.nodeName());
        this.slots = slots;
        this.kept = kept;
        this.epoch = kept.lastEpoch += 2;
        this.differences = new ToldDifferences(new ObjectIndex(slots));
        this.lists = new ListAnswers(slots);
        boolean loadedAnew = !kept.lists.isEmpty() && !kept.lists.equals(slots.hashes());
        kept.lists = slots.hashes();
        this.rule = rule(configuredRings(!loadedAnew));
        Precheck.Expiry expiry = new Precheck.Expiry(
                CHECK_TIMEOUT_SECONDS, (int) conf.sharing().expiryGrace().toSeconds());
        this.precheck = new Precheck(slots, rule, expiry, world::nowNanos);
    }

    private Rings configuredRings(boolean agreed) {
        List<Rings.GroupRing> groups = new ArrayList<>();
        List<String> own = new ArrayList<>(List.of(conf.nodeName()));
        conf.nodes(NodeRole.PEER).forEach(peer -> own.add(peer.name()));
        groups.add(new Rings.GroupRing(Selection.NONE, PeerRing.of(own).names(), agreed, List.of()));
        Map<Integer, List<String>> pollers = new LinkedHashMap<>();
        conf.nodes(NodeRole.POLLER)
                .forEach(poller -> pollers.computeIfAbsent(poller.selection().id(), any -> new ArrayList<>())
                        .add(poller.name()));
        pollers.forEach((selection, names) ->
                groups.add(new Rings.GroupRing(selection, PeerRing.of(names).names(), agreed, List.of())));
        return new Rings(groups);
    }

    /** What it finds when it reads merlin.conf the next time. */
    void file(MerlinConf newFile, List<List<String>> groupsOfObjects) {
        file = newFile;
        hostgroups = groupsOfObjects;
    }

    private void readConf() {
        if (!file.equals(conf)) {
            conf = file;
            slots.regroup(hostgroups, SimulatedCluster.selections(conf));
            use(rule(told));
            introduce();
        }
    }

    private void use(RunnerRule now) {
        rule = now;
        precheck.use(rule);
        precheck.runOverdue(index -> {}, () -> false);
    }

    private RunnerRule rule(Rings rings) {
        told = rings;
        Set<Integer> configured =
                SimulatedCluster.selections(conf).stream().map(Selection::id).collect(Collectors.toSet());
        Map<Integer, RingView> pollers = new HashMap<>();
        RingView own = RingView.settled(PeerRing.of(conf.nodeName()));
        for (Rings.GroupRing group : rings.groups()) {
            Differences told = differences.of(group);
            RingView view = new RingView(
                    PeerRing.of(group.ring()),
                    group.agreed() && (told.known() || !told.any()),
                    group.kept().stream().map(PeerRing::of).toList(),
                    told);
            if (group.selection() == Selection.NONE) {
                own = view;
            } else if (configured.contains(group.selection())) {
                pollers.put(group.selection(), view);
            }
        }
        Map<Integer, Boolean> takeover = new HashMap<>();
        conf.nodes(NodeRole.POLLER)
                .forEach(poller -> takeover.put(poller.selection().id(), poller.takeover()));
        return new RunnerRule(conf.nodeName(), own, pollers, takeover);
    }

    void connect(Network network, Function<Link, LinkListener> daemon) {
        Network.End daemonEnd = network.local(conf.nodeName());
        daemonEnd.listener = Optional.of(daemon.apply(daemonEnd));
        daemonEnd.other.listener = Optional.of(this);
        link = daemonEnd.other;
        sentUpTo = -1;
        pulse();
        send(PacketType.MARKS, new Marks(Marks.Kind.ALL, marks()).encode());
        introduce();
        Link mine = link;
        beat(mine);
    }

    private void introduce() {
        List<NodeInfo.GroupLists> lists = new ArrayList<>();
        slots.hashes().forEach((selection, hash) -> lists.add(new NodeInfo.GroupLists(selection, hash)));
        send(
                PacketType.CTRL_ACTIVE,
                new NodeInfo(
                                1,
                                1,
                                64,
                                true,
                                "simulated",
                                0,
                                epoch,
                                wallMicros.getAsLong(),
                                ConfigStamp.UNKNOWN,
                                NodeInfo.Counts.NONE,
                                1000,
                                lists,
                                List.of(),
                                1,
                                slots.size(),
                                List.of())
                        .encode());
    }

    private void beat(Link mine) {
        world.in(1_000_000_000L, () -> {
            if (link == mine && !gone) {
                pulse();
                beat(mine);
            }
        });
    }

    private void pulse() {
        send(
                PacketType.PULSE,
                new Pulse(
                                conf.nodeName(),
                                1,
                                1,
                                wallMicros.getAsLong(),
                                0,
                                0,
                                1000,
                                !hangs,
                                List.of(),
                                List.of(),
                                Map.of())
                        .encode());
    }

    private List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        kept.marks.forEach((stream, mark) -> marks.add(new Mark(stream, mark)));
        return marks;
    }

    private void send(int code, ByteBuffer body) {
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        writer.control(out, code, body);
        link.send(out.flip());
    }

    /** The process is killed. */
    void vanish() {
        gone = true;
        if (link != null) {
            link.close();
        }
    }

    boolean runs(int index) {
        return !gone && rule.runs(slots, index);
    }

    /** Whether its scheduler runs a check that is due, and brings a result of it. */
    boolean checks(int index) {
        return !gone && !hangs && precheck.mayRun(index) && !stuck;
    }

    /** From now on its checks bring no results, and it does not notice. */
    void stick(boolean on) {
        stuck = on;
    }

    /** From now on the scheduler's own thread does not answer, and its module does. */
    void hang(boolean on) {
        hangs = on;
    }

    /** It is of a version that does not tell what it has loaded. */
    void tellNoLists() {
        silentAboutLists = true;
    }

    /** How many checks of others it misses the results of. */
    long overdue() {
        return IntStream.range(0, slots.size())
                .filter(index -> precheck.overdue(index) > 0)
                .count();
    }

    RunnerRule rule() {
        return rule;
    }

    private void seen(long key, int revision) {
        for (int index = 0; index < slots.size(); index++) {
            if (slots.key(index) == key) {
                precheck.onResult(index);
                kept.revisions.merge(index, revision, Math::max);
                kept.lastResultNanos.put(index, world.nowNanos());
            }
        }
    }

    /** A check of an object has ended. */
    void result(CheckResult result, int index) {
        precheck.onOwnResult(index);
        kept.lastResultNanos.put(index, world.nowNanos());
        sequence++;
        ByteBuffer body = codec.encode(result);
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        int group = slots.group(index);
        writer.event(
                packet,
                new PacketWriter.EventHeader(
                        EventCodec.typeOf(result),
                        Route.MASTERS | Route.PEERS | (group == Selection.NONE ? 0 : Route.SELECTION),
                        group,
                        self.origin(),
                        sequence,
                        epoch,
                        kept.revisions.merge(index, 1, Integer::sum),
                        wallMicros.getAsLong(),
                        result.object().key()),
                body);
        unacknowledged.add(packet.flip());
        if (link != null && sentUpTo >= 0) {
            sendFrom(sentUpTo);
        }
    }

    private void sendFrom(long mark) {
        StreamId stream = new StreamId(self.origin(), epoch);
        if (mark + 1 < firstUnacknowledged) {
            link.send(Chunk.lost(stream, mark, firstUnacknowledged - 1).wire(writer, false));
            mark = firstUnacknowledged - 1;
        }
        if (mark < sequence) {
            List<ByteBuffer> packets =
                    unacknowledged.subList((int) (mark + 1 - firstUnacknowledged), unacknowledged.size());
            ByteBuffer all = ByteBuffer.allocate(
                    packets.stream().mapToInt(ByteBuffer::remaining).sum());
            packets.forEach(packet -> all.put(packet.duplicate()));
            link.send(new Chunk(stream, 0, mark, sequence, packets.size(), all.flip()).wire(writer, false));
        }
        sentUpTo = sequence;
    }

    @Override
    public void onMessage(Message message, long nowNanos) {
        if (gone || link == null) {
            return;
        }
        message.accept(new Message.Visitor<Void>() {
            @Override
            public Void control(Message.Control control) {
                try {
                    onControl(control.code(), control.body());
                } catch (MalformedPacketException e) {
                    throw new AssertionError(e);
                }
                return null;
            }

            @Override
            public Void chunk(Chunk chunk) {
                onChunk(chunk);
                return null;
            }
        });
    }

    private void onControl(int code, ByteBuffer body) throws MalformedPacketException {
        if (code == PacketType.RINGS) {
            use(rule(Rings.decode(body)));
        } else if (code == PacketType.CONF_READ) {
            readConf();
        } else if (code == PacketType.RUN_MARK) {
            if (Marks.decode(body).marks().stream()
                    .anyMatch(mark -> mark.stream().equals(stream()) && mark.sequence() > sequence)) {
                beginEpoch();
            }
        } else if (code == PacketType.LACKING) {
            differences.onLacking(Lacking.decode(body));
        } else if (code == PacketType.LIST_QUERY && !silentAboutLists) {
            send(PacketType.LIST_PART, lists.answer(ListQuery.decode(body)).encode());
        } else if (code == PacketType.PROBE) {
            pulse();
        } else if (code == PacketType.MARKS) {
            onMarks(Marks.decode(body));
        }
    }

    private void beginEpoch() {
        StreamId before = stream();
        kept.marks.put(before, sequence);
        epoch = kept.lastEpoch += 2;
        unacknowledged.clear();
        firstUnacknowledged = 1;
        sequence = 0;
        sentUpTo = 0;
        send(
                PacketType.MARKS,
                new Marks(Marks.Kind.ACKNOWLEDGED, List.of(new Mark(before, kept.marks.get(before)))).encode());
        introduce();
    }

    /** The machine goes on as of an earlier moment, when it had said so much. */
    void setBack(long to) {
        unacknowledged.clear();
        sequence = to;
        firstUnacknowledged = to + 1;
        link = null;
        sentUpTo = -1;
    }

    private void onMarks(Marks marks) {
        StreamId mine = new StreamId(self.origin(), epoch);
        long mark = marks.marks().stream()
                .filter(each -> each.stream().equals(mine))
                .mapToLong(Mark::sequence)
                .max()
                .orElse(-1);
        if (mark > sequence) {
            beginEpoch(); // our own daemon has more than we know of
            return;
        }
        while (mark >= firstUnacknowledged) {
            unacknowledged.remove(0);
            firstUnacknowledged++;
        }
        kept.sent.merge(mine, Math.max(mark, 0), Math::max);
        if (marks.kind() != Marks.Kind.ACKNOWLEDGED) {
            sendFrom(Math.max(mark, 0));
        }
    }

    private void onItems(Chunk items) {
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = items.packets();
        while (Chunk.nextTrusted(cursor, in)) {
            seen(cursor.object(), cursor.revision());
        }
    }

    private void onChunk(Chunk chunk) {
        if (chunk.items()) {
            onItems(chunk);
            return;
        }
        long mark = kept.marks.getOrDefault(chunk.stream(), 0L);
        if (chunk.after() > mark) {
            send(PacketType.MARKS, new Marks(Marks.Kind.GO_BACK, List.of(new Mark(chunk.stream(), mark))).encode());
            return;
        }
        if (chunk.lost() && chunk.upTo() > mark) {
            kept.lost += chunk.byState() && mark == 0 ? 0 : chunk.upTo() - mark;
            send(PacketType.STATE_ASK, new StateAsk(++asked, List.of()).encode());
        }
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = chunk.packets();
        while (Chunk.nextTrusted(cursor, in)) {
            if (cursor.sequence() > mark) {
                seen(cursor.object(), cursor.revision());
                kept.applied
                        .computeIfAbsent(chunk.stream(), any -> new ArrayList<>())
                        .add(cursor.sequence());
            }
        }
        kept.marks.put(chunk.stream(), Math.max(mark, chunk.upTo()));
        send(
                PacketType.MARKS,
                new Marks(Marks.Kind.ACKNOWLEDGED, List.of(new Mark(chunk.stream(), kept.marks.get(chunk.stream()))))
                        .encode());
    }

    @Override
    public void onWritable(long nowNanos) {
        // what it sends is small
    }

    @Override
    public void onClosed(String why, long nowNanos) {
        link = null;
        sentUpTo = -1;
    }

    boolean connected() {
        return link != null;
    }

    StreamId stream() {
        return new StreamId(self.origin(), epoch);
    }

    long sequence() {
        return sequence;
    }
}
