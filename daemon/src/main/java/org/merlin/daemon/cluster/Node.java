package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Compatibility;
import org.merlin.protocol.control.Drain;
import org.merlin.protocol.control.Goodbye;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.StreamId;

/**
 * Another node: its status, the one link with it, what it told about itself, and what it is owed. Confined to the cluster
 * loop.
 */
final class Node implements Session.Owner, Transport.Dialler, ListPartner, ConfigPartner {
    private static final long FIRST_BACKOFF_NANOS = 1_000_000_000L;
    private static final long LAST_BACKOFF_NANOS = 30_000_000_000L;
    private static final long FIRST_PULSE_NANOS = 10_000_000_000L;
    private static final int MAX_GREETING = 4;

    private MerlinConf.Node conf;
    private final NodeId id;
    private final NodeId self;
    private final Neighbourhood around;
    private final Transport transport;
    private final Clocks clocks;
    private final Journal journal;
    private final Subscriber subscriber;
    private final List<Session> greeting = new ArrayList<>();
    private final RoundTrip roundTrip = new RoundTrip();

    private NodeStatus status = NodeStatus.DISCONNECTED;
    private Optional<Session> session = Optional.empty();
    private final List<Retired> retired = new ArrayList<>();
    private Optional<Challenger> challenger = Optional.empty();
    private Optional<NodeInfo> info = Optional.empty();
    private Optional<Pulse> pulse = Optional.empty();
    private Set<String> sees = Set.of();
    private Set<String> below = Set.of();
    private Set<StreamId> wanted = Set.of();
    private Feed feed;
    private long pulseArrivedNanos;
    private long connectedMicros;
    private long lastHeardMicros;
    private boolean wentAsPlanned;
    private boolean saidInactive;
    private boolean dialling;
    private long nextDialNanos;
    private long backoffNanos = FIRST_BACKOFF_NANOS;
    private String lastTrouble = "";
    private boolean left;

    /**
     * A link that another one has replaced. It stays open for a while, unheard, so that the other side can change over by
     * itself: closed at once, it would look like the end of the node.
     */
    private record Retired(Session session, long untilNanos) {}

    /** As a subscriber of the event log: owed what routing gives it of our own streams and of those that we pass on to it. */
    private final class AsSubscriber implements Subscriber {
        @Override
        public long id() {
            return id.origin();
        }

        @Override
        public boolean entitled(StreamId stream) {
            return stream.origin() == self.origin()
                    || around.passing().passes(Node.this, stream.origin())
                    || wanted.contains(stream) && (isItself(stream.origin()) || isRelated(stream.origin()));
        }

        @Override
        public boolean owed(PacketCursor packet) {
            return owing(packet.origin()).test(packet);
        }

        @Override
        public Chunk.PacketFilter owing(StreamId stream) {
            return owing(stream.origin());
        }

        private Chunk.PacketFilter owing(long origin) {
            if (isItself(origin)) {
                return packet -> true;
            }
            Optional<PassingOn.Relation> relation = around.passing().relation(Node.this, origin);
            return relation.isPresent() ? relation.get()::includes : packet -> false;
        }

        /** It wants back what it told us itself. */
        private boolean isItself(long origin) {
            return origin == id.origin();
        }

        private boolean isRelated(long origin) {
            return around.passing().relation(Node.this, origin).isPresent();
        }

        @Override
        public Object sameAs(StreamId stream) {
            return around.passing().relation(Node.this, stream.origin());
        }

        @Override
        public boolean othersHave(StreamId stream) {
            return stream.origin() != self.origin()
                    && (wanted.contains(stream) || !around.passing().isTier(Node.this, stream.origin()));
        }
    }

    Node(
            MerlinConf.Node conf,
            NodeId self,
            Neighbourhood around,
            Transport transport,
            Clocks clocks,
            Journal journal,
            long nowNanos) {
        this.conf = conf;
        this.id = NodeId.of(conf.name());
        this.self = self;
        this.around = around;
        this.transport = transport;
        this.clocks = clocks;
        this.journal = journal;
        this.subscriber = new AsSubscriber();
        this.nextDialNanos = nowNanos;
    }

    Subscriber subscriber() {
        return subscriber;
    }

    void feedFrom(Feed newFeed) {
        feed = newFeed;
    }

    // --- dialling -------------------------------------------------------------------------------------------------

    void onTick(long nowNanos) {
        if (conf.connect() && !dialling && !awaitsFirstPulse() && session.isEmpty() && nowNanos - nextDialNanos >= 0) {
            dialling = true;
            apply(NodeSignal.DIALLED, "", nowNanos);
            transport.dial(conf.name(), conf.address(), conf.port(), this);
        }
        List.copyOf(greeting).stream()
                .filter(fresh -> fresh.silentNanos(nowNanos) > FIRST_PULSE_NANOS)
                .forEach(fresh -> fresh.refuse("no pulse within 10 s", nowNanos));
        session.filter(current -> current.silentNanos(nowNanos) >= silenceNanos())
                .ifPresent(current -> {
                    apply(NodeSignal.FELL_SILENT, "nothing heard for " + silenceNanos() / 1_000_000 + " ms", nowNanos);
                    current.discard();
                    lost(nowNanos);
                });
        retired.removeIf(old -> {
            boolean over = nowNanos - old.untilNanos >= 0;
            if (over) {
                old.session.discard();
            }
            return over;
        });
        challenger
                .filter(waiting -> nowNanos - waiting.untilNanos >= 0)
                .ifPresent(waiting -> decideChallenge(waiting, nowNanos));
    }

    /** Whether a link that we dialled is open, but the other side has not said yet who it is: it has its time for that. */
    private boolean awaitsFirstPulse() {
        return greeting.stream().anyMatch(fresh -> fresh.link().dialledByUs());
    }

    /** Silence after which it counts as gone: the configured data timeout, or three of its own pulses if that is more. */
    long silenceNanos() {
        long threePulses = pulse.map(last -> 3_000_000L * last.intervalMillis()).orElse(0L);
        return Math.max(conf.dataTimeout().toNanos(), threePulses);
    }

    @Override
    public LinkListener onOpened(Link link, long nowNanos) {
        dialling = false;
        if (left) {
            Session unwanted = new Session(link, id.name(), this, nowNanos);
            unwanted.discard();
            return unwanted;
        }
        return greet(link, nowNanos);
    }

    @Override
    public void onFailed(String why, long nowNanos) {
        dialling = false;
        if (left) {
            return;
        }
        apply(NodeSignal.DIAL_FAILED, why, nowNanos);
        if (!why.equals(lastTrouble)) {
            journal.warnLimited(LogEvent.DIAL_FAILED, id, conf.address() + ":" + conf.port(), why);
        }
        lastTrouble = why;
        backOff(nowNanos);
    }

    private void backOff(long nowNanos) {
        long jitter = (long) (backoffNanos * (clocks.random().nextDouble() - 0.5) / 2);
        nextDialNanos = nowNanos + backoffNanos + jitter;
        backoffNanos = Math.min(2 * backoffNanos, LAST_BACKOFF_NANOS);
    }

    // --- other configurations -------------------------------------------------------------------------------------

    /** Goes by another section of the same role from now on. The link stays, unless we dialled it at another address. */
    void configure(MerlinConf.Node newConf, long nowNanos) {
        boolean elsewhere = !newConf.address().equals(conf.address()) || newConf.port() != conf.port();
        boolean dials = newConf.connect() && (elsewhere || !conf.connect());
        conf = newConf;
        if (dials) {
            backoffNanos = FIRST_BACKOFF_NANOS;
            session.filter(current -> current.link().dialledByUs()).ifPresent(current -> {
                apply(NodeSignal.SOCKET_CLOSED, "its address is now " + conf.address() + ":" + conf.port(), nowNanos);
                current.discard();
                lost(nowNanos);
            });
            nextDialNanos = nowNanos;
        }
    }

    /** It is no node of ours any more: its links are told why, and closed. Nothing it may still say is heard. */
    void leave(String why, long nowNanos) {
        left = true;
        List<Session> links = new ArrayList<>(greeting);
        session.ifPresent(links::add);
        challenger.ifPresent(waiting -> links.add(waiting.session));
        retired.forEach(old -> links.add(old.session));
        greeting.clear();
        retired.clear();
        session = Optional.empty();
        challenger = Optional.empty();
        links.forEach(link -> link.refuse(why, nowNanos));
        feed.close();
    }

    // --- links ----------------------------------------------------------------------------------------------------

    /** A link with this node is open, its name proved where TLS is on: say who we are and wait for its first pulse. */
    LinkListener greet(Link link, long nowNanos) {
        Session fresh = new Session(link, id.name(), this, nowNanos);
        takeUp(fresh, nowNanos);
        return fresh;
    }

    /** As {@link #greet}, for a session that has already begun. */
    void takeUp(Session fresh, long nowNanos) {
        apply(NodeSignal.SOCKET_OPENED, fresh.link().remote(), nowNanos);
        greeting.add(fresh);
        if (greeting.size() > MAX_GREETING) {
            greeting.remove(0).discard();
        }
        sendPulse(fresh, nowNanos);
        fresh.send(PacketType.MARKS, new Marks(Marks.Kind.ALL, around.marksFor(this)).encode());
        sendActive(fresh);
    }

    private void sendPulse(Session to, long nowNanos) {
        to.send(PacketType.PULSE, around.pulseFor(this, nowNanos).encode());
    }

    private void sendActive(Session to) {
        around.activeInfoFor(this).ifPresent(ours -> to.send(PacketType.CTRL_ACTIVE, ours.encode()));
    }

    /** Sends it a control packet, if it is connected. */
    void send(int code, ByteBuffer body) {
        session.ifPresent(current -> current.send(code, body));
    }

    /** Tells it all that it may know of everything: it is responsible for more than before. */
    void tellState(StateTelling telling) {
        session.ifPresent(
                current -> telling.begin(current, 0, packet -> around.passing().mayKnow(this, packet)));
    }

    @Override
    public void ask(ListQuery query) {
        send(PacketType.LIST_QUERY, query.encode());
    }

    @Override
    public void answer(ListPart part) {
        send(PacketType.LIST_PART, part.encode());
    }

    @Override
    public void askToFetch() {
        send(PacketType.FETCH, ByteBuffer.allocate(0));
    }

    /** Sends our pulse now. */
    void sendPulse(long nowNanos) {
        session.ifPresent(current -> sendPulse(current, nowNanos));
    }

    /** Tells it that our module runs, or what changed about it. */
    void sendActive() {
        session.ifPresent(this::sendActive);
    }

    /** Tells it that our module is gone. */
    void sendInactive(Goodbye goodbye) {
        session.ifPresent(current -> current.send(PacketType.CTRL_INACTIVE, goodbye.encode()));
    }

    @Override
    public void onControl(Session from, int code, ByteBuffer body, long nowNanos) throws MalformedPacketException {
        if (greeting.contains(from)) {
            if (code == PacketType.REFUSAL) {
                onRefusal(from, Words.decode(body), nowNanos);
            } else if (code == PacketType.PULSE) {
                onFirstPulse(from, Pulse.decode(body), nowNanos);
            } else if (code == PacketType.PROBE) {
                sendPulse(from, nowNanos); // it has adopted this link already
            }
        } else if (isCurrent(from)) {
            onCurrentControl(from, code, body, nowNanos);
        } else {
            challenger
                    .filter(waiting -> waiting.session == from)
                    .ifPresent(waiting -> waiting.hold(() -> replay(from, code, body, nowNanos), nowNanos));
        }
    }

    private void replay(Session from, int code, ByteBuffer body, long nowNanos) {
        try {
            onCurrentControl(from, code, body, nowNanos);
        } catch (MalformedPacketException e) {
            from.refuse("control packet " + code + " is malformed: " + e.getMessage(), nowNanos);
        }
    }

    private boolean isCurrent(Session some) {
        return session.filter(current -> current == some).isPresent();
    }

    private void onFirstPulse(Session from, Pulse first, long nowNanos) {
        if (!first.name().equals(id.name())) {
            from.refuse("you are " + id + " by your certificate, but your pulse says '" + first.name() + "'", nowNanos);

            return;
        }
        List<String> obstacles = Compatibility.obstacles(
                PacketCursor.VERSION, PacketCursor.VERSION, first.versionsFrom(), first.versionsTo());
        if (!obstacles.isEmpty()) {
            from.refuse("incompatible with " + self + ", which sees you thus: " + obstacles.get(0), nowNanos);
            return;
        }
        greeting.remove(from);
        from.onPulseAccepted();
        if (session.isEmpty()) {
            adopt(from, first, nowNanos);
        } else if (prefer(from, session.get())) {
            replace(from, first, "the newer one stays", nowNanos);
        } else {
            challenger.ifPresent(other -> other.session.discard());
            challenger = Optional.of(new Challenger(from, first, nowNanos + Challenger.PROBE_NANOS));
            session.get().send(PacketType.PROBE, ByteBuffer.allocate(0));
        }
    }

    /** Of two links in the same direction the newer; of opposite ones the one that the node with the lower name dialled. */
    private boolean prefer(Session fresh, Session current) {
        boolean freshByUs = fresh.link().dialledByUs();
        if (freshByUs == current.link().dialledByUs()) {
            return true;
        }
        boolean weAreLower = NameOrder.BYTEWISE.compare(self.name(), id.name()) < 0;
        return freshByUs == weAreLower;
    }

    private void decideChallenge(Challenger waiting, long nowNanos) {
        challenger = Optional.empty();
        if (session.isPresent() && waiting.answered(session.get(), nowNanos)) {
            journal.info(LogEvent.LINK_REPLACED, id, "the older one answers and stays");
            waiting.session.discard();
        } else {
            replace(waiting.session, waiting.pulse, "the older one did not answer", nowNanos);
            waiting.held.forEach(Runnable::run);
        }
    }

    private void replace(Session by, Pulse first, String why, long nowNanos) {
        session.ifPresent(old -> {
            journal.info(LogEvent.LINK_REPLACED, id, why);
            feed.close();
            retired.add(new Retired(old, nowNanos + Challenger.PROBE_NANOS));
            if (retired.size() > MAX_GREETING) {
                retired.remove(0).session.discard();
            }
        });
        session = Optional.empty();
        adopt(by, first, nowNanos);
    }

    private void adopt(Session fresh, Pulse first, long nowNanos) {
        session = Optional.of(fresh);
        saidInactive = false;
        backoffNanos = FIRST_BACKOFF_NANOS;
        lastTrouble = "";
        connectedMicros = clocks.wallMicros().getAsLong();
        if (status == NodeStatus.DISCONNECTED) {
            apply(NodeSignal.SOCKET_OPENED, fresh.link().remote(), nowNanos); // the link before it has just gone
        }
        apply(NodeSignal.PULSE_ACCEPTED, fresh.link().remote(), nowNanos);
        onPulse(first, nowNanos);
        sendPulse(fresh, nowNanos); // at once, so that it knows that we see it
        sendActive(fresh); // our module may have come since we greeted
        around.onAdopted(this);
    }

    private void onRefusal(Session from, Words words, long nowNanos) {
        lastTrouble = "refused by " + id + ": " + words.printable();
        journal.warnLimited(LogEvent.LINK_REFUSED, id, words.printable());
        from.onClosed(lastTrouble, nowNanos);
    }

    @Override
    public void onEnded(Session some, String why, long nowNanos) {
        if (greeting.remove(some)) {
            if (!why.equals(LinkListener.CLOSED_BY_THE_OTHER)) {
                journal.warnLimited(
                        LogEvent.LINK_REFUSED, id + " at " + some.link().remote(), why);
            }
            if (session.isEmpty() && greeting.isEmpty()) {
                apply(NodeSignal.SOCKET_CLOSED, why, nowNanos);
                backOff(nowNanos);
            }
        } else if (isCurrent(some)) {
            apply(NodeSignal.SOCKET_CLOSED, why, nowNanos);
            lost(nowNanos);
        } else {
            challenger = challenger.filter(waiting -> waiting.session != some);
            retired.removeIf(old -> old.session == some);
        }
    }

    private void lost(long nowNanos) {
        session = Optional.empty();
        info = Optional.empty();
        pulse = Optional.empty();
        sees = Set.of();
        wanted = Set.of();
        roundTrip.forget();
        feed.close();
        backOff(nowNanos);
        around.onLinkGone(this);
        around.onNodeInfo(this);
        Optional<Challenger> waiting = challenger;
        challenger = Optional.empty();
        waiting.ifPresent(other -> {
            adopt(other.session, other.pulse, nowNanos);
            other.held.forEach(Runnable::run);
        });
        around.onChanged(this, nowNanos);
    }

    // --- what it says ---------------------------------------------------------------------------------------------

    private void onCurrentControl(Session from, int code, ByteBuffer body, long nowNanos)
            throws MalformedPacketException {
        switch (code) {
            case PacketType.PULSE -> onPulse(Pulse.decode(body), nowNanos);
            case PacketType.CTRL_ACTIVE -> onActive(NodeInfo.decode(body), nowNanos);
            case PacketType.CTRL_INACTIVE -> onInactive(Goodbye.decode(body), nowNanos);
            case PacketType.MARKS -> onMarks(from, Marks.decode(body));
            case PacketType.PROBE -> sendPulse(from, nowNanos);
            case PacketType.STATE_ASK -> around.onStateAsk(this, from, StateAsk.decode(body));
            case PacketType.STATE_TOLD -> around.onStateTold(this, StateTold.decode(body));
            case PacketType.DRAIN -> around.onDrain(this, Drain.decode(body).on(), nowNanos);
            case PacketType.FETCH -> around.onFetch(this, nowNanos);
            case PacketType.REFUSAL -> onRefusal(from, Words.decode(body), nowNanos);
            case PacketType.LIST_QUERY -> around.onListQuery(this, ListQuery.decode(body), nowNanos);
            case PacketType.LIST_PART -> around.onListPart(this, ListPart.decode(body), nowNanos);
            case PacketType.CONFIG_HEAD,
                    PacketType.CONFIG_TRY,
                    PacketType.CONFIG_VERDICT,
                    PacketType.CONFIG_ASK,
                    PacketType.CONFIG_PIECE -> around.onConfig(this, code, body);
            default -> {} // a newer version's: skipped
        }
    }

    private void onPulse(Pulse fresh, long nowNanos) {
        pulse = Optional.of(fresh);
        sees = Set.copyOf(fresh.sees());
        below = Set.copyOf(fresh.below());
        pulseArrivedNanos = nowNanos;
        lastHeardMicros = clocks.wallMicros().getAsLong();
        roundTrip.onPulse(fresh, lastHeardMicros);
        around.onChanged(this, nowNanos);
    }

    private void onActive(NodeInfo fresh, long nowNanos) {
        info = Optional.of(fresh);
        wentAsPlanned = false;
        saidInactive = false;
        apply(NodeSignal.CTRL_ACTIVE, fresh.scheduler(), nowNanos);
        around.onNodeInfo(this);
        around.onChanged(this, nowNanos);
    }

    private void onInactive(Goodbye goodbye, long nowNanos) {
        info = Optional.empty();
        wentAsPlanned = goodbye.planned();
        saidInactive = true;
        apply(NodeSignal.CTRL_INACTIVE, goodbye.printable(), nowNanos);
        around.onNodeInfo(this);
        around.onChanged(this, nowNanos);
    }

    private void onMarks(Session from, Marks marks) {
        switch (marks.kind()) {
            case ALL -> {
                feed.open(from.link(), marks.marks(), false);
                around.onAllMarks(this, marks.marks());
            }
            case ACKNOWLEDGED -> feed.onAcknowledged(marks.marks());
            case GO_BACK -> marks.marks().forEach(feed::onGoBack);
            case WANTED -> {
                wanted = marks.marks().stream().map(Mark::stream).collect(Collectors.toUnmodifiableSet());
                feed.onWanted(marks.marks());
            }
        }
        around.onReady(this);
    }

    @Override
    public void onChunk(Session from, Chunk chunk, long nowNanos) {
        if (isCurrent(from)) {
            around.onChunk(this, from, chunk);
        } else {
            challenger
                    .filter(waiting -> waiting.session == from)
                    .ifPresent(waiting -> waiting.hold(() -> around.onChunk(this, from, chunk), nowNanos));
        }
    }

    @Override
    public void onWritable(Session some) {
        if (isCurrent(some)) {
            around.onReady(this);
        }
    }

    void flushAcknowledgements() {
        session.ifPresent(Session::flushAcknowledgements);
    }

    private void apply(NodeSignal signal, String why, long nowNanos) {
        NodeStatus before = status;
        Optional<NodeStatus> next = NodeTransitions.next(status, signal);
        if (next.isEmpty()) {
            return; // a late echo of a link that is gone already
        }
        status = next.get();
        if (status != before) {
            journal.info(LogEvent.NODE_STATUS, id, before.word(), status.word(), signal, why);
            around.onStatus(this, why);
            around.onChanged(this, nowNanos);
        }
    }

    // --- what others ask about it ---------------------------------------------------------------------------------

    @Override
    public MerlinConf.Node conf() {
        return conf;
    }

    NodeId id() {
        return id;
    }

    NodeStatus status() {
        return status;
    }

    @Override
    public Optional<NodeInfo> info() {
        return info;
    }

    Optional<Pulse> pulse() {
        return pulse;
    }

    /** Whether packets of it arrive. */
    boolean arrives() {
        return session.isPresent();
    }

    /** Whether we see it: its packets arrive, and its pulses name us. */
    boolean seen() {
        return arrives() && sees.contains(self.name());
    }

    /** Whether another node's packets arrive at it, by its last pulse. */
    boolean sees(String name) {
        return sees.contains(name);
    }

    /** Names of the nodes below it whose events it brings, as it said last, be it there or not. */
    Set<String> below() {
        return below;
    }

    boolean brings(String name) {
        return below.contains(name);
    }

    /** Whether it counts in a ring. */
    @Override
    public boolean activeInRing() {
        return status == NodeStatus.ACTIVE && seen();
    }

    /** Whether its packets arrive, and neither that it is active, and sees us, nor that it is not. */
    boolean awaitsItsWord() {
        return arrives() && !activeInRing() && !saidInactive;
    }

    /** Whether its scheduler said goodbye since it was stopped or reloaded, and is not back. */
    boolean wentAsPlanned() {
        return wentAsPlanned;
    }

    /** Whether it says that it is to run no checks, though it could. */
    boolean drained() {
        return pulse.filter(Pulse::drained).isPresent();
    }

    /** The wall clock time in its last pulse, for our next one to echo; 0 if there was none. */
    long lastPulseSentMicros() {
        return pulse.map(Pulse::sentMicros).orElse(0L);
    }

    long pulseHeldMicros(long nowNanos) {
        return pulse.isPresent() ? (nowNanos - pulseArrivedNanos) / 1000 : 0;
    }

    /** How long nothing was heard of it; 0 if it is not there. */
    long silentMillis(long nowNanos) {
        return session.map(current -> Math.max(0, current.silentNanos(nowNanos) / 1_000_000))
                .orElse(0L);
    }

    RoundTrip roundTrip() {
        return roundTrip;
    }

    Feed.Distance distance() {
        return feed.distance();
    }

    Feed feed() {
        return feed;
    }

    /** When the present link was adopted, microseconds since 1970; 0 if there is none. */
    long connectedMicros() {
        return arrives() ? connectedMicros : 0;
    }

    /** When a pulse last arrived, microseconds since 1970; 0 for never. */
    long lastHeardMicros() {
        return lastHeardMicros;
    }

    /** Where the present link leads; empty if there is none. */
    String remote() {
        return session.map(current -> current.link().remote()).orElse("");
    }

    /** Why the last attempt failed; empty if it did not. */
    String lastTrouble() {
        return lastTrouble;
    }

    @Override
    public String toString() {
        return id.name();
    }
}
