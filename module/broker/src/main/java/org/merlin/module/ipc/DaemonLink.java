package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentList;
import org.merlin.protocol.control.AssignmentListQuery;
import org.merlin.protocol.control.AssignmentQuery;
import org.merlin.protocol.control.Goodbye;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/**
 * The connection with the daemon. Its thread {@code merlin-module-send} dials, writes, and owns the outbox and all files; a
 * {@link Receiver} per connection reads. All that waits goes in one write; the thread parks when nothing does.
 */
public final class DaemonLink implements AutoCloseable {
    private static final long ACKNOWLEDGE_NANOS = 5_000_000L;

    /**
     * After work the sender looks for more by itself, this often and for this long: to be woken costs the scheduler more than all else
     * that an event does, up to 10 us.
     */
    private static final long REST_NANOS = 200_000L;

    private static final long AWAKE_NANOS = 3_000_000L;
    /** Then for so long less often; a scheduler that says something now and then never has to wake it. */
    private static final long DOZE_NANOS = 1_000_000_000L;

    private static final long DOZE_REST_NANOS = 5_000_000L;

    private static final int OUT_BYTES = 256 * 1024;
    /** A chunk of one packet of the largest size must fit behind this. */
    private static final int FILL_TO_BYTES = 100 * 1024;

    private static final int DRAIN_PACKETS = 4096;
    private static final long FIRST_RETRY_NANOS = 200_000_000L;
    private static final long LAST_RETRY_NANOS = 1_000_000_000L;
    private static final long FAREWELL_NANOS = 600_000_000L;
    private static final long CLOSE_MILLIS = 950;
    private static final int FAULTS_IN_A_ROW = 10;

    private MerlinConf conf;
    private final Guest module;
    private final Handoff handoff;
    private final Inbox inbox;
    private final Bell bell;
    private final Journal journal;
    private final NanoClock clock;
    private final Dialer dialer;
    private final OutboxSource outboxes;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<StreamId, Long> applied = new LinkedHashMap<>();
    private final DelayedMarks toAcknowledge = new DelayedMarks(ACKNOWLEDGE_NANOS);
    private final PacketWriter writer = new PacketWriter();
    private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);
    private final Deque<ByteBuffer> controls = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "merlin-module-send");
    private final Receiver.Listener hearing = new Hearing();

    private Outbox outbox;
    private Connection connection;
    private Receiver receiver;
    private boolean dialFailureTold;
    private Optional<String> broken = Optional.empty();
    private boolean marksHeard;
    /** At its start, and when it has missed events, a module asks for the state of everything. */
    private boolean stateWanted = true;

    private boolean stateAsked;
    private boolean stateWantedAgain;
    private int stateId;
    private long nextDialNanos;
    private long retryNanos = FIRST_RETRY_NANOS;
    private long nextPulseNanos;
    private long daemonSentMicros;
    private long daemonHeardNanos;
    private boolean activeTold;
    private long droppedTold;
    private int faults;
    private long busyNanos;
    private volatile long waitingEvents;
    private volatile long droppedEvents;
    private volatile long sentEvents;
    private volatile long acknowledged;
    private volatile boolean closing;
    private volatile boolean failed;
    private volatile String farewell = "scheduler stops";
    private volatile long closeBeforeNanos;

    /** What the link asks of the module, and tells it. On the sender's thread unless it says otherwise. */
    public interface Guest {
        /** The daemon tells who runs what. */
        void onRings(Rings rings);

        /** The connection with the daemon was lost. */
        void onDaemonGone(long nowNanos);

        /** Another node, or the daemon's log, has so much of a run of ours: who has not said so much was set back. */
        void onRunMark(Mark mark);

        /** The daemon has read merlin.conf anew; returns whether {@link #info} is another one since. */
        boolean onConfRead();

        /** The state of everything has come, as the daemon had it. */
        void onStateTold();

        /** Events of ours are named to the daemon as lost; it is asked what it knows, since some of them may have to be told again. */
        void onLost();

        /** Called at least once per pulse interval. */
        void onTick(long nowNanos);

        /** Chunks wait in the inbox. Receiver's thread. */
        void onInbox();

        /** Asks the scheduler's own thread for a sign of life. */
        void wakeScheduler();

        /** Whether that thread answered within the data timeout. */
        boolean schedulerAnswers(long nowNanos);

        /** Who runs a check. */
        Assignment assignment(AssignmentQuery query);

        /** Who runs what, of many checks; a part of the answer. */
        AssignmentList assignments(AssignmentListQuery query);

        /** The daemon tells which of our objects others have not loaded; rings that name the plan follow. */
        void onLacking(Lacking part);

        /** Which objects are loaded; a part of the answer. */
        ListPart list(ListQuery query);

        /** Body of CTRL_ACTIVE. */
        NodeInfo info();

        /** Adds its counters to what pulses tell. */
        void figures(Map<String, Long> into);

        /** Too many faults of our own in a row: the scheduler is to go on alone. */
        void onFaulty(int inARow);
    }

    /** Opens the outbox, on the sender's thread, since what a former run left may be large. */
    @FunctionalInterface
    public interface OutboxSource {
        Outbox open() throws IOException;
    }

    /**
     * Makes a link; {@link #start} starts it, or {@link #step} drives it.
     *
     * @param applied how far each stream of others, and each older one of our own, has gone into the scheduler's state
     */
    public DaemonLink(
            MerlinConf conf,
            Guest module,
            Handoff handoff,
            Inbox inbox,
            Bell bell,
            OutboxSource outboxes,
            List<Mark> applied,
            Journal journal,
            NanoClock clock,
            Dialer dialer) {
        this.conf = conf;
        this.module = module;
        this.handoff = handoff;
        this.inbox = inbox;
        this.bell = bell;
        this.outboxes = outboxes;
        this.journal = journal;
        this.clock = clock;
        busyNanos = clock.nanos();
        this.dialer = dialer;
        applied.forEach(mark -> this.applied.put(mark.stream(), mark.sequence()));
        thread.setDaemon(true);
        bell.listener(thread);
    }

    public void start() {
        thread.start();
    }

    /** Goes by another merlin.conf of the same node. Sender's thread. */
    public void configure(MerlinConf newConf) {
        conf = newConf;
    }

    /** Runs something on the sender's thread soon. Any thread; never blocks. */
    public void tell(Runnable task) {
        tasks.add(task);
        bell.ring();
    }

    /** Tells the daemon, within {@link #ACKNOWLEDGE_NANOS}, how far streams have gone into the scheduler's state. Any thread. */
    public void acknowledge(List<Mark> marks) {
        if (toAcknowledge.add(marks)) {
            bell.ring();
        }
    }

    /** Asks the daemon to repeat a stream from a mark. Any thread. */
    public void goBack(Mark mark) {
        tell(() -> sendMarks(Marks.Kind.GO_BACK, List.of(mark)));
    }

    /** Asks the daemon for the state of everything, since events were missed. Any thread. */
    public void wantState() {
        tell(() -> {
            stateWanted = true;
            if (stateAsked) {
                stateWantedAgain = true; // what is coming may be as of before
            } else {
                askState();
            }
        });
    }

    /**
     * This run goes on in another epoch.
     *
     * @param made how far the one before had come: nothing of it is owed to us
     */
    public void begin(int epoch, Mark made) {
        tell(() -> {
            outbox.begin(epoch);
            sendAcknowledgements(List.of(made));
            send(PacketType.CTRL_ACTIVE, module.info().encode());
        });
    }

    private void askState() {
        if (connection != null) {
            stateAsked = true;
            send(PacketType.STATE_ASK, new StateAsk(++stateId, List.of()).encode());
        }
    }

    private void onStateTold(StateTold told) {
        if (told.id() != stateId || told.kind() == StateTold.Kind.BEGIN) {
            return;
        }
        stateAsked = false;
        if (stateWantedAgain) {
            stateWantedAgain = false;
            askState();
        } else {
            stateWanted = false;
            module.onStateTold();
        }
    }

    /** Events that wait for the daemon's acknowledgement, as of the last turn. Any thread. */
    public long waitingEvents() {
        return waitingEvents;
    }

    /** Events that went at a bound without having reached the daemon, as of the last turn. Any thread. */
    public long droppedEvents() {
        return droppedEvents;
    }

    /** Events that went to the daemon, each counted once, as of the last turn. Any thread. */
    public long sentEvents() {
        return sentEvents;
    }

    // --- the sender's thread ----------------------------------------------------------------------------------------

    private void run() {
        try {
            outbox = openOutbox();
            while (!closing || !farewellDone(clock.nanos())) {
                loop();
            }
            sayFarewell();
        } catch (RuntimeException | Error e) { // this thread ends: without it the module is of no use
            journal.bug("the sender's thread", e);
            module.onFaulty(FAULTS_IN_A_ROW);
            runTasks();
        } finally {
            hangUp();
            if (outbox != null) {
                outbox.onDisconnected();
                journal.info(LogEvent.MODULE_STOPPED, outbox.events());
                outbox.close();
            }
        }
    }

    private Outbox openOutbox() {
        try {
            return outboxes.open();
        } catch (IOException e) {
            journal.warn(LogEvent.OUTBOX_FILE, conf.stateDir(), e.toString());
            throw new IllegalStateException("no outbox in " + conf.stateDir() + ": " + e, e);
        }
    }

    /** A turn of the sender's, for who drives the link without its thread. */
    public void step() {
        outbox = outbox == null ? openOutbox() : outbox;
        turnOrDisconnect(clock.nanos());
    }

    /** Lets go of the outbox as a killed process does. Only where {@link #step} drives the link. */
    public void abandon() {
        if (outbox != null) {
            outbox.close();
        }
    }

    private void loop() {
        long now = clock.nanos();
        busyNanos = workWaits() ? now : busyNanos;
        turnOrDisconnect(now);
        if (now - busyNanos < AWAKE_NANOS) {
            bell.rest(REST_NANOS);
        } else if (workWaits() || out.hasRemaining()) {
            return;
        } else if (now - busyNanos < DOZE_NANOS) {
            bell.rest(Math.max(1, Math.min(DOZE_REST_NANOS, parkNanos(now))));
        } else {
            bell.parkUnless(this::workWaits, Math.max(1, parkNanos(clock.nanos())));
        }
    }

    private void turnOrDisconnect(long now) {
        try {
            turn(now);
            faults = 0;
        } catch (RuntimeException e) {
            journal.bug("talking with the daemon", e);
            broken = Optional.of("our own fault: " + e);
            if (++faults == FAULTS_IN_A_ROW) {
                module.onFaulty(faults);
            }
            disconnect(now);
        }
    }

    private boolean workWaits() {
        return !handoff.isEmpty() || !tasks.isEmpty() || broken.isPresent() || toAcknowledge.first();
    }

    private long parkNanos(long now) {
        long next = Math.min(nextPulseNanos - now, conf.pulseInterval().toNanos());
        if (connection == null) {
            next = Math.min(next, nextDialNanos - now);
        }
        next = Math.min(next, toAcknowledge.nanosToNext(now));
        return closing ? Math.min(next, 5_000_000L) : next;
    }

    private void turn(long now) {
        runTasks();
        sendAcknowledgements(toAcknowledge.takeDue(now));
        takePackets();
        module.onTick(now);
        if (connection != null
                && broken.isEmpty()
                && receiver.silentNanos(now) >= conf.dataTimeout().toNanos()) {
            broken = Optional.of("silent for " + conf.dataTimeout().toMillis() + " ms");
        }
        if (broken.isPresent()) {
            disconnect(now);
        }
        if (connection == null && now - nextDialNanos >= 0 && !closing) {
            dial(now);
        }
        pulse(now);
        if (connection != null) {
            fill();
            write();
        }
        publish();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void sendAcknowledgements(List<Mark> marks) {
        if (!marks.isEmpty()) {
            marks.forEach(mark -> applied.merge(mark.stream(), mark.sequence(), Math::max));
            sendMarks(Marks.Kind.ACKNOWLEDGED, marks);
        }
    }

    private void takePackets() {
        List<Packet> fresh = new ArrayList<>();
        handoff.drainTo(fresh, DRAIN_PACKETS);
        if (!fresh.isEmpty()) {
            outbox.add(fresh);
        }
    }

    private void dial(long now) {
        try {
            connection = dialer.dial(conf.ipc().socket());
        } catch (IOException e) {
            retryLater(now);
            if (retryNanos == LAST_RETRY_NANOS && !dialFailureTold) {
                dialFailureTold = true;
                journal.warn(LogEvent.DIAL_FAILED, conf.ipc().socket(), e.getMessage());
            }
            return;
        }
        receiver = new Receiver(connection, inbox, hearing, clock);
        dialer.read(receiver::step);
        broken = Optional.empty();
        marksHeard = false;
        daemonSentMicros = 0;
        out.clear().limit(0);
        controls.clear();
        nextPulseNanos = now;
        sendPulse(now);
        sendAllMarks();
        send(PacketType.CTRL_ACTIVE, module.info().encode());
        if (stateWanted) {
            askState();
        }
    }

    private void retryLater(long now) {
        nextDialNanos = now + retryNanos;
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    }

    private void disconnect(long now) {
        if (connection == null) {
            broken = Optional.empty();
            return;
        }
        hangUp();
        outbox.onDisconnected();
        journal.warn(LogEvent.DISCONNECTED, broken.orElse("closed"), outbox.events());
        broken = Optional.empty();
        retryLater(now);
        module.onDaemonGone(now);
    }

    private void hangUp() {
        if (connection == null) {
            return;
        }
        receiver.stop();
        connection = null;
        out.clear().limit(0);
        controls.clear();
        stateAsked = false;
        stateWantedAgain = false;
        receiver.leave();
    }

    private void pulse(long now) {
        boolean due = now - nextPulseNanos >= 0;
        if (due) {
            nextPulseNanos = now + conf.pulseInterval().toNanos();
            module.wakeScheduler();
        }
        if (connection != null && (due || module.schedulerAnswers(now) != activeTold)) {
            sendPulse(now);
        }
    }

    private void sendPulse(long now) {
        activeTold = module.schedulerAnswers(now);
        Map<String, Long> figures = new LinkedHashMap<>();
        module.figures(figures);
        figures.put("results_sent", sentEvents);
        figures.put("outbox_events", waitingEvents);
        figures.put("outbox_dropped", droppedEvents);
        send(
                PacketType.PULSE,
                new Pulse(
                                conf.nodeName(),
                                1,
                                PacketCursor.VERSION,
                                wallMicros(),
                                daemonSentMicros,
                                daemonSentMicros == 0 ? 0 : (now - daemonHeardNanos) / 1000,
                                (int) conf.pulseInterval().toMillis(),
                                activeTold,
                                List.of(),
                                List.of(),
                                figures)
                        .encode());
    }

    private static long wallMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private void sendAllMarks() {
        toAcknowledge.takeAll().forEach(mark -> applied.merge(mark.stream(), mark.sequence(), Math::max));
        List<Mark> marks = new ArrayList<>();
        applied.forEach((stream, sequence) -> marks.add(new Mark(stream, sequence)));
        sendMarks(Marks.Kind.ALL, marks);
    }

    private void sendMarks(Marks.Kind kind, List<Mark> marks) {
        send(PacketType.MARKS, new Marks(kind, marks).encode());
    }

    private void send(int code, ByteBuffer body) {
        if (connection != null) {
            ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
            writer.control(packet, code, body);
            controls.add(packet.flip());
        }
    }

    /** Packs what waits behind what could not be written last time; control packets first. */
    private void fill() {
        out.compact();
        while (!controls.isEmpty() && controls.peek().remaining() <= out.remaining()) {
            out.put(controls.remove());
        }
        while (marksHeard && out.position() < FILL_TO_BYTES) {
            Optional<Chunk> chunk = outbox.next();
            if (chunk.isEmpty()) {
                break;
            }
            chunk.get().wireTo(out, writer, false);
            if (chunk.get().lost()) {
                module.onLost();
                wantState();
            }
        }
        out.flip();
    }

    private void write() {
        try {
            while (out.hasRemaining()) {
                if (connection.write(out) == 0) {
                    return; // no room: look at other things first
                }
                if (!out.hasRemaining()) {
                    takePackets();
                    fill();
                }
            }
        } catch (IOException e) {
            broken = Optional.of("writing failed: " + e.getMessage());
        }
    }

    private void publish() {
        waitingEvents = outbox.events();
        droppedEvents = outbox.dropped() + handoff.dropped();
        sentEvents = outbox.sentOnce();
        acknowledged = outbox.acknowledged();
        if (droppedEvents > droppedTold) {
            journal.warn(LogEvent.OUTBOX_DROPPED, droppedEvents - droppedTold, droppedEvents);
            droppedTold = droppedEvents;
        }
    }

    /** Up to which sequence of this run the daemon has everything. Any thread. */
    public long acknowledged() {
        return acknowledged;
    }

    // --- what the daemon says, told by the receiver -----------------------------------------------------------------

    private final class Hearing implements Receiver.Listener {
        @Override
        public void onControl(Receiver from, Message.Control control) {
            tell(() -> {
                if (from == receiver && connection != null && broken.isEmpty()) {
                    hear(control);
                }
            });
        }

        @Override
        public void onChunk() {
            module.onInbox();
        }

        @Override
        public void onEnd(Receiver from, String why) {
            tell(() -> {
                if (from == receiver && connection != null && broken.isEmpty()) {
                    broken = Optional.of(why);
                }
            });
        }
    }

    private void hear(Message.Control control) {
        try {
            switch (control.code()) {
                case PacketType.PULSE -> onPulse(Pulse.decode(control.body()));
                case PacketType.MARKS -> onMarks(Marks.decode(control.body()));
                case PacketType.RUN_MARK -> Marks.decode(control.body()).marks().forEach(module::onRunMark);
                case PacketType.CONF_READ -> onConfRead();
                case PacketType.STATE_TOLD -> onStateTold(StateTold.decode(control.body()));
                case PacketType.RINGS -> module.onRings(Rings.decode(control.body()));
                case PacketType.PROBE -> sendPulse(clock.nanos());
                case PacketType.REFUSAL -> onRefusal(Words.decode(control.body()));
                case PacketType.ASSIGNMENT_QUERY ->
                    send(
                            PacketType.ASSIGNMENT,
                            module.assignment(AssignmentQuery.decode(control.body()))
                                    .encode());
                case PacketType.ASSIGNMENT_LIST_QUERY ->
                    send(
                            PacketType.ASSIGNMENT_LIST,
                            module.assignments(AssignmentListQuery.decode(control.body()))
                                    .encode());
                case PacketType.LACKING -> module.onLacking(Lacking.decode(control.body()));
                case PacketType.LIST_QUERY ->
                    send(
                            PacketType.LIST_PART,
                            module.list(ListQuery.decode(control.body())).encode());
                default -> {} // what nodes tell of themselves, and what newer daemons say, is not for us
            }
        } catch (MalformedPacketException e) {
            broken = Optional.of("control packet " + control.code() + " is malformed: " + e.getMessage());
        }
    }

    private void onConfRead() {
        if (module.onConfRead()) {
            send(PacketType.CTRL_ACTIVE, module.info().encode());
        }
    }

    private void onPulse(Pulse pulse) {
        daemonSentMicros = pulse.sentMicros();
        daemonHeardNanos = clock.nanos();
    }

    private void onMarks(Marks marks) {
        switch (marks.kind()) {
            case ALL -> onAllMarks(marks.marks());
            case ACKNOWLEDGED -> outbox.onAcknowledged(marks.marks());
            case GO_BACK -> outbox.onGoBack(marks.marks());
            case WANTED -> {} // of other nodes
        }
    }

    private void onAllMarks(List<Mark> marks) {
        outbox.onConnected(marks);
        marksHeard = true;
        retryNanos = FIRST_RETRY_NANOS;
        dialFailureTold = false;
        journal.info(LogEvent.CONNECTED, conf.ipc().socket(), outbox.events());
        outbox.aheadOfUs().ifPresent(module::onRunMark);
    }

    private void onRefusal(Words words) {
        journal.warn(LogEvent.REFUSED, words.printable());
        broken = Optional.of("it refused us: " + words.printable());
        retryNanos = LAST_RETRY_NANOS;
    }

    // --- the end ----------------------------------------------------------------------------------------------------

    private boolean farewellDone(long now) {
        boolean allTold = handoff.isEmpty() && !out.hasRemaining() && outbox.events() == 0;
        return connection == null || !marksHeard || allTold || now - closeBeforeNanos >= 0;
    }

    private void sayFarewell() {
        String words = failed ? "the module lets go after faults of its own" : farewell;
        runTasks();
        sendAcknowledgements(toAcknowledge.takeAll());
        takePackets();
        if (connection != null && !out.hasRemaining()) {
            send(PacketType.CTRL_INACTIVE, new Goodbye(words, !failed).encode());
            marksHeard = false;
            fill();
            write();
        }
    }

    /** Hands over what waits, as far as that takes less than a second, says goodbye and why, and stops. */
    public void close(String why) {
        if (!closing) {
            farewell = why;
        }
        leave();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(farewell);
    }

    /** Leaves without waiting for anything, since the module has failed. Any thread. */
    public void giveUp() {
        failed = true;
        leave();
    }

    private void leave() {
        if (!closing) {
            closeBeforeNanos = clock.nanos() + FAREWELL_NANOS;
            closing = true;
            bell.ring();
        }
    }
}
