package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.control.Goodbye;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.node.Digests;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.StreamId;

/** The place of our own module: the one connection with it, and what it told. Confined to the cluster loop. */
final class ModuleSeat implements Session.Owner, Subscriber, ListPartner {
    private final NodeId self;
    private long dataTimeoutNanos;
    private final Host host;
    private final Journal journal;
    private Feed feed;
    private Optional<Session> session = Optional.empty();
    private Optional<Challenger> challenger = Optional.empty();
    private Optional<NodeInfo> info = Optional.empty();
    private Optional<Pulse> pulse = Optional.empty();
    private List<Mark> marks = List.of();

    /** What the module's place asks of the cluster. */
    interface Host {
        /** The pulse for our module. */
        Pulse modulePulse(long nowNanos);

        /** What the log holds of our own streams. */
        List<Mark> ownMarks();

        /** The module came, changed or answers again: tell everybody. */
        void onModuleActive(long nowNanos);

        /** The module goes on in a new epoch. */
        void onModuleEpoch();

        /** The module went, or its scheduler hangs: tell everybody. */
        void onModuleInactive(Goodbye goodbye, long nowNanos);

        /** Events of our own scheduler. */
        void onModuleChunk(Session from, Chunk chunk);

        /** It takes more, or acknowledged something. */
        void onModuleReady();

        /** It asks for what the state table holds. */
        void onModuleStateAsk(Session from, StateAsk ask);

        /** A control packet that is an answer to a question of ours. */
        void onModuleAnswer(int code, ByteBuffer body) throws MalformedPacketException;
    }

    ModuleSeat(NodeId self, long dataTimeoutNanos, Host host, Journal journal) {
        this.self = self;
        this.dataTimeoutNanos = dataTimeoutNanos;
        this.host = host;
        this.journal = journal;
    }

    /** Goes by another data timeout; our module is told that the configuration was read anew. */
    void configure(long newDataTimeoutNanos) {
        dataTimeoutNanos = newDataTimeoutNanos;
        send(PacketType.CONF_READ, ByteBuffer.allocate(0));
    }

    void feedFrom(Feed newFeed) {
        feed = newFeed;
    }

    // --- as a subscriber ------------------------------------------------------------------------------------------

    @Override
    public long id() {
        return Digests.hash64("module of " + self);
    }

    /** Everything but what this run of the scheduler said itself. */
    @Override
    public boolean entitled(StreamId stream) {
        return stream.origin() != self.origin()
                || info.filter(ours -> ours.epoch() == stream.epoch()).isEmpty();
    }

    /** Of what earlier runs of the scheduler said, all but commands: these are not repeated. */
    @Override
    public boolean owed(PacketCursor packet) {
        return packet.origin() != self.origin() || packet.type() != PacketType.EXTERNAL_COMMAND;
    }

    @Override
    public Object sameAs(StreamId stream) {
        return this;
    }

    // --- the connection -------------------------------------------------------------------------------------------

    /** Somebody connected to the module socket, allowed by its credentials. */
    LinkListener accept(Link link, long nowNanos) {
        return new Session(link, "module", this, nowNanos);
    }

    void onTick(long nowNanos) {
        session.filter(current -> current.silentNanos(nowNanos) >= dataTimeoutNanos)
                .ifPresent(current -> {
                    current.discard();
                    lost("silent for " + dataTimeoutNanos / 1_000_000 + " ms", nowNanos);
                });
        challenger
                .filter(waiting -> nowNanos - waiting.untilNanos >= 0)
                .ifPresent(waiting -> decide(waiting, nowNanos));
    }

    private void decide(Challenger waiting, long nowNanos) {
        challenger = Optional.empty();
        if (session.isPresent() && waiting.answered(session.get(), nowNanos)) {
            String why = "another scheduler's module is connected already, and answers";
            journal.warnLimited(LogEvent.MODULE_REFUSED, why);
            waiting.session.refuse(why, nowNanos);
            return;
        }
        session.ifPresent(old -> {
            old.discard();
            lost("a new one took its place", nowNanos);
        });
        adopt(waiting.session, waiting.pulse, nowNanos);
        waiting.held.forEach(Runnable::run);
    }

    @Override
    public void onControl(Session from, int code, ByteBuffer body, long nowNanos) throws MalformedPacketException {
        if (!from.pulsed()) {
            onFirstPulse(from, code == PacketType.PULSE ? Pulse.decode(body) : null, nowNanos);
        } else if (session.filter(current -> current == from).isPresent()) {
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

    private void onFirstPulse(Session from, Pulse first, long nowNanos) {
        if (first == null) {
            return;
        }
        if (!first.name().equals(self.name())) {
            String why = "the module says that this node is '" + first.name() + "', the daemon's merlin.conf says '"
                    + self + "': let both read the same file";
            journal.warnLimited(LogEvent.MODULE_REFUSED, why);
            from.refuse(why, nowNanos);
            return;
        }
        from.onPulseAccepted();
        if (session.isEmpty()) {
            adopt(from, first, nowNanos);
        } else {
            challenger.ifPresent(other -> other.session.discard());
            challenger = Optional.of(new Challenger(from, first, nowNanos + Challenger.PROBE_NANOS));
            session.get().send(PacketType.PROBE, ByteBuffer.allocate(0));
        }
    }

    private void adopt(Session fresh, Pulse first, long nowNanos) {
        session = Optional.of(fresh);
        pulse = Optional.of(first);
        fresh.send(PacketType.PULSE, host.modulePulse(nowNanos).encode());
        fresh.send(PacketType.MARKS, new Marks(Marks.Kind.ALL, host.ownMarks()).encode());
        fresh.send(PacketType.CONF_READ, ByteBuffer.allocate(0)); // it may have started with another one
    }

    private void onCurrentControl(Session from, int code, ByteBuffer body, long nowNanos)
            throws MalformedPacketException {
        switch (code) {
            case PacketType.PULSE -> onPulse(Pulse.decode(body), nowNanos);
            case PacketType.CTRL_ACTIVE -> onActive(from, NodeInfo.decode(body), nowNanos);
            case PacketType.CTRL_INACTIVE -> {
                Goodbye goodbye = Goodbye.decode(body);
                from.discard();
                lost(goodbye.printable(), goodbye.planned(), nowNanos);
            }
            case PacketType.MARKS -> onMarks(Marks.decode(body));
            case PacketType.STATE_ASK -> host.onModuleStateAsk(from, StateAsk.decode(body));
            case PacketType.PROBE ->
                from.send(PacketType.PULSE, host.modulePulse(nowNanos).encode());
            case PacketType.REFUSAL ->
                journal.warnLimited(LogEvent.MODULE_REFUSED, Words.decode(body).printable());
            default -> host.onModuleAnswer(code, body);
        }
    }

    private void onPulse(Pulse fresh, long nowNanos) {
        boolean answered = answers();
        pulse = Optional.of(fresh);
        if (info.isPresent() && answered != answers()) {
            if (answers()) {
                host.onModuleActive(nowNanos);
            } else {
                journal.warn(LogEvent.MODULE_HANGS);
                host.onModuleInactive(new Goodbye("the scheduler's own thread does not answer", false), nowNanos);
            }
        }
    }

    private void onActive(Session from, NodeInfo fresh, long nowNanos) {
        boolean first = info.isEmpty();
        boolean newEpoch =
                info.filter(before -> before.epoch() != fresh.epoch()).isPresent();
        info = Optional.of(fresh);
        if (first) {
            journal.info(
                    LogEvent.MODULE_ACTIVE,
                    fresh.scheduler(),
                    fresh.hosts(),
                    fresh.services(),
                    Integer.toUnsignedString(fresh.epoch()));
            feed.open(from.link(), marks, true);
        }
        if (newEpoch) {
            host.onModuleEpoch();
        }
        if (answers()) {
            host.onModuleActive(nowNanos);
        }
        host.onModuleReady();
    }

    private void onMarks(Marks fresh) {
        switch (fresh.kind()) {
            case ALL -> marks = fresh.marks(); // the feed opens with CTRL_ACTIVE, which tells the epoch
            case ACKNOWLEDGED -> feed.onAcknowledged(fresh.marks());
            case GO_BACK -> fresh.marks().forEach(feed::onGoBack);
            case WANTED -> {} // it is owed everything
        }
        host.onModuleReady();
    }

    @Override
    public void onChunk(Session from, Chunk chunk, long nowNanos) {
        if (session.filter(current -> current == from).isEmpty()) {
            challenger
                    .filter(waiting -> waiting.session == from)
                    .ifPresent(waiting -> waiting.hold(() -> onChunk(from, chunk, nowNanos), nowNanos));
        } else if (chunk.stream().origin() != self.origin()) {
            from.refuse("events of another node than " + self, nowNanos);
        } else {
            host.onModuleChunk(from, chunk);
        }
    }

    @Override
    public void onWritable(Session some) {
        host.onModuleReady();
    }

    @Override
    public void onEnded(Session some, String why, long nowNanos) {
        if (session.filter(current -> current == some).isPresent()) {
            lost(why, nowNanos);
        } else {
            challenger = challenger.filter(waiting -> waiting.session != some);
        }
    }

    private void lost(String why, long nowNanos) {
        lost(why, false, nowNanos);
    }

    private void lost(String why, boolean planned, long nowNanos) {
        boolean wasActive = active();
        session = Optional.empty();
        info = Optional.empty();
        pulse = Optional.empty();
        marks = List.of();
        feed.close();
        journal.info(LogEvent.MODULE_GONE, why);
        if (wasActive) {
            host.onModuleInactive(new Goodbye("module gone: " + why, planned), nowNanos);
        }
    }

    void send(int code, ByteBuffer body) {
        session.ifPresent(current -> current.send(code, body));
    }

    @Override
    public void ask(ListQuery query) {
        send(PacketType.LIST_QUERY, query.encode());
    }

    @Override
    public void answer(ListPart part) {
        send(PacketType.LIST_PART, part.encode());
    }

    void flushAcknowledgements() {
        session.ifPresent(Session::flushAcknowledgements);
    }

    // --- what others ask about it ---------------------------------------------------------------------------------

    private boolean answers() {
        return pulse.filter(Pulse::active).isPresent();
    }

    /** Whether the module is there and its scheduler's own thread answers. */
    boolean active() {
        return session.isPresent() && info.isPresent() && answers();
    }

    boolean connected() {
        return session.isPresent();
    }

    /** Its process; 0 if unknown. */
    int pid() {
        return session.map(current -> current.link().pid()).orElse(0);
    }

    Optional<NodeInfo> info() {
        return info;
    }

    Optional<Pulse> pulse() {
        return pulse;
    }

    Feed feed() {
        return feed;
    }
}
