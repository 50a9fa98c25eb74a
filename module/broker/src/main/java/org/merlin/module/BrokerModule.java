package org.merlin.module;

import static org.merlin.module.Figures.Name.CHECKS_RUN;
import static org.merlin.module.Figures.Name.FAULTS;
import static org.merlin.module.Figures.Name.HOSTS_LAST_HERE;
import static org.merlin.module.Figures.Name.HOSTS_MINE;
import static org.merlin.module.Figures.Name.HOSTS_RUN;
import static org.merlin.module.Figures.Name.HOSTS_UNASSIGNED;
import static org.merlin.module.Figures.Name.SERVICES_LAST_HERE;
import static org.merlin.module.Figures.Name.SERVICES_MINE;
import static org.merlin.module.Figures.Name.SERVICES_RUN;
import static org.merlin.module.Figures.Name.SERVICES_UNASSIGNED;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.merlin.module.hook.CommandRoutes;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.Precheck;
import org.merlin.module.hook.Reporter;
import org.merlin.module.ipc.Bell;
import org.merlin.module.ipc.DaemonLink;
import org.merlin.module.ipc.Handoff;
import org.merlin.module.ipc.Inbox;
import org.merlin.module.ipc.Journal;
import org.merlin.module.ipc.LogEvent;
import org.merlin.module.ipc.Outbox;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentQuery;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

/**
 * Builds the module inside a scheduler, and is its face towards it: the only place that knows all concrete classes.
 *
 * <p>What the scheduler asks is answered from ready data, what it reports is handed over without a lock, and no fault of ours
 * reaches it: after ten in a row the module lets go and the scheduler runs everything by itself.
 */
public final class BrokerModule implements Broker {
    /** Longest time that applying takes of the scheduler's thread at once. */
    static final long SLICE_NANOS = 2_000_000L;

    /** A check whose runner is gone waits at most this long behind results that are to be applied. */
    private static final long OVERDUE_WAIT_NANOS = 200_000_000L;

    private final StateLock lock;
    private final NanoClock clock;
    private final SchedulerPort port;
    private final SlotTable slots;
    private final KnownStates states;
    private final boolean[] blocked;
    private final Precheck precheck;
    private final Reporter reporter;
    private final CommandRoutes routes;
    private final Shared shared;
    private final Applier applier;
    private final Bell bell = new Bell();
    private final Journal journal;
    private final Guard guard;
    private final Figures figures = new Figures();
    private final DaemonLink link;
    private final long dataTimeoutNanos;
    private final Inbox inbox = new Inbox();
    private long ownResults;
    private int faultyTurns;
    private long changeSeenNanos;
    private boolean changeSeen;
    private volatile long answeredNanos;
    private volatile boolean answered;

    private BrokerModule(
            MerlinConf conf,
            SchedulerPort port,
            Memory memory,
            int[] revisionsByIndex,
            NanoClock clock,
            int epoch,
            Journal journal,
            StateLock lock) {
        this.lock = lock;
        this.clock = clock;
        this.port = port;
        this.journal = journal;
        long self = NodeId.of(conf.nodeName()).origin();
        StreamId stream = new StreamId(self, epoch);
        LoadedObjects loaded = port.objects();
        slots = slots(conf, loaded);
        ObjectIndex objects = new ObjectIndex(slots);
        states = new KnownStates(slots, self, revisionsByIndex);
        RingFile ringFile = new RingFile(conf.stateDir().resolve("module.rings"), journal);
        ModuleRings rings = new ModuleRings(
                conf,
                loaded.entries().stream().map(LoadedObjects.Entry::hostgroups).toList(),
                ringFile.load(),
                clock.nanos());
        blocked = blocked(conf, loaded);
        precheck = new Precheck(slots, blocked, rings.rule());
        dataTimeoutNanos = conf.dataTimeout().toNanos();
        guard = new Guard(this::report, this::detach);
        Outbox.Bounds bounds = Outbox.Bounds.DEFAULT;
        Handoff handoff = new Handoff(bounds.memoryBytes() / 2, bell);
        reporter = new Reporter(stream, slots, objects, handoff);
        routes = new CommandRoutes(objects);
        shared = new Shared(
                conf, port, slots, objects, states, reporter, rings.rule(), clock.nanos(), Clock.systemUTC());
        shared.read(memory.shared(), objects);
        applier = new Applier(self, port, objects, states, precheck, inbox, shared, memory, new Telling(), figures);
        Path spill = conf.stateDir().resolve("module.outbox");
        link = new DaemonLink(
                conf,
                new Guest(rings, ringFile, new Assignments(slots, objects, precheck), info(conf, loaded)),
                handoff,
                inbox,
                bell,
                () -> Outbox.open(
                        self,
                        epoch,
                        spill,
                        bounds,
                        cause -> journal.warn(LogEvent.OUTBOX_FILE, spill, cause.toString())),
                applier.applied().stream()
                        .map(of -> new Mark(new StreamId(of.origin(), of.epoch()), of.sequence()))
                        .toList(),
                journal,
                clock);
        countShares(rings.rule());
    }

    /**
     * Starts the module. Scheduler's thread, before its first check.
     *
     * @param memory what {@link #memory} said when the scheduler's states were last kept
     * @param revisionsByIndex by the index of {@link SchedulerPort#objects()}, the revision that was kept with each state; 0
     *     for none
     * @param clock of this process
     * @throws UncheckedIOException if the state directory cannot be written, or another scheduler with it runs
     * @throws IllegalArgumentException if two objects have the same name or hash, naming both
     */
    public static BrokerModule start(
            MerlinConf conf, SchedulerPort port, Memory memory, int[] revisionsByIndex, NanoClock clock) {
        StateLock lock = lock(conf);
        try {
            return start(conf, port, memory, revisionsByIndex, clock, lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static BrokerModule start(
            MerlinConf conf,
            SchedulerPort port,
            Memory memory,
            int[] revisionsByIndex,
            NanoClock clock,
            StateLock lock) {
        Journal journal = new Journal(clock);
        int epoch = beginEpoch(conf);
        BrokerModule module = new BrokerModule(conf, port, memory, revisionsByIndex, clock, epoch, journal, lock);
        NodeInfo info = module.info(conf, port.objects());
        journal.info(
                LogEvent.MODULE_STARTED,
                conf.nodeName(),
                info.scheduler(),
                info.hosts(),
                info.services(),
                Integer.toUnsignedString(epoch),
                conf.ipc().socket());
        module.link.start();
        return module;
    }

    private static StateLock lock(MerlinConf conf) {
        try {
            Files.createDirectories(conf.stateDir());
            return StateLock.take(conf.stateDir().resolve("module.lock"));
        } catch (FileSystemException e) { // says the file alone
            throw new UncheckedIOException(
                    "the state_dir " + conf.stateDir() + " cannot be written: "
                            + e.getClass().getSimpleName() + ": " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static int beginEpoch(MerlinConf conf) {
        Path file = conf.stateDir().resolve("module.epoch");
        try {
            return EpochFile.next(file, Instant.now());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the module cannot keep the epoch of this start in " + file + ", without which events of two starts"
                            + " could be mixed up: " + e.getMessage(),
                    e);
        }
    }

    private static void release(StateLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("module.lock cannot be closed", e);
        }
    }

    private static SlotTable slots(MerlinConf conf, LoadedObjects loaded) {
        List<MonitoredObject> objects = new ArrayList<>();
        List<List<String>> hostgroups = new ArrayList<>();
        for (LoadedObjects.Entry entry : loaded.entries()) {
            objects.add(entry.object());
            hostgroups.add(entry.hostgroups());
        }
        List<Selection> selections = conf.nodes(NodeRole.POLLER).stream()
                .map(MerlinConf.Node::selection)
                .distinct()
                .toList();
        return SlotTable.of(objects, hostgroups, selections);
    }

    private static boolean[] blocked(MerlinConf conf, LoadedObjects loaded) {
        boolean[] blocked = new boolean[loaded.entries().size()];
        for (int index = 0; !conf.blockedHostgroups().isEmpty() && index < blocked.length; index++) {
            blocked[index] =
                    loaded.entries().get(index).hostgroups().stream().anyMatch(conf.blockedHostgroups()::contains);
        }
        return blocked;
    }

    private NodeInfo info(MerlinConf conf, LoadedObjects loaded) {
        int hosts = (int) loaded.entries().stream()
                .filter(entry -> entry.object().isHost())
                .count();
        return new NodeInfo(
                1,
                PacketCursor.VERSION,
                NodeInfo.OUR_WORD_SIZE,
                NodeInfo.OUR_LITTLE_ENDIAN,
                port.description(),
                0,
                reporter.stream().epoch(),
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
                loaded.stamp(),
                NodeInfo.Counts.NONE,
                (int) conf.pulseInterval().toMillis(),
                slots.hashes().entrySet().stream()
                        .map(group -> new NodeInfo.GroupLists(group.getKey(), group.getValue()))
                        .toList(),
                List.of(),
                hosts,
                loaded.entries().size() - hosts,
                conf.blockedHostgroups());
    }

    // --- what the scheduler asks and tells ------------------------------------------------------------------------

    @Override
    public boolean mayRun(int index) {
        try {
            return precheck.mayRun(index);
        } catch (RuntimeException e) {
            guard.failed("deciding about check " + index, e);
            return true;
        }
    }

    @Override
    public int onResult(int index, CheckResult result) {
        try {
            if (!applier.applying() && !guard.detached()) {
                take(index, result);
                guard.succeeded();
            }
            return states.revision(index);
        } catch (RuntimeException e) {
            guard.failed("taking a result of " + result.object(), e);
            return index >= 0 && index < slots.size() ? states.revision(index) : 0;
        }
    }

    private void take(int index, CheckResult found) {
        int revision = states.revision(index) + 1;
        CheckResult result = found.of(states.problem(index).then(found.history().lastState(), found.state(), revision));
        reporter.result(index, result, revision);
        states.set(
                index, revision, result.timing().endMicros(), reporter.stream().origin());
        states.setState(index, result);
        precheck.onResult(index);
        shared.acknowledgements().onState(index);
        shared.notifications().flush();
        ownResults++;
        figures.add(result.object().isHost() ? HOSTS_RUN : SERVICES_RUN, 1);
        figures.add(CHECKS_RUN, 1);
        figures.set(HOSTS_LAST_HERE, states.hostsOfOurs());
        figures.set(SERVICES_LAST_HERE, states.servicesOfOurs());
    }

    @Override
    public boolean mayNotify(int index, int reason) {
        try {
            return guard.detached()
                    || !applier.muted() && shared.notifications().mayNotify(index, reason, clock.nanos());
        } catch (RuntimeException e) {
            guard.failed("deciding about a notification for " + index, e);
            return true;
        }
    }

    @Override
    public boolean mayHandle(int index) {
        try {
            return guard.detached()
                    || !applier.muted() && shared.notifications().isRunner(index);
        } catch (RuntimeException e) {
            guard.failed("deciding about an event handler for " + index, e);
            return true;
        }
    }

    /** Takes what the scheduler tells; a fault of ours stays here. */
    private void take(String what, Runnable taking) {
        if (guard.detached()) {
            return;
        }
        try {
            taking.run();
            guard.succeeded();
        } catch (RuntimeException e) {
            guard.failed("taking " + what, e);
        }
    }

    /** The same for what is not told again if it comes of what others told us. */
    private void takeOwn(String what, Runnable taking) {
        if (!applier.applying()) {
            take(what, taking);
        }
    }

    @Override
    public void onCommand(ExternalCommand command) {
        takeOwn("the command " + command.name(), () -> {
            long micros = command.entrySeconds() * 1_000_000;
            CommandRoutes.Route route = CommandRoutes.of(command);
            if (route == CommandRoutes.Route.ALL) {
                reporter.tellAll(0, command, 0, micros, false);
            } else if (route != CommandRoutes.Route.NONE) {
                OptionalInt index = routes.objectOf(command);
                boolean doneHere = route == CommandRoutes.Route.CUSTOM_NOTIFICATION
                        && index.isPresent()
                        && shared.notifications().isTeller(index.getAsInt());
                if (index.isPresent() && !doneHere) {
                    reporter.tell(index.getAsInt(), command, 0, micros);
                }
            }
        });
    }

    @Override
    public void onNotification(int index, Notification notification) {
        take("a notification", () -> shared.notifications().onNotification(index, notification, shared.micros()));
    }

    @Override
    public void onContactNotification(int index, ContactNotification notification) {
        take("a contact's notification", () -> reporter.tell(index, notification, 0, notification.endMicros()));
    }

    @Override
    public void onComment(int index, long id, CommentKind kind, Comment comment) {
        take("a comment", () -> shared.ledger().onComment(index, id, kind, comment));
    }

    @Override
    public void onCommentGone(long id, boolean byCommand) {
        take(
                "the end of a comment",
                () -> shared.ledger().onGone(Deletion.Kind.COMMENT, id, byCommand, shared.seconds()));
    }

    @Override
    public void onDowntime(int index, long id, Downtime downtime, long triggeredBy) {
        take("a downtime", () -> shared.ledger().onDowntime(index, id, downtime, triggeredBy));
    }

    @Override
    public void onDowntimeGone(long id, boolean byCommand) {
        take(
                "the end of a downtime",
                () -> shared.ledger().onGone(Deletion.Kind.DOWNTIME, id, byCommand, shared.seconds()));
    }

    @Override
    public void onAcknowledgement(int index, Acknowledgement acknowledgement) {
        takeOwn("an acknowledgement", () -> shared.acknowledgements().onSet(index, acknowledgement, shared.micros()));
    }

    @Override
    public void onAcknowledgementRemoved(int index, long entrySeconds) {
        takeOwn(
                "the end of an acknowledgement",
                () -> shared.acknowledgements()
                        .onSet(index, Acknowledgement.removed(slots.object(index), entrySeconds), shared.micros()));
    }

    @Override
    public void onSet(Register register) {
        takeOwn("a switch", () -> shared.registers().onSet(register, shared.micros()));
    }

    @Override
    public void onLoaded() {
        take("what was kept", () -> shared.ledger().onLoaded(shared.seconds()));
    }

    @Override
    public boolean onTurn(long nowNanos) {
        if (guard.detached()) {
            return false;
        }
        try {
            long begun = clock.nanos();
            answer(begun);
            boolean more = turn(begun);
            faultyTurns = 0;
            return more;
        } catch (RuntimeException e) {
            guard.failed("a turn", e);
            if (++faultyTurns == Guard.MAX_IN_A_ROW) { // results that are taken in between do not make up for it
                guard.detach();
            }
            return false;
        }
    }

    private void answer(long now) {
        boolean news = !answered || now - answeredNanos >= dataTimeoutNanos;
        answeredNanos = now;
        answered = true;
        if (news) {
            bell.ring(); // the daemon thinks that the scheduler hangs
        }
    }

    private boolean turn(long begun) {
        if (precheck.hasChanged() && !changeSeen) {
            changeSeen = true;
            changeSeenNanos = begun;
        }
        boolean more = false;
        if (!changeSeen || begun - changeSeenNanos < OVERDUE_WAIT_NANOS) {
            more = applier.turn(begun, () -> clock.nanos() - begun >= SLICE_NANOS);
        }
        if (changeSeen && (!more || begun - changeSeenNanos >= OVERDUE_WAIT_NANOS)) {
            precheck.runOverdue(port::runSoon, () -> clock.nanos() - begun >= SLICE_NANOS);
            changeSeen = precheck.hasChanged();
        }
        boolean idle = !more && inbox.isEmpty();
        more |= shared.onTick(idle, begun, () -> clock.nanos() - begun >= SLICE_NANOS);
        return more || changeSeen || !inbox.isEmpty();
    }

    /** By index, the revision of each object as of now: to be kept with {@link #memory}. Scheduler's thread. */
    public int[] revisions() {
        return states.revisions();
    }

    @Override
    public Supplier<Memory> memory() {
        List<Memory.Applied> applied = new ArrayList<>(applier.applied());
        StreamId ours = reporter.stream();
        if (reporter.sequence() > 0) {
            applied.add(new Memory.Applied(ours.origin(), ours.epoch(), reporter.sequence(), ownResults));
        }
        long received = figures.get(Figures.Name.RESULTS_RECEIVED);
        long taken = figures.get(Figures.Name.RESULTS_APPLIED);
        long duplicates = figures.get(Figures.Name.DUPLICATES);
        long gaps = figures.get(Figures.Name.GAPS);
        long checks = figures.get(CHECKS_RUN);
        Supplier<List<String>> lines = shared.lines();
        return () -> new Memory(applied, received, taken, duplicates, gaps, checks, lines.get());
    }

    @Override
    public void close() {
        link.close();
        release(lock);
    }

    // --- our own faults -------------------------------------------------------------------------------------------

    private void report(String where, RuntimeException fault) {
        link.tell(() -> {
            figures.add(FAULTS, 1);
            journal.bug(where, fault);
        });
    }

    private void detach() {
        precheck.letAllRun();
        link.tell(() -> journal.warn(LogEvent.DETACHED, Guard.MAX_IN_A_ROW));
        link.leave();
    }

    /** Passes on what the applier tells, to the sender's thread. */
    private final class Telling implements Applier.Reports {
        @Override
        public void acknowledge(List<Mark> marks) {
            link.acknowledge(marks);
        }

        @Override
        public void goBack(Mark mark) {
            link.goBack(mark);
        }

        @Override
        public void onGap(Chunk lost, long mark) {
            link.tell(() -> journal.warn(LogEvent.GAP, lost.upTo() - mark, lost.stream(), mark, lost.upTo()));
        }

        @Override
        public void onUnknownObject(String name) {
            link.tell(() -> journal.warn(LogEvent.UNKNOWN_OBJECT, name));
        }

        @Override
        public void onFault(String where, RuntimeException fault) {
            guard.failed(where, fault);
        }
    }

    // --- what the link asks and tells -----------------------------------------------------------------------------

    private void countShares(RunnerRule rule) {
        long[] mine = new long[2];
        long[] unassigned = new long[2];
        for (int index = 0; index < slots.size(); index++) {
            int kind = slots.object(index).isHost() ? 0 : 1;
            String runner = rule.inLine(slots, index, 0);
            boolean ours = runner.equals(rule.self());
            mine[kind] += ours ? 1 : 0;
            unassigned[kind] += runner.isEmpty() ? 1 : 0;
        }
        figures.set(HOSTS_MINE, mine[0]);
        figures.set(SERVICES_MINE, mine[1]);
        figures.set(HOSTS_UNASSIGNED, unassigned[0]);
        figures.set(SERVICES_UNASSIGNED, unassigned[1]);
    }

    /** The module as its link sees it. */
    private final class Guest implements DaemonLink.Guest {
        private final ModuleRings rings;
        private final RingFile ringFile;
        private final Assignments assignments;
        private final NodeInfo info;

        Guest(ModuleRings rings, RingFile ringFile, Assignments assignments, NodeInfo info) {
            this.rings = rings;
            this.ringFile = ringFile;
            this.assignments = assignments;
            this.info = info;
        }

        @Override
        public void onRings(Rings told) {
            rings.onRings(told);
            useRings();
            if (rings.worthKeeping()) {
                ringFile.save(told);
            }
            journal.info(
                    LogEvent.RING_OF_DAEMON,
                    rings.rule().own().current() + (rings.rule().own().handover() ? ", in a handover" : ""));
        }

        private void useRings() {
            precheck.use(rings.rule());
            shared.notifications().use(rings.rule(), rings.mastersActive());
            countShares(rings.rule());
            port.wake();
        }

        @Override
        public void onDaemonGone(long nowNanos) {
            rings.onDaemonGone(nowNanos);
        }

        @Override
        public void onTick(long nowNanos) {
            if (shared.isWaiting()) {
                port.wake();
            }
            if (rings.onTick(nowNanos)) {
                useRings();
                journal.warn(LogEvent.RING_OF_ONE, dataTimeoutNanos / 1_000_000);
            }
        }

        @Override
        public void onInbox() {
            port.wake();
        }

        @Override
        public void wakeScheduler() {
            port.wake();
        }

        @Override
        public boolean schedulerAnswers(long nowNanos) {
            return answered && nowNanos - answeredNanos < dataTimeoutNanos;
        }

        @Override
        public Assignment assignment(AssignmentQuery query) {
            return assignments.answer(query, rings.rule());
        }

        @Override
        public NodeInfo info() {
            return info;
        }

        @Override
        public void figures(Map<String, Long> into) {
            figures.into(into);
        }

        @Override
        public void onFaulty(int inARow) {
            guard.detach();
        }
    }
}
