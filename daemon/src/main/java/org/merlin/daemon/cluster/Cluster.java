package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.daemon.state.StateTable;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Goodbye;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.NodeNews;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.StreamId;

/**
 * One node's view of the cluster: its neighbours, its module, its log, and who runs what. Everything here runs on one loop,
 * reaches the world through ports, and takes the time as an argument.
 */
public final class Cluster implements Transport.Acceptor, Store.Listener, Neighbourhood, ModuleSeat.Host {
    /** How often {@link #onTick} wants to be called. */
    public static final long TICK_NANOS = 100_000_000L;

    private static final long MARKS_NANOS = 10_000_000_000L;
    private static final long PASSING_NANOS = 1_000_000_000L;
    /** Epochs of other nodes' streams that a neighbour is told our marks of. */
    private static final int NEWEST_EPOCHS = 4;

    private MerlinConf conf;
    private final NodeId self;
    private final Clocks clocks;
    private final Journal journal;
    private final Store store;
    private final EventFlow flow;
    private final ModuleSeat module;
    private final RingKeeper rings;
    private final ObjectLists lists;
    private final Drains drains;
    private final Neighbours neighbours;
    private final List<Node> nodes;
    private final PassingOn passing;
    private final Hearsay hearsay;
    private final StateTelling telling;
    private final Mending mending;
    private final FreshStart freshStart;
    private final AutoDelete autoDelete;
    private Consumer<List<String>> silentPollers = names -> {};
    private final Reception reception;
    private final Set<Node> inSight = new HashSet<>();
    private boolean sightChanged;
    private long passedNanos;
    private long marksToldNanos;
    private final Questions questions;
    private final Minority minority;
    private final ConfigWatch configs;
    private final List<ConfigPort> configPorts = new ArrayList<>();
    private LongSupplier sinkNeedsFrom = () -> Long.MAX_VALUE;
    private NodeWatch nodeWatch = (node, status, why) -> {};
    private int startedEpoch;
    private String runMarkOf = "";
    private Optional<Runnable> moduleAsks = Optional.empty();
    private Optional<Rings> ringsTold = Optional.empty();
    private NodeInfo.Counts countsTold = NodeInfo.Counts.NONE;
    private List<String> learntSelection = List.of();
    private long pulsedNanos;

    /** Puts the cluster together; {@link #start} follows. */
    public Cluster(
            MerlinConf conf, Transport transport, Store store, RingMemory memory, Clocks clocks, Journal journal) {
        long now = clocks.nanos().nanos();
        this.conf = conf;
        this.self = NodeId.of(conf.nodeName());
        this.clocks = clocks;
        this.journal = journal;
        this.store = store;
        this.flow = new EventFlow(
                store, conf.logMaxBytes(), () -> Math.min(neighboursNeedFrom(), sinkNeedsFrom.getAsLong()), journal);
        this.neighbours = new Neighbours(conf, flow, new NodesOfOurs(transport));
        this.nodes = neighbours.all();
        this.reception = new Reception(self, conf.file(), neighbours, journal);
        this.module = new ModuleSeat(self, conf.dataTimeout().toNanos(), this, journal);
        this.questions = new Questions(module);
        this.minority = new Minority(conf);
        this.drains = new Drains(this, memory, journal);
        this.configs = new ConfigWatch(self.name(), this::nodes, module::info, clocks, journal);
        this.lists = new ObjectLists(module, this::haveLoaded);
        this.rings = new RingKeeper(conf, memory, new ListPlans(lists, module), journal, now);
        this.pulsedNanos = now;
        this.passedNanos = now;
        this.marksToldNanos = now;
        this.passing = new PassingOn(self, nodes, flow);
        this.hearsay = new Hearsay(nodes, conf.dataTimeout().toNanos());
        this.autoDelete = new AutoDelete(nodes, hearsay, now);
        this.telling = new StateTelling(flow.state());
        this.mending = new Mending(nodes, flow, passing, journal);
        this.freshStart = new FreshStart(nodes, journal);
        module.feedFrom(flow.subscribe(module, "the own scheduler", conf.backlog()));
        neighbours.begin(now);
    }

    /** What happens around nodes that come and go. */
    private final class NodesOfOurs implements Neighbours.Life {
        private final Transport transport;

        NodesOfOurs(Transport transport) {
            this.transport = transport;
        }

        @Override
        public Node make(MerlinConf.Node of, long nowNanos) {
            return new Node(of, self, Cluster.this, transport, clocks, journal, nowNanos);
        }

        @Override
        public void onListed() {
            passing.begin();
            passing.onPulse();
            hearsay.begin();
        }

        @Override
        public void onJoined(Node node) {
            freshStart.onJoined(node);
        }

        @Override
        public void onMoved(Node node) {
            rings.onGone(node); // from its former group
            node.tellState(telling);
        }

        @Override
        public void onLeft(Node node) {
            inSight.remove(node);
            mending.onGone(node);
            freshStart.onLeft(node);
            hearsay.forget(node);
            rings.forget(node);
            minority.forget(node);
            autoDelete.forget(node);
            drains.forget(node);
            lists.forget(node);
        }
    }

    /**
     * Goes by another configuration from now on, by what differs. Nodes that are the same in both notice nothing; what is owed to nodes that
     * go is dropped.
     *
     * @param newConf of the same node, in all that holds for the life of a daemon
     * @return how many events were still owed to nodes that went
     */
    public long reconfigure(MerlinConf newConf, long nowNanos) {
        conf = newConf;
        hearsay.dataTimeout(conf.dataTimeout().toNanos());
        minority.configure(conf);
        long dropped = neighbours.configure(conf, nowNanos);
        configPorts.forEach(port -> port.onConf(conf));
        rings.configure(conf, nowNanos);
        module.info().ifPresent(rings::onLists);
        nodes.forEach(node -> node.pulse().ifPresent(pulse -> rings.onDigests(node, pulse.digests())));
        module.configure(conf.dataTimeout().toNanos());
        sightChanged = true;
        ringsTold = Optional.empty();
        reckon(nowNanos);
        pulseAll(nowNanos);
        nodes.forEach(Node::sendActive);
        onTurn();
        return dropped;
    }

    /** Reads the log. Before anything else. */
    public void start() {
        boolean whole = flow.recover(clocks.wallMicros());
        freshStart.begin(flow.knowsNothing(), whole);
        startedEpoch = StreamId.epochAt(clocks.wallMicros().getAsLong());
    }

    /** Who removes pollers that are silent for longer than their {@code auto_delete}, by their names; before the first tick. */
    public void whenSilent(Consumer<List<String>> remove) {
        silentPollers = remove;
    }

    // --- what the world tells us ------------------------------------------------------------------------------------

    /** Lets time pass. */
    public void onTick(long nowNanos) {
        module.onTick(nowNanos);
        reception.onTick(nowNanos);
        nodes.forEach(node -> node.onTick(nowNanos));
        questions.onTick(nowNanos);
        lists.onTick(nowNanos);
        drains.onTick(nowNanos, clocks.wallMicros().getAsLong());
        configs.onTick(nowNanos);
        mending.onTick(nowNanos);
        freshStart.onTick(nowNanos);
        List<String> silent = autoDelete.onTick(nowNanos);
        if (!silent.isEmpty()) {
            silentPollers.accept(silent);
        }
        tellModule();
        Set<Node> forgotten = hearsay.onTick(nowNanos);
        hearOf(forgotten);
        if (rings.handover() || rings.keepsOut() || !forgotten.isEmpty()) {
            reckon(nowNanos); // time alone may end it; what else changes a ring says so itself
        }
        if (nowNanos - pulsedNanos >= conf.pulseInterval().toNanos()) {
            pulseAll(nowNanos);
        }
        if (sightChanged) {
            hearsay.toldWrong(nowNanos).forEach(node -> node.sendPulse(nowNanos));
        }
        pass(nowNanos);
        tellMarks(nowNanos);
        flow.onTick(nowNanos, clocks.wallMicros().getAsLong());
        onTurn();
    }

    /** What is passed on to whom changes with who sees whom, and with time. */
    private void pass(long nowNanos) {
        if (sightChanged || nowNanos - passedNanos >= PASSING_NANOS) {
            sightChanged = false;
            passedNanos = nowNanos;
            passing.update(nowNanos).forEach(node -> {
                journal.info(LogEvent.PASSES_ON, node, passing.toldOf(node));
                flow.onEntitled(node.feed());
            });
        }
    }

    /** Goes on with what a turn's bound stopped; returns whether there is still more to do at once. */
    public boolean onTurn() {
        boolean more = flow.onTurn() | telling.pump();
        flush();
        return more;
    }

    /** Our module connected to the module socket. */
    public LinkListener onModuleAccepted(Link link, long nowNanos) {
        return module.accept(link, nowNanos);
    }

    @Override
    public Optional<LinkListener> onAccepted(Link link, Optional<String> provenName, long nowNanos) {
        return reception.onAccepted(link, provenName, nowNanos);
    }

    @Override
    public void onAppended(long position, long nowNanos) {
        flow.onAppended(position, nowNanos);
    }

    @Override
    public void onSynced(int records, long nowNanos) {
        flow.onSynced(records, nowNanos);
        flush();
    }

    @Override
    public void onCheckpoint(long nowNanos) {
        flow.onCheckpoint(nowNanos);
    }

    @Override
    public void onStateKept(boolean ok, boolean last) {
        flow.onStateKept(ok, last);
    }

    @Override
    public void onRoom(boolean roomy, long nowNanos) {
        flow.onRoom(roomy, nowNanos);
    }

    private void flush() {
        module.flushAcknowledgements();
        nodes.forEach(Node::flushAcknowledgements);
    }

    // --- what nodes ask ---------------------------------------------------------------------------------------------

    @Override
    public String selfName() {
        return self.name();
    }

    @Override
    public Pulse pulseFor(Node node, long nowNanos) {
        return pulse(node.lastPulseSentMicros(), node.pulseHeldMicros(nowNanos), hearsay.tell(node, nowNanos));
    }

    private Pulse pulse(long echoMicros, long heldMicros, List<NodeNews> news) {
        return new Pulse(
                self.name(),
                PacketCursor.VERSION,
                PacketCursor.VERSION,
                clocks.wallMicros().getAsLong(),
                echoMicros,
                heldMicros,
                (int) conf.pulseInterval().toMillis(),
                module.active(),
                nodes.stream()
                        .filter(Node::arrives)
                        .map(node -> node.id().name())
                        .toList(),
                rings.digests(),
                figures(),
                drains.on(),
                passing.below(),
                news);
    }

    private Map<String, Long> figures() {
        Map<String, Long> figures =
                new TreeMap<>(module.pulse().map(Pulse::figures).orElse(Map.of()));
        figures.put("handover", rings.handover() ? 1L : 0L);
        figures.put("owed_oldest_ms", drains.owedMillis());
        return figures;
    }

    @Override
    public Optional<NodeInfo> activeInfoFor(Node node) {
        return module.active()
                ? module.info()
                        .map(ours -> ours.with(
                                neighbours.counts(),
                                node.conf().role() == NodeRole.POLLER
                                        ? node.conf().selection().hostgroups()
                                        : List.of()))
                : Optional.empty();
    }

    @Override
    public List<Mark> marksFor(Node node) {
        List<Mark> marks =
                flow.durableMarks(stream -> stream.origin() == node.id().origin());
        marks.addAll(marksOfOthers(node));
        return marks;
    }

    private static List<Mark> newest(List<Mark> all) {
        Map<Long, Integer> taken = new HashMap<>();
        return all.stream()
                .sorted((a, b) ->
                        Integer.compareUnsigned(b.stream().epoch(), a.stream().epoch()))
                .filter(mark -> taken.merge(mark.stream().origin(), 1, Integer::sum) <= NEWEST_EPOCHS)
                .toList();
    }

    /** There is other news of these nodes, or none. */
    private void hearOf(Set<Node> changed) {
        for (Node about : changed) {
            if (!about.activeInRing()) {
                hearsay.of(about)
                        .ifPresentOrElse(news -> rings.onDigests(about, news.digests()), () -> rings.onGone(about));
            }
        }
    }

    /** What a neighbour lacks of others it may have to get from us, should it lose sight of them. */
    private long neighboursNeedFrom() {
        long from = Long.MAX_VALUE;
        for (Node node : nodes) {
            if (node.arrives()) {
                from = Math.min(
                        from,
                        flow.mayNeedFrom(
                                node.feed(),
                                origin -> origin != self.origin()
                                        && passing.relation(node, origin).isPresent()));
            }
        }
        return from;
    }

    /** Tells neighbours now and then what we have of others, so that they need not keep it for us. */
    private void tellMarks(long nowNanos) {
        if (nowNanos - marksToldNanos >= MARKS_NANOS) {
            marksToldNanos = nowNanos;
            for (Node node : nodes) {
                List<Mark> marks = node.arrives() ? marksOfOthers(node) : List.of();
                if (!marks.isEmpty()) {
                    node.send(PacketType.MARKS, new Marks(Marks.Kind.ACKNOWLEDGED, marks).encode());
                }
            }
        }
    }

    private List<Mark> marksOfOthers(Node node) {
        return newest(flow.durableMarks(
                stream -> stream.origin() != node.id().origin() && passing.mayBring(node, stream.origin())));
    }

    /** Who might pass on the events of a node that is out of sight is told how much of them we have. */
    private void onSight(Node node, long nowNanos) {
        sightChanged = true;
        boolean lost = !node.arrives() && inSight.remove(node);
        if (node.arrives()) {
            inSight.add(node);
        }
        if (lost) {
            mending.onGone(node);
            freshStart.onGone(node);
            rings.onGone(node);
            hearOf(hearsay.onGone(node, nowNanos));
            List<Mark> marks = newest(
                    flow.durableMarks(stream -> stream.origin() == node.id().origin()));
            ByteBuffer body = new Marks(Marks.Kind.ACKNOWLEDGED, marks).encode();
            nodes.stream()
                    .filter(other ->
                            other != node && passing.mayBring(other, node.id().origin()))
                    .forEach(other -> other.send(PacketType.MARKS, body.duplicate()));
        }
    }

    @Override
    public void onChanged(Node node, long nowNanos) {
        node.pulse().ifPresent(pulse -> {
            rings.onDigests(node, pulse.digests());
            hearOf(hearsay.onPulse(node, pulse, nowNanos));
        });
        drains.onPulse(node);
        minority.onPulse(node);
        passing.onPulse();
        onSight(node, nowNanos);
        reckon(nowNanos);
    }

    @Override
    public void onDrain(Node node, boolean on, long nowNanos) {
        drains.onAsked(node, on, nowNanos);
    }

    @Override
    public void onFetch(Node node, long nowNanos) {
        if (node.conf().objectConfig().builtIn() && conf.syncs()) {
            configPorts.forEach(port -> port.onFetch(node.id().name()));
        } else {
            configs.onFetchAsked(node, nowNanos);
        }
    }

    private boolean haveLoaded(long hash) {
        return module.info()
                .filter(ours -> ours.groupLists().stream().anyMatch(group -> group.hash() == hash))
                .isPresent();
    }

    @Override
    public void onListQuery(Node node, ListQuery query, long nowNanos) {
        if (node.conf().role() != NodeRole.POLLER) { // which need not know what else we have
            lists.onQuery(node, query, nowNanos);
        }
    }

    @Override
    public void onListPart(Node node, ListPart part, long nowNanos) {
        onListPart((ListPartner) node, part, nowNanos);
    }

    private void onListPart(ListPartner from, ListPart part, long nowNanos) {
        if (lists.onPart(from, part, nowNanos)) {
            reckon(nowNanos);
        }
    }

    /** Whether this node is drained has changed: it takes its place, or leaves it. */
    void onDrained(long nowNanos) {
        reckon(nowNanos);
        pulseAll(nowNanos);
    }

    @Override
    public void onNodeInfo(Node node) {
        node.info()
                .ifPresentOrElse(
                        info -> {
                            module.send(PacketType.CTRL_ACTIVE, info.encode());
                            warnOf(node);
                            learnSelection(node, info);
                        },
                        () -> module.send(PacketType.CTRL_INACTIVE, new Goodbye(node.toString(), false).encode()));
    }

    private void warnOf(Node node) {
        warningsOf(node).forEach(words -> journal.warnLimited(LogEvent.CLUSTER_DISAGREES, node, words));
    }

    private void learnSelection(Node node, NodeInfo info) {
        if (node.conf().role() == NodeRole.MASTER
                && !info.yourSelection().isEmpty()
                && !info.yourSelection().equals(learntSelection)) {
            learntSelection = info.yourSelection();
            journal.info(LogEvent.SELECTION_LEARNT, node, learntSelection);
        }
    }

    @Override
    public void onChunk(Node node, Session from, Chunk chunk) {
        if (chunk.items()) {
            takeItems(node, chunk);
        } else if (!passing.mayBring(node, chunk.stream().origin()) && !mending.wants(node, chunk.stream())) {
            journal.warnLimited(LogEvent.EVENTS_DENIED, node, chunk.stream());
        } else if (chunk.stream().origin() == self.origin()) {
            Mending.withoutHoles(chunk).forEach(part -> takeChunk(node, from, part));
        } else {
            takeChunk(node, from, chunk);
        }
    }

    private void takeChunk(Node node, Session from, Chunk chunk) {
        if (!mending.holds(node, from, chunk)) {
            if (chunk.stream().origin() == self.origin() && isRunning(chunk.stream())) {
                tellRunMark(node, new Mark(chunk.stream(), chunk.upTo()));
            }
            flow.take(isBeforeUs(chunk) ? Chunk.lostByState(chunk.stream(), chunk.after(), chunk.upTo()) : chunk, from);
            mending.onTaken(chunk.stream());
            flush();
        }
    }

    // --- state tables
    // -----------------------------------------------------------------------------------------------------

    private void takeItems(Node from, Chunk items) {
        Chunk allowed = items.only(-1, item -> mayTell(from, item));
        flow.takeItems(allowed);
        freshStart.onItems(from, allowed.count());
    }

    private boolean mayTell(Node from, PacketCursor item) {
        boolean may = item.origin() == self.origin() || passing.mayBring(from, item.origin());
        if (!may) {
            journal.warnLimited(LogEvent.EVENTS_DENIED, from, new StreamId(item.origin(), item.epoch()));
        }
        return may;
    }

    /** Where this node began without anything nothing was missed of streams that are older than it. */
    private boolean isBeforeUs(Chunk chunk) {
        return chunk.lost()
                && freshStart.knewNothing()
                && flow.mark(chunk.stream()) == 0
                && Integer.compareUnsigned(chunk.stream().epoch(), startedEpoch) <= 0;
    }

    @Override
    public void onAdopted(Node node) {
        mending.onAdopted(node);
        freshStart.onGone(node);
        configPorts.forEach(port -> port.onLink(node.id().name()));
    }

    @Override
    public void onAllMarks(Node node, List<Mark> marks) {
        mending.onMarks(node, marks, stream -> stream.origin() == self.origin(), this::isRunning);
        onMarkOfRun(node);
    }

    /**
     * A node that has more of the running epoch than we do may have had it sooner than our log, before a kill; or this machine was set
     * back. Our module knows: it has said so much, or not.
     */
    private void onMarkOfRun(Node node) {
        Optional<StreamId> running = module.info().map(ours -> new StreamId(self.origin(), ours.epoch()));
        running.filter(stream -> node.feed().acknowledged(stream) > flow.mark(stream))
                .ifPresent(
                        stream -> tellRunMark(node, new Mark(stream, node.feed().acknowledged(stream))));
    }

    private void tellRunMark(Node of, Mark mark) {
        runMarkOf = of.toString();
        module.send(PacketType.RUN_MARK, new Marks(Marks.Kind.ALL, List.of(mark)).encode());
    }

    private boolean isRunning(StreamId stream) {
        return module.info().filter(ours -> ours.epoch() == stream.epoch()).isPresent();
    }

    @Override
    public void onStateAsk(Node node, Session from, StateAsk ask) {
        Predicate<PacketCursor> meant = meant(ask);
        Predicate<PacketCursor> owed = packet -> meant.test(packet) && passing.mayKnow(node, packet);
        if (freshStart.hasNothing()) {
            telling.beginNew(from, ask.id(), owed);
        } else {
            telling.begin(from, ask.id(), owed);
        }
    }

    private static Predicate<PacketCursor> meant(StateAsk ask) {
        Set<Long> objects = new HashSet<>(ask.objects());
        return packet -> objects.isEmpty() || objects.contains(packet.object());
    }

    @Override
    public void onStateTold(Node node, StateTold told) {
        freshStart.onTold(node, told);
        tellModule();
        mending.onTold(node, told);
    }

    /** A module asks when it starts; what this node has yet to get itself it is told then. */
    @Override
    public void onModuleStateAsk(Session from, StateAsk ask) {
        moduleAsks = Optional.of(() -> tellModule(from, ask));
        tellModule();
    }

    private void tellModule() {
        if (!freshStart.isNew()) {
            moduleAsks.ifPresent(Runnable::run);
            moduleAsks = Optional.empty();
        }
    }

    private void tellModule(Session from, StateAsk ask) {
        telling.begin(from, ask.id(), meant(ask));
    }

    /** How many gaps others are being asked to mend. */
    int mending() {
        return mending.open();
    }

    /** What this daemon knows of everything. */
    public StateTable state() {
        return flow.state();
    }

    @Override
    public PassingOn passing() {
        return passing;
    }

    @Override
    public void onReady(Node node) {
        flow.onWritable(node.feed());
        telling.pump();
    }

    // --- what the module's place asks -------------------------------------------------------------------------------

    @Override
    public Pulse modulePulse(long nowNanos) {
        return pulse(0, 0, List.of());
    }

    @Override
    public List<Mark> ownMarks() {
        return flow.durableMarks(stream -> stream.origin() == self.origin());
    }

    /** Of its last epoch it is owed what it has not made itself, and we want that back from others. */
    @Override
    public void onModuleEpoch() {
        journal.warn(LogEvent.EPOCH_BEHIND, runMarkOf.isEmpty() ? "our own log" : runMarkOf);
        flow.onEntitled(module.feed());
    }

    @Override
    public void onModuleActive(long nowNanos) {
        tellConfig();
        nodes.forEach(this::onMarkOfRun);
        module.info().ifPresent(rings::onLists);
        ringsTold = Optional.empty();
        reckon(nowNanos);
        pulseAll(nowNanos);
        nodes.forEach(Node::sendActive);
        nodes.forEach(node -> node.info().ifPresent(info -> module.send(PacketType.CTRL_ACTIVE, info.encode())));
    }

    @Override
    public void onModuleInactive(Goodbye goodbye, long nowNanos) {
        tellConfig();
        nodes.forEach(node -> node.sendInactive(goodbye));
        ringsTold = Optional.empty();
        reckon(nowNanos);
        pulseAll(nowNanos);
    }

    @Override
    public void onModuleChunk(Session from, Chunk chunk) {
        flow.take(chunk, from);
        flush();
    }

    @Override
    public void onModuleReady() {
        flow.onWritable(module.feed());
        telling.pump();
    }

    @Override
    public void onModuleAnswer(int code, ByteBuffer body) throws MalformedPacketException {
        if (code == PacketType.LIST_PART) {
            onListPart(module, ListPart.decode(body), clocks.nanos().nanos());
        } else {
            questions.onAnswer(code, body);
        }
    }

    // --- rings and pulses -------------------------------------------------------------------------------------------

    /** Computes the rings anew and tells who must know. */
    private void reckon(long nowNanos) {
        boolean changed = rings.update(nodes, hearsay, module.active(), drains.on(), nowNanos);
        boolean mastersActive = RingKeeper.mastersActive(nodes);
        if (minority.update(nodes, hearsay, drains.on())) {
            journal.warn(
                    LogEvent.MINORITY,
                    minority.silent()
                            ? "this node sees less than half of its peers, and tells contacts nothing"
                            : "this node sees half of its peers or more, and tells contacts again");
        }
        Rings now = rings.rings(mastersActive, neighbours.blocking(module.info()), minority.silent());
        if (module.connected() && module.info().isPresent() && !ringsTold.equals(Optional.of(now))) {
            rings.tellLacking(
                    ringsTold.isEmpty(), nowNanos, lacking -> module.send(PacketType.LACKING, lacking.encode()));
            ringsTold = Optional.of(now);
            module.send(PacketType.RINGS, now.encode());
        }
        if (changed) {
            pulseAll(nowNanos);
        }
        if (!neighbours.counts().equals(countsTold)) {
            countsTold = neighbours.counts();
            nodes.forEach(Node::sendActive);
        }
    }

    private void pulseAll(long nowNanos) {
        pulsedNanos = nowNanos;
        nodes.forEach(node -> node.sendPulse(nowNanos));
        module.send(PacketType.PULSE, modulePulse(nowNanos).encode());
    }

    // --- what the command line asks ---------------------------------------------------------------------------------

    /** What can be asked of our module. */
    public Questions questions() {
        return questions;
    }

    /** How many records wait for the log's thread, or for the disk; for tests. */
    EventFlow flow() {
        return flow;
    }

    /** What this node goes by now. */
    public MerlinConf conf() {
        return conf;
    }

    List<Node> nodes() {
        return nodes;
    }

    ModuleSeat module() {
        return module;
    }

    RingKeeper rings() {
        return rings;
    }

    Store store() {
        return store;
    }

    Clocks clocks() {
        return clocks;
    }

    /** Drains a node, or takes its checks back, and tells when it is so. */
    public void drain(String name, boolean on, boolean force, long nowNanos, Consumer<List<String>> refused) {
        drains.ask(name, on, force, nowNanos, refused);
    }

    /** Why a node should not be stopped now, each in a sentence; empty if it may be. */
    public List<String> whyNotStop(String name) {
        return drains.whyNotStop(name);
    }

    Hearsay hearsay() {
        return hearsay;
    }

    Minority minority() {
        return minority;
    }

    Drains drains() {
        return drains;
    }

    /** Who has which object configuration, and the commands that bring it. */
    public ConfigWatch configs() {
        return configs;
    }

    /** Hears that a node has come or gone. */
    @FunctionalInterface
    public interface NodeWatch {
        /** On the loop. */
        void onStatus(String node, NodeStatus status, String why);
    }

    /**
     * Names who reads the log beside all nodes; before anything connects.
     *
     * @param needsFrom lowest position that it still has to read
     */
    public void readBy(LongSupplier needsFrom, NodeWatch watch) {
        sinkNeedsFrom = needsFrom;
        nodeWatch = watch;
    }

    @Override
    public void onStatus(Node node, String why) {
        nodeWatch.onStatus(node.id().name(), node.status(), why);
    }

    /** Names who hears of what concerns the object configuration; before anything connects. */
    public void configWith(ConfigPort port) {
        configPorts.add(port);
    }

    /** Sends a packet of {@link ConfigPort} to a node; it is lost if there is no link. */
    public void sendConfig(String node, int code, ByteBuffer body) {
        neighbours.find(node).ifPresent(known -> known.send(code, body));
    }

    @Override
    public void onConfig(Node node, int code, ByteBuffer body) {
        configPorts.forEach(port -> port.onPacket(node.id().name(), code, body));
    }

    @Override
    public void onLinkGone(Node node) {
        configPorts.forEach(port -> port.onLinkGone(node.id().name()));
    }

    private void tellConfig() {
        Optional<ConfigPort.Run> run =
                module.active() ? module.info().map(info -> new ConfigPort.Run(module.pid(), info)) : Optional.empty();
        configPorts.forEach(port -> port.onModule(run));
    }

    List<String> warningsOf(Node node) {
        List<String> words = new ArrayList<>(node.info()
                .map(info -> neighbours.warnings(node, info, module.info()))
                .orElse(List.of()));
        configs.difference(node).ifPresent(words::add);
        return words;
    }
}
