package org.merlin.module;

import static org.merlin.module.Figures.Name.CHECKS_RUN;
import static org.merlin.module.Figures.Name.FAULTS;
import static org.merlin.module.Figures.Name.HOSTS_LAST_HERE;
import static org.merlin.module.Figures.Name.HOSTS_RUN;
import static org.merlin.module.Figures.Name.SERVICES_LAST_HERE;
import static org.merlin.module.Figures.Name.SERVICES_RUN;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.merlin.module.Guard.Place;
import org.merlin.module.hook.CommandRoutes;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ListAnswers;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.Precheck;
import org.merlin.module.hook.Reporter;
import org.merlin.module.hook.ToldDifferences;
import org.merlin.module.ipc.Bell;
import org.merlin.module.ipc.DaemonLink;
import org.merlin.module.ipc.Dialer;
import org.merlin.module.ipc.Handoff;
import org.merlin.module.ipc.Inbox;
import org.merlin.module.ipc.Journal;
import org.merlin.module.ipc.LogEvent;
import org.merlin.module.ipc.Outbox;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.StreamId;

/**
 * Builds the module inside a scheduler, and is its face towards it: the only place that knows all concrete classes.
 *
 * <p>What the scheduler asks is answered from ready data, what it reports is handed over without a lock, and no fault of ours
 * reaches it: after ten in a row the module lets go and the scheduler runs everything by itself.
 */
public final class BrokerModule implements Broker {
    private final StateDir stateDir;
    private final NanoClock clock;
    private final Clock wall;
    private final Runnable wakeScheduler;
    private final SlotTable slots;
    private final KnownStates states;
    private final Precheck precheck;
    private final Reporter reporter;
    private final CommandRoutes routes;
    private final Shared shared;
    private final Applier applier;
    private final Turns turns;
    private final SignOfLife signOfLife;
    private final Journal journal;
    private final Guard guard;
    private final Figures figures = new Figures();
    private final RingsInUse inUse;
    private final DaemonLink link;
    private final LinkGuest guest;
    private final ConfInUse confInUse;
    private long ownResults;
    /** How much others have of this run; to be held against what it has said. */
    private volatile Optional<Mark> runMark = Optional.empty();
    /** The epoch to go on in, since others have more of the present one than it has said; 0 for none. Set on the sender's thread. */
    private volatile int nextEpoch;

    private volatile boolean epochAsked;

    private BrokerModule(
            MerlinConf conf,
            ConfInUse.Source source,
            SchedulerPort port,
            Memory memory,
            int[] revisionsByIndex,
            Clock wall,
            NanoClock clock,
            StateDir stateDir,
            Dialer dialer) {
        this.stateDir = stateDir;
        this.clock = clock;
        this.wall = wall;
        this.wakeScheduler = port::wake;
        journal = new Journal(clock);
        guard = new Guard(this::report, this::detach);
        StreamId stream = new StreamId(NodeId.of(conf.nodeName()).origin(), stateDir.beginEpoch(wall.instant()));
        slots = SlotTable.of(port.objects().objects(), port.objects().hostgroups(), ConfInUse.selections(conf));
        ObjectIndex objects = new ObjectIndex(slots);
        states = new KnownStates(slots, stream.origin(), revisionsByIndex);
        RingFile ringFile = new RingFile(stateDir.rings(), journal);
        ModuleRings rings = new ModuleRings(
                conf,
                port.objects().hostgroups(),
                new ToldDifferences(objects),
                slots.hashes(),
                ringFile.load(),
                clock.nanos());
        precheck = new Precheck(slots, rings.rule(), ConfInUse.expiry(conf, port.checkTimeoutSeconds()), clock::nanos);
        Bell bell = new Bell();
        Outbox.Bounds bounds = Outbox.Bounds.DEFAULT;
        Handoff handoff = new Handoff(bounds.memoryBytes() / 2, bell);
        reporter = new Reporter(stream, slots, objects, handoff);
        routes = new CommandRoutes(objects);
        shared = new Shared(conf, port, slots, objects, states, reporter, rings, clock.nanos(), wall);
        int senseless = shared.read(memory.shared(), objects);
        if (senseless > 0) {
            journal.warn(LogEvent.MEMORY_LINES, senseless);
        }
        Inbox inbox = new Inbox();
        applier = new Applier(stream, port, objects, states, precheck, inbox, shared, memory, new Telling(), figures);
        turns = new Turns(clock, port, inbox, precheck, applier, shared);
        signOfLife = new SignOfLife(bell, conf.dataTimeout().toNanos());
        NodeInfo info = Introduction.of(conf, port, slots, stream.epoch(), wall.instant());
        Shares shares = new Shares(slots, figures);
        inUse = new RingsInUse(rings, ringFile, precheck, shared.notifications(), shares, port, journal);
        guest = new LinkGuest(
                info,
                mark -> {
                    runMark = Optional.of(mark);
                    port.wake();
                },
                this::readConf,
                inUse,
                new Assignments(slots, objects, precheck),
                new ListAnswers(slots),
                shared,
                port,
                signOfLife,
                figures,
                guard);
        link = new DaemonLink(
                conf,
                guest,
                handoff,
                inbox,
                bell,
                () -> Outbox.open(
                        stream.origin(),
                        stream.epoch(),
                        stateDir.outbox(),
                        bounds,
                        cause -> journal.warn(LogEvent.OUTBOX_FILE, stateDir.outbox(), cause.toString())),
                applier.marks(),
                journal,
                clock,
                dialer);
        confInUse = new ConfInUse(
                conf, source, port, slots, inUse, shared, precheck, signOfLife, guest, link::configure, journal);
        journal.info(
                LogEvent.MODULE_STARTED,
                conf.nodeName(),
                info.scheduler(),
                info.hosts(),
                info.services(),
                Integer.toUnsignedString(stream.epoch()),
                conf.ipc().socket());
    }

    /**
     * Starts the module. Scheduler's thread, before its first check.
     *
     * @param memory what {@link #memory} said when the scheduler's states were last kept
     * @param revisionsByIndex by the index of {@link SchedulerPort#objects()}, the revision that was kept with each state; 0
     *     for none
     * @param wall the time of day
     * @param clock the one of the scheduler's loop
     * @throws UncheckedIOException if the state directory cannot be written, or another scheduler with it runs
     * @throws IllegalArgumentException if two objects have the same name or hash, naming both
     */
    public static BrokerModule start(
            MerlinConf conf, SchedulerPort port, Memory memory, int[] revisionsByIndex, Clock wall, NanoClock clock) {
        ConfInUse.Source source = () -> MerlinConf.load(conf.file());
        BrokerModule module = assemble(conf, source, port, memory, revisionsByIndex, wall, clock, Dialer.best());
        module.link.start();
        return module;
    }

    /** The same without threads: for who gives {@link #link} its turns. */
    static BrokerModule assemble(
            MerlinConf conf,
            ConfInUse.Source source,
            SchedulerPort port,
            Memory memory,
            int[] revisionsByIndex,
            Clock wall,
            NanoClock clock,
            Dialer dialer) {
        StateDir stateDir = StateDir.open(conf.stateDir());
        try {
            return new BrokerModule(conf, source, port, memory, revisionsByIndex, wall, clock, stateDir, dialer);
        } catch (RuntimeException e) {
            stateDir.close();
            throw e;
        }
    }

    private boolean readConf() {
        return confInUse.read();
    }

    /** The connection with the daemon. */
    DaemonLink link() {
        return link;
    }

    /** By which rings this node runs checks. Sender's thread. */
    RunnerRule rule() {
        return inUse.rule();
    }

    /** Whether this node runs a check by these rings, without noting that somebody asked. Any thread. */
    boolean runsHere(int index) {
        return precheck.runsHere(index);
    }

    /** Lets go of all files as a killed process does. Only without threads. */
    void abandon() {
        link.abandon();
        stateDir.close();
    }

    // --- what the scheduler asks ----------------------------------------------------------------------------------

    @Override
    public boolean mayRun(int index) {
        return guard.decide(Place.CHECK, index, precheck::mayRun);
    }

    @Override
    public boolean mayNotify(int index, int reason) {
        return guard.decide(
                Place.NOTIFICATION,
                index,
                of -> !applier.muted()
                        && shared.notifications().mayNotify(of, reason, precheck.overdue(of) > 0, clock.nanos()));
    }

    @Override
    public boolean mayHandle(int index) {
        return guard.decide(
                Place.EVENT_HANDLER,
                index,
                of -> !applier.muted() && shared.notifications().isRunner(of));
    }

    // --- what it tells --------------------------------------------------------------------------------------------

    @Override
    public int onResult(int index, CheckResult result) {
        takeOwn(Place.RESULT, result.object(), () -> take(index, result));
        return index >= 0 && index < slots.size() ? states.revision(index) : 0;
    }

    private void take(int index, CheckResult found) {
        int revision = states.revision(index) + 1;
        CheckResult result = found.of(shared.notifications().found(index, found, revision));
        reporter.result(index, result, revision);
        states.set(
                index, revision, result.timing().endMicros(), reporter.stream().origin());
        boolean changed = states.current(index) != result.state();
        states.setState(index, result);
        shared.notifications().onState(index, changed, clock.nanos());
        precheck.onOwnResult(index);
        shared.acknowledgements().onState(index);
        shared.notifications().flush();
        ownResults++;
        figures.add(result.object().isHost() ? HOSTS_RUN : SERVICES_RUN, 1);
        figures.add(CHECKS_RUN, 1);
        figures.set(HOSTS_LAST_HERE, states.hostsOfOurs());
        figures.set(SERVICES_LAST_HERE, states.servicesOfOurs());
    }

    /** Takes what is not told again if it comes of what others told us. */
    private void takeOwn(Place place, Object of, Runnable taking) {
        if (!applier.applying()) {
            guard.take(place, of, taking);
        }
    }

    @Override
    public void onCommand(ExternalCommand command) {
        takeOwn(Place.COMMAND, command.name(), () -> passOn(command));
    }

    private void passOn(ExternalCommand command) {
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
    }

    @Override
    public void onNotification(int index, Notification notification) {
        guard.take(
                Place.NOTIFIED,
                notification.object(),
                () -> shared.notifications().onNotification(index, notification, shared.micros()));
    }

    @Override
    public void onContactNotification(int index, ContactNotification notification) {
        guard.take(
                Place.CONTACT_NOTIFIED,
                notification.object(),
                () -> reporter.tell(index, notification, 0, notification.endMicros()));
    }

    @Override
    public void onComment(int index, long id, CommentKind kind, Comment comment) {
        guard.take(Place.COMMENT, id, () -> shared.ledger().onComment(index, id, kind, comment));
    }

    @Override
    public void onCommentGone(long id, boolean byCommand) {
        guard.take(
                Place.COMMENT_GONE,
                id,
                () -> shared.ledger().onGone(Deletion.Kind.COMMENT, id, byCommand, shared.seconds()));
    }

    @Override
    public void onDowntime(int index, long id, Downtime downtime, long triggeredBy) {
        guard.take(Place.DOWNTIME, id, () -> shared.ledger().onDowntime(index, id, downtime, triggeredBy));
    }

    @Override
    public void onDowntimeGone(long id, boolean byCommand) {
        guard.take(
                Place.DOWNTIME_GONE,
                id,
                () -> shared.ledger().onGone(Deletion.Kind.DOWNTIME, id, byCommand, shared.seconds()));
    }

    @Override
    public void onAcknowledgement(int index, Acknowledgement acknowledgement) {
        takeOwn(
                Place.ACKNOWLEDGEMENT,
                acknowledgement.object(),
                () -> shared.acknowledgements().onSet(index, acknowledgement, shared.micros()));
    }

    @Override
    public void onAcknowledgementRemoved(int index, long entrySeconds) {
        takeOwn(
                Place.ACKNOWLEDGEMENT_REMOVED,
                index,
                () -> shared.acknowledgements()
                        .onSet(index, Acknowledgement.removed(slots.object(index), entrySeconds), shared.micros()));
    }

    @Override
    public void onSet(Register register) {
        takeOwn(Place.SWITCH, register.name(), () -> shared.registers().onSet(register, shared.micros()));
    }

    @Override
    public void onLoaded() {
        guard.take(Place.LOADED, "this start", shared::onLoaded);
    }

    @Override
    public boolean onTurn(long nowNanos) {
        if (guard.detached()) {
            return false;
        }
        try {
            signOfLife.give(nowNanos);
            lookAtRun();
            boolean more = turns.turn(nowNanos);
            guard.succeeded(Place.TURN);
            return more;
        } catch (RuntimeException e) {
            guard.failed(Place.TURN, "the scheduler's thread", e);
            return false;
        }
    }

    /** Whoever has more of this run than it has said heard it of a later moment, to which this machine was set back. */
    private void lookAtRun() {
        if (nextEpoch != 0) {
            beginEpoch();
        } else if (runMark.isPresent()) {
            Mark others = runMark.get();
            runMark = Optional.empty();
            if (!epochAsked && others.stream().equals(reporter.stream()) && others.sequence() > reporter.sequence()) {
                epochAsked = true;
                int left = others.stream().epoch();
                link.tell(() -> takeNextEpoch(left));
            }
        }
    }

    /** Writes a file: on the sender's thread. */
    private void takeNextEpoch(int left) {
        journal.warn(LogEvent.DAEMON_AHEAD, Integer.toUnsignedString(left));
        try {
            nextEpoch = stateDir.beginEpoch(wall.instant());
        } catch (UncheckedIOException e) {
            epochAsked = false; // with the next mark
            throw e;
        }
        wakeScheduler.run();
    }

    private void beginEpoch() {
        StreamId before = reporter.stream();
        Mark made = new Mark(before, reporter.sequence());
        applier.made(before, made.sequence(), ownResults);
        reporter.begin(nextEpoch);
        int epoch = nextEpoch;
        guest.introduce(info -> info.inEpoch(epoch));
        link.begin(nextEpoch, made);
        ownResults = 0;
        nextEpoch = 0;
        epochAsked = false;
    }

    /** Whether what the port is just given comes from the state table: older events may follow. Scheduler's thread. */
    public boolean appliesItem() {
        return applier.applyingItem();
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

    /** How many of the events of this run the daemon has. Any thread. */
    public long acknowledged() {
        return link.acknowledged();
    }

    @Override
    public void close(String why) {
        link.close(why);
        stateDir.close();
    }

    // --- our own faults -------------------------------------------------------------------------------------------

    private void report(String where, Exception fault) {
        link.tell(() -> {
            figures.add(FAULTS, 1);
            journal.bug(where, fault);
        });
    }

    private void detach() {
        precheck.letAllRun();
        link.tell(() -> journal.warn(LogEvent.DETACHED, Guard.MAX_IN_A_ROW));
        link.giveUp();
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
        public void onStateMissed() {
            link.wantState();
        }

        @Override
        public void onUnknownObject(String name) {
            link.tell(() -> journal.warn(LogEvent.UNKNOWN_OBJECT, name));
        }

        @Override
        public void onApplied() {
            guard.succeeded(Place.EVENT);
        }

        @Override
        public void onFault(String event, Exception fault) {
            guard.failed(Place.EVENT, event, fault);
        }
    }
}
