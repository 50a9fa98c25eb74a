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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

/**
 * Puts what other nodes found, and what this node found in earlier runs, into the scheduler's state: each event of a stream
 * once, in order. Confined to the scheduler's thread.
 *
 * <p>A result that is not newer than the present state goes to history. That a runner which learns of a higher revision
 * repeats its newest state with that plus one comes with part 3, and with it what mends two nodes that ran a check at once.
 */
final class Applier {
    /** Streams that are remembered; beyond it the oldest epochs go, but never the newest of a node. */
    static final int MAX_STREAMS = 4096;

    private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

    private final long self;
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
    private final Map<StreamId, Progress> streams = new LinkedHashMap<>();
    private Chunk chunk;
    private Progress progress;
    private ByteBuffer packets;
    private boolean applying;
    private boolean muted;
    private long nowNanos;

    /** What the applier tells the rest of the module; none of it blocks. */
    interface Reports {
        void acknowledge(List<Mark> marks);

        void goBack(Mark mark);

        void onGap(Chunk lost, long mark);

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
     * @param self origin of this node
     */
    Applier(
            long self,
            SchedulerPort port,
            ObjectIndex objects,
            KnownStates states,
            Precheck precheck,
            Inbox inbox,
            Shared shared,
            Memory memory,
            Reports reports,
            Figures figures) {
        this.self = self;
        this.port = port;
        this.objects = objects;
        this.states = states;
        this.precheck = precheck;
        this.inbox = inbox;
        this.shared = shared;
        this.reports = reports;
        this.figures = figures;
        for (Memory.Applied applied : memory.applied()) {
            StreamId stream = new StreamId(applied.origin(), applied.epoch());
            streams.put(stream, new Progress(stream, applied.sequence(), applied.results()));
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
            if (cursor.sequence() > progress.sequence) {
                progress.sequence = cursor.sequence();
                applyGuarded();
            }
        } else {
            progress.sequence = chunk.upTo();
            progress.moved = true;
            chunk = null;
        }
        return true;
    }

    private void begin(Chunk next) {
        Progress of = streams.computeIfAbsent(next.stream(), stream -> new Progress(stream, 0, 0));
        if (streams.size() > MAX_STREAMS) {
            forgetOldest();
        }
        if (next.upTo() <= of.sequence) {
            of.moved = true; // it came over an earlier connection too: only the acknowledgement is missing
        } else if (next.after() > of.sequence) {
            askAgain(of);
        } else if (next.lost()) {
            figures.add(GAPS, next.upTo() - of.sequence);
            reports.onGap(next, of.sequence);
            of.sequence = next.upTo();
            of.moved = true;
        } else {
            chunk = next;
            progress = of;
            packets = next.packets();
        }
    }

    private void askAgain(Progress of) {
        if (of.askedFrom != of.sequence || nowNanos - of.askedNanos >= ASK_AGAIN_NANOS) {
            of.askedFrom = of.sequence;
            of.askedNanos = nowNanos;
            reports.goBack(of.mark());
        }
    }

    private void forgetOldest() {
        Map<Long, StreamId> newest = new LinkedHashMap<>();
        Comparator<StreamId> byEpoch = (a, b) -> Integer.compareUnsigned(a.epoch(), b.epoch());
        streams.keySet()
                .forEach(stream -> newest.merge(stream.origin(), stream, (a, b) -> byEpoch.compare(a, b) >= 0 ? a : b));
        streams.keySet().stream()
                .filter(stream -> newest.get(stream.origin()) != stream)
                .min(byEpoch)
                .ifPresent(streams::remove);
    }

    private void applyGuarded() {
        progress.moved = true;
        applying = true;
        try {
            apply();
            reports.onApplied();
        } catch (RuntimeException | MalformedPacketException e) {
            reports.onFault("event " + progress.sequence + " of " + progress.stream, e);
        } finally {
            applying = false;
            muted = false;
        }
    }

    private void apply() throws MalformedPacketException {
        if (!EventCodec.knows(cursor.type())) {
            return;
        }
        codec.decode(cursor.type(), cursor.body()).accept(taking);
    }

    private EventName name() {
        return new EventName(cursor.origin(), cursor.epoch(), cursor.sequence());
    }

    private boolean ours() {
        return cursor.origin() == self;
    }

    /** Index of an object, -1 if this scheduler does not have it. */
    private int find(MonitoredObject object) {
        OptionalInt found = objects.byKey(cursor.object());
        if (found.isEmpty()) {
            figures.add(UNKNOWN_OBJECTS, 1);
            reports.onUnknownObject(object.name());
            return -1;
        }
        return found.getAsInt();
    }

    private final Event.Visitor<Void> taking = new Event.Visitor<>() {
        @Override
        public Void checkResult(CheckResult result) {
            int index = find(result.object());
            figures.add(RESULTS_RECEIVED, 1);
            if (index >= 0) {
                onResult(index, result);
            }
            return null;
        }

        /** Commands of our own earlier runs are not repeated, nor those that act outside by who comes late. */
        @Override
        public Void externalCommand(ExternalCommand command) {
            if (!ours() && !(chunk.replayed() && CommandRoutes.actsOutside(command))) {
                port.execute(command);
            }
            return null;
        }

        @Override
        public Void notification(Notification notification) {
            int index = find(notification.object());
            if (index >= 0) {
                shared.notifications().take(index, notification, cursor.revision(), cursor.timeMicros());
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
            if (index >= 0) {
                shared.ledger().take(index, name(), comment, chunk.replayed(), shared.seconds());
            }
            return null;
        }

        @Override
        public Void downtime(Downtime downtime) {
            int index = find(downtime.object());
            if (index >= 0) {
                shared.ledger().take(index, name(), downtime, chunk.replayed(), shared.seconds());
            }
            return null;
        }

        @Override
        public Void deletion(Deletion deletion) {
            shared.ledger().take(deletion, shared.seconds());
            return null;
        }

        @Override
        public Void acknowledgement(Acknowledgement acknowledgement) {
            int index = find(acknowledgement.object());
            if (index >= 0) {
                boolean aloud = !chunk.replayed() && !ours();
                shared.acknowledgements().take(index, name(), acknowledgement, version(), aloud);
            }
            return null;
        }

        @Override
        public Void register(Register register) {
            shared.registers().take(register, version());
            return null;
        }
    };

    private Version version() {
        return new Version(cursor.revision(), cursor.timeMicros(), cursor.origin());
    }

    /** What was found or handed in elsewhere is told by who tells, as it happens; who catches up with the past says nothing. */
    private boolean isAloud(int index, CheckResult result) {
        return !ours()
                && !chunk.replayed()
                && shared.notifications().isAloud(index, result, shared.nodeOf(cursor.origin()));
    }

    private void onResult(int index, CheckResult result) {
        progress.results++;
        if (ours()) {
            figures.add(CHECKS_RUN, 1); // found here, in a run whose memory of it was lost
        }
        if (states.isNewer(index, cursor.revision(), cursor.timeMicros(), cursor.origin())) {
            states.set(index, cursor.revision(), cursor.timeMicros(), cursor.origin());
            precheck.onResult(index);
            figures.add(RESULTS_APPLIED, 1);
            figures.set(HOSTS_LAST_HERE, states.hostsOfOurs());
            figures.set(SERVICES_LAST_HERE, states.servicesOfOurs());
            if (chunk.replayed()) {
                shared.notifications().onReplay(nowNanos);
            }
            boolean aloud = isAloud(index, result);
            CheckResult counted = shared.notifications().counted(index, result);
            states.setState(index, result);
            muted = !aloud;
            port.apply(index, counted, cursor.revision(), aloud);
            muted = false;
            shared.acknowledgements().onState(index);
        } else if (states.isSame(index, cursor.revision(), cursor.timeMicros(), cursor.origin())) {
            figures.add(DUPLICATES, 1);
        } else {
            figures.add(RESULTS_HISTORY, 1);
            port.history(index, result);
        }
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

    /** Whether nothing of the result that is just being applied may leave the scheduler. */
    boolean muted() {
        return muted;
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
