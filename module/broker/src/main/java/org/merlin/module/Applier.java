package org.merlin.module;

import static org.merlin.module.Figures.Name.CHECKS_RUN;
import static org.merlin.module.Figures.Name.DUPLICATES;
import static org.merlin.module.Figures.Name.GAPS;
import static org.merlin.module.Figures.Name.HOSTS_LAST_HERE;
import static org.merlin.module.Figures.Name.RESULTS_APPLIED;
import static org.merlin.module.Figures.Name.RESULTS_HISTORY;
import static org.merlin.module.Figures.Name.RESULTS_RECEIVED;
import static org.merlin.module.Figures.Name.SERVICES_LAST_HERE;
import static org.merlin.module.Figures.Name.UNKNOWN_OBJECTS;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.merlin.module.hook.CommandRoutes;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.Precheck;
import org.merlin.module.ipc.Inbox;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.module.shared.Version;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.KnownEpochs;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.Route;
import org.merlin.protocol.wire.StreamId;

/**
 * Puts what other nodes found, and what this node found in earlier runs, into the scheduler's state: each event of a stream
 * once, in order; and items of the state table, which stand for events that were missed. Confined to the scheduler's thread.
 *
 * <p>A result that is not newer than the present state goes to history. Where one from a time apart wins against another state that
 * this node found itself, and this node runs the check, it runs it at once: then all have its state.
 */
final class Applier {
    private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

    private final long self;
    private final int epoch;
    private final SchedulerPort port;
    private final ObjectIndex objects;
    private final KnownStates states;
    private final Precheck precheck;
    private final Inbox inbox;
    private final Shared shared;
    private final Reports reports;
    private final Figures figures;
    private final EventCodec codec = new EventCodec();
    private final PacketCursor cursor = new PacketCursor();
    private final KnownEpochs epochs = new KnownEpochs();
    private final Map<StreamId, Progress> streams = new LinkedHashMap<>();
    private Chunk chunk;
    private Progress progress;
    private ByteBuffer packets;
    /** Whether nothing is known of an earlier run, so that nothing of the past can be missed. */
    private final boolean isNew;

    /** Objects whose present state came as an item of the state table. */
    private final BitSet byItem = new BitSet();

    private Optional<Repetition> repeated = Optional.empty();
    private boolean applying;
    private boolean muted;
    private long nowNanos;

    /** What the applier tells the rest of the module; none of it blocks. */
    interface Reports {
        void acknowledge(List<Mark> marks);

        void goBack(Mark mark);

        void onGap(Chunk lost, long mark);

        /** What events said that were missed is to be taken from the daemon's state table. */
        void onStateMissed();

        void onUnknownObject(String name);

        /** An event went well. */
        void onApplied();

        /** One did not, and is skipped. */
        void onFault(String event, Exception fault);
    }

    private static final class Progress {
        private final StreamId stream;
        private long sequence;
        private long results;
        private boolean moved;
        private long askedFrom = -1;
        private long askedNanos;

        Progress(StreamId stream, long sequence, long results) {
            this.stream = stream;
            this.sequence = sequence;
            this.results = results;
        }

        Mark mark() {
            return new Mark(stream, sequence);
        }
    }

    /**
     * Starts where the last run ended.
     *
     * @param ours stream of this run
     */
    Applier(
            StreamId ours,
            SchedulerPort port,
            ObjectIndex objects,
            KnownStates states,
            Precheck precheck,
            Inbox inbox,
            Shared shared,
            Memory memory,
            Reports reports,
            Figures figures) {
        this.self = ours.origin();
        this.epoch = ours.epoch();
        this.port = port;
        this.objects = objects;
        this.states = states;
        this.precheck = precheck;
        this.inbox = inbox;
        this.shared = shared;
        this.reports = reports;
        this.figures = figures;
        isNew = memory.applied().isEmpty();
        for (Memory.Applied applied : memory.applied()) {
            StreamId stream = new StreamId(applied.origin(), applied.epoch());
            remember(new Progress(stream, applied.sequence(), applied.results()));
        }
        figures.set(RESULTS_RECEIVED, memory.resultsReceived());
        figures.set(RESULTS_APPLIED, memory.resultsApplied());
        figures.set(DUPLICATES, memory.duplicates());
        figures.set(GAPS, memory.gaps());
        figures.set(CHECKS_RUN, memory.checksRun());
    }

    /**
     * Applies what is there.
     *
     * @param timeIsUp asked after each event
     * @return whether more is waiting
     */
    boolean turn(long now, BooleanSupplier timeIsUp) {
        nowNanos = now;
        boolean more = true;
        do {
            more = step();
        } while (more && !timeIsUp.getAsBoolean());
        acknowledge();
        return more;
    }

    private boolean step() {
        if (chunk == null) {
            Chunk next = inbox.poll();
            if (next == null) {
                return false;
            }
            begin(next);
        } else if (Chunk.nextTrusted(cursor, packets)) {
            if (chunk.items()) {
                applyGuarded();
            } else if (cursor.sequence() > progress.sequence) {
                progress.sequence = cursor.sequence();
                progress.moved = true;
                applyGuarded();
            }
        } else {
            if (!chunk.items()) {
                progress.sequence = chunk.upTo();
                progress.moved = true;
            }
            chunk = null;
        }
        return true;
    }

    private void begin(Chunk next) {
        if (next.items()) {
            chunk = next;
            packets = next.packets();
            return;
        }
        Progress of = streams.get(next.stream());
        if (of == null && epochs.isOver(next.stream())) {
            reports.acknowledge(List.of(new Mark(next.stream(), next.upTo())));
            return;
        }
        if (of == null) {
            of = new Progress(next.stream(), 0, 0);
            remember(of);
        }
        if (next.upTo() <= of.sequence) {
            of.moved = true; // it came over an earlier connection too: only the acknowledgement is missing
        } else if (next.after() > of.sequence) {
            askAgain(of);
        } else if (next.lost()) {
            if (!isBeforeUs(next, of)) {
                figures.add(GAPS, next.upTo() - of.sequence);
                reports.onGap(next, of.sequence);
            }
            reports.onStateMissed();
            of.sequence = next.upTo();
            of.moved = true;
        } else {
            chunk = next;
            progress = of;
            packets = next.packets();
        }
    }

    private void remember(Progress of) {
        streams.put(of.stream, of);
        epochs.add(of.stream).forEach(streams::remove);
    }

    private boolean isBeforeUs(Chunk lost, Progress of) {
        boolean older = Integer.compareUnsigned(lost.stream().epoch(), epoch) <= 0;
        return of.sequence == 0 && (lost.byState() || isNew && older);
    }

    private void askAgain(Progress of) {
        if (of.askedFrom != of.sequence || nowNanos - of.askedNanos >= ASK_AGAIN_NANOS) {
            of.askedFrom = of.sequence;
            of.askedNanos = nowNanos;
            reports.goBack(of.mark());
        }
    }

    private void applyGuarded() {
        applying = true;
        try {
            apply();
            reports.onApplied();
        } catch (RuntimeException | MalformedPacketException e) {
            reports.onFault("event " + name(), e);
        } finally {
            applying = false;
            muted = false;
            repeated = Optional.empty();
        }
    }

    private void apply() throws MalformedPacketException {
        if (!EventCodec.knows(cursor.type()) || chunk.items() && isKnownItem()) {
            return;
        }
        codec.decode(cursor.type(), cursor.body()).accept(taking);
    }

    /**
     * Whether an item says nothing new, by its header alone. Of a state that was kept without who found it, one of the same revision is
     * taken for the one that was kept.
     */
    private boolean isKnownItem() {
        OptionalInt found = objects.byKey(cursor.object());
        boolean result = cursor.type() == PacketType.HOST_CHECK || cursor.type() == PacketType.SERVICE_CHECK;
        if (cursor.type() == PacketType.REGISTER || cursor.type() == PacketType.DELETION) {
            return false;
        }
        if (found.isEmpty()) {
            return true; // this scheduler does not have it
        }
        int index = found.getAsInt();
        if (result && states.isFromBefore(index) && states.revision(index) == cursor.revision()) {
            states.set(index, cursor.revision(), cursor.timeMicros(), cursor.origin());
            return true;
        }
        return result && !states.isNewer(index, cursor.revision(), cursor.timeMicros(), cursor.origin());
    }

    private boolean isDeletedItem(Deletion.Kind kind, int index) {
        return chunk.items() && shared.ledger().repeatDeletion(kind, index, name(), shared.seconds());
    }

    private void noteComment(int index) {
        if (index >= 0 && chunk.items()) {
            shared.ledger().onToldWithComment(index, name());
        }
    }

    /** Whether what is being applied may be old news. */
    private boolean past() {
        return chunk.items() || chunk.replayed();
    }

    /** When what is being applied happened, in seconds since 1970, but not in the future. */
    private long pastSeconds() {
        return Math.min(shared.seconds(), cursor.timeMicros() / 1_000_000);
    }

    /** The name of what is being applied: of what is told again the first one. */
    private EventName name() {
        return repeated.map(repetition -> repetition.name(cursor.origin()))
                .orElseGet(() -> new EventName(cursor.origin(), cursor.epoch(), cursor.sequence()));
    }

    private boolean ours() {
        return cursor.origin() == self;
    }

    /** Index of an object, -1 if this scheduler does not have it. */
    private int find(MonitoredObject object) {
        OptionalInt found = objects.byKey(cursor.object());
        if (found.isEmpty()) {
            if (!isForAWiderGroup()) {
                figures.add(UNKNOWN_OBJECTS, 1);
                reports.onUnknownObject(object.name());
            }
            return -1;
        }
        return found.getAsInt();
    }

    /** What a master of our master says is for all objects of our master's group, of which we need not have each. */
    private boolean isForAWiderGroup() {
        return (cursor.route() & Route.SELECTION) != 0
                && shared.nodeOf(cursor.origin()).isEmpty();
    }

    private final Event.Visitor<Void> taking = new Event.Visitor<>() {
        @Override
        public Void checkResult(CheckResult result) {
            int index = find(result.object());
            figures.add(RESULTS_RECEIVED, chunk.items() ? 0 : 1);
            if (index >= 0) {
                onResult(index, result);
            }
            return null;
        }

        /** Commands of our own earlier runs are not repeated, nor those that act outside by who comes late. */
        @Override
        public Void externalCommand(ExternalCommand command) {
            if (!ours() && !(past() && CommandRoutes.actsOutside(command))) {
                port.execute(command);
            }
            return null;
        }

        @Override
        public Void notification(Notification notification) {
            int index = find(notification.object());
            if (index >= 0) {
                take(index, notification);
            }
            return null;
        }

        /** For reports: the daemon's database has it. */
        @Override
        public Void contactNotification(ContactNotification notification) {
            return null;
        }

        @Override
        public Void comment(Comment comment) {
            int index = find(comment.object());
            if (index >= 0 && !isDeletedItem(Deletion.Kind.COMMENT, index)) {
                shared.ledger().take(index, name(), comment, past(), shared.seconds());
            }
            return null;
        }

        @Override
        public Void downtime(Downtime downtime) {
            int index = find(downtime.object());
            noteComment(index);
            if (index >= 0 && !isDeletedItem(Deletion.Kind.DOWNTIME, index)) {
                shared.ledger().take(index, name(), downtime, past(), shared.seconds());
            }
            return null;
        }

        @Override
        public Void deletion(Deletion deletion) {
            shared.ledger().take(deletion, chunk.items() ? pastSeconds() : shared.seconds());
            return null;
        }

        @Override
        public Void acknowledgement(Acknowledgement acknowledgement) {
            int index = find(acknowledgement.object());
            if (index >= 0) {
                noteComment(index);
                boolean aloud = !past() && !ours();
                shared.acknowledgements().take(index, name(), acknowledgement, version(), aloud);
            }
            return null;
        }

        @Override
        public Void register(Register register) {
            shared.registers().take(register, version());
            return null;
        }

        @Override
        public Void repetition(Repetition repetition) {
            repeated = Optional.of(repetition);
            return repetition.event().accept(this);
        }
    };

    private void take(int index, Notification notification) {
        if (past()) {
            shared.notifications().takeOld(index, notification, cursor.revision(), cursor.timeMicros(), nowNanos);
        } else {
            shared.notifications().take(index, notification, cursor.revision(), cursor.timeMicros());
        }
    }

    private Version version() {
        return new Version(cursor.revision(), cursor.timeMicros(), cursor.origin());
    }

    /** What was found or handed in elsewhere is told by who tells, as it happens; who catches up with the past says nothing. */
    private boolean isAloud(int index, CheckResult result) {
        return !ours() && !past() && shared.notifications().isAloud(index, result, shared.nodeOf(cursor.origin()));
    }

    private void onResult(int index, CheckResult result) {
        if (!chunk.items()) {
            progress.results++;
        }
        if (ours() && !chunk.items()) {
            figures.add(CHECKS_RUN, 1); // found here, in a run whose memory of it was lost
        }
        if (states.isNewer(index, cursor.revision(), cursor.timeMicros(), cursor.origin())) {
            boolean again = past() && !ours() && states.isOwn(index) && differs(index, result);
            states.set(index, cursor.revision(), cursor.timeMicros(), cursor.origin());
            precheck.onResult(index);
            byItem.set(index, chunk.items());
            figures.add(RESULTS_APPLIED, chunk.items() ? 0 : 1);
            figures.set(HOSTS_LAST_HERE, states.hostsOfOurs());
            figures.set(SERVICES_LAST_HERE, states.servicesOfOurs());
            if (past()) {
                shared.notifications().onReplay(nowNanos);
            }
            boolean aloud = isAloud(index, result);
            CheckResult counted = shared.notifications().counted(index, result, past());
            boolean changed = states.current(index) != result.state();
            states.setState(index, result);
            shared.notifications().onState(index, changed, nowNanos);
            muted = !aloud;
            port.apply(index, counted, cursor.revision(), aloud);
            muted = false;
            shared.acknowledgements().onState(index);
            if (again && shared.notifications().isRunner(index)) {
                port.runSoon(index); // what this node found last was overruled by who knew it less well
            }
        } else if (states.isSame(index, cursor.revision(), cursor.timeMicros(), cursor.origin())) {
            boolean anticipated = byItem.get(index); // the state table had it sooner than its stream
            byItem.clear(index);
            figures.add(anticipated ? RESULTS_APPLIED : DUPLICATES, 1);
        } else {
            figures.add(RESULTS_HISTORY, 1);
            port.history(index, result);
        }
    }

    private boolean differs(int index, CheckResult result) {
        return states.current(index) != result.state()
                || states.isHard(index) != (result.stateType() == StateType.HARD);
    }

    private void acknowledge() {
        List<Mark> marks = new ArrayList<>();
        for (Progress of : streams.values()) {
            if (of.moved) {
                of.moved = false;
                marks.add(of.mark());
            }
        }
        if (!marks.isEmpty()) {
            reports.acknowledge(marks);
        }
    }

    /** Whether the scheduler is just taking an event of others: what it reports meanwhile is an echo. */
    boolean applying() {
        return applying;
    }

    /** Whether it is an item of the state table. */
    boolean applyingItem() {
        return applying && chunk.items();
    }

    /** Whether nothing of the result that is just being applied may leave the scheduler. */
    boolean muted() {
        return muted;
    }

    /** What this run has said in an epoch that is over need not come back. */
    void made(StreamId stream, long sequence, long results) {
        remember(new Progress(stream, sequence, results));
    }

    /** How far each stream has gone into the scheduler's state. */
    List<Mark> marks() {
        return streams.values().stream().map(Progress::mark).toList();
    }

    /** The same with the number of results, to be kept. */
    List<Memory.Applied> applied() {
        return streams.values().stream()
                .map(of -> new Memory.Applied(of.stream.origin(), of.stream.epoch(), of.sequence, of.results))
                .toList();
    }
}
