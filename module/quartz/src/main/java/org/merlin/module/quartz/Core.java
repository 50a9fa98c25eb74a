package org.merlin.module.quartz;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.merlin.module.Broker;
import org.merlin.module.Memory;
import org.merlin.module.quartz.command.CommandTarget;
import org.merlin.module.quartz.command.Commands;
import org.merlin.module.quartz.history.LogLines;
import org.merlin.module.quartz.history.NagiosLog;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notes.Outage;
import org.merlin.module.quartz.notify.Notifier;
import org.merlin.module.quartz.notify.Program;
import org.merlin.module.quartz.notify.Reason;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.retention.Retained;
import org.merlin.module.quartz.retention.Retained.Kept;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.state.Alert;
import org.merlin.module.quartz.state.Board;
import org.merlin.module.quartz.state.Finding;
import org.merlin.module.quartz.state.Ids;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.quartz.state.StateMachine;
import org.merlin.module.quartz.state.Step;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.StateType;

/**
 * Owns the states of all objects: makes of each result what the rules say, tells the module, the log and the agenda. Confined to the
 * core's thread, but for {@link #state}.
 */
final class Core implements CommandTarget {
    private final Inventory inventory;
    private final Agenda agenda;
    private final CheckSchedule schedule;
    private final NagiosLog log;
    private final Clock clock;
    private final Runnable save;
    private final Board board;
    private final Program program;
    private final Notes notes;
    private final Notifier notifier;
    private final Aftermath aftermath;
    private final Ids ids = new Ids();
    private final StateMachine machine = new StateMachine(ids);
    /** Processes what other nodes found: its numbers are thrown away. */
    private final StateMachine muted = new StateMachine(new Ids());

    private final Settings settings;
    private final Commands commands;
    private Broker broker;

    /**
     * Makes a core without a past.
     *
     * @param board written by this core and who it has write
     * @param save asks for the retention file to be written
     */
    Core(
            Inventory inventory,
            Board board,
            Program program,
            Notes notes,
            Notifier notifier,
            Agenda agenda,
            CheckSchedule schedule,
            NagiosLog log,
            Clock clock,
            Runnable save) {
        this.inventory = inventory;
        this.board = board;
        this.program = program;
        this.notes = notes;
        this.notifier = notifier;
        this.aftermath = new Aftermath(inventory, board, program, notes, notifier, this::log);
        this.agenda = agenda;
        this.schedule = schedule;
        this.log = log;
        this.clock = clock;
        this.save = save;
        this.settings = new Settings(inventory, board, program, agenda, aftermath, clock);
        this.commands = new Commands(inventory, this, clock);
    }

    /** Takes over what an earlier run knew; objects that are gone are left out. Before {@link #begin}. */
    void restore(Retained retained) {
        notes.restore(retained.notes());
        restoreStates(retained);
    }

    /** The same after a reload: with what does not outlive a process. */
    void resume(Retained retained) {
        notes.resume(retained.notes());
        restoreStates(retained);
    }

    private void restoreStates(Retained retained) {
        agenda.restore(retained.executing());
        settings.restore(retained.settings());
        for (Checkable object : inventory.all()) {
            Kept kept = retained.objects().get(object.name().name());
            if (kept != null) {
                board.set(object.index(), kept.state());
                ids.seen(kept.state());
                kept.active().ifPresent(active -> agenda.restore(object.index(), active));
            }
        }
    }

    /** Lets results go to a module, and sets the first due times. Before the loop starts. */
    void begin(Broker module, Retained retained) {
        tell(module);
        long now = clock.millis();
        for (Checkable object : inventory.all()) {
            Kept kept = retained.objects().get(object.name().name());
            log(LogLines.initial(object.name(), state(object.index())));
            agenda.begin(object.index(), state(object.index()), kept == null ? 0 : kept.dueMillis(), now);
        }
    }

    /** Lets results go to a module after a reload; due times of objects that were there stay as they are. */
    void goOn(Broker module, Retained before) {
        tell(module);
        long now = clock.millis();
        for (Checkable object : inventory.all()) {
            Kept kept = before.objects().get(object.name().name());
            ObjectState state = state(object.index());
            if (kept == null) {
                log(LogLines.initial(object.name(), state));
                agenda.begin(object.index(), state, 0, now);
            } else {
                agenda.resume(object.index(), state, kept.dueMillis(), now);
            }
        }
    }

    private void tell(Broker module) {
        broker = module;
        notes.begin(module, notifier);
        notifier.begin(module);
        broker.onLoaded();
    }

    /** The present state of an object. Any thread. */
    ObjectState state(int index) {
        return board.get(index);
    }

    int[] revisions() {
        int[] revisions = new int[inventory.size()];
        for (int i = 0; i < revisions.length; i++) {
            revisions[i] = state(i).revision();
        }
        return revisions;
    }

    /** How many states were set since the start; for who wants to know whether anything is new. */
    long changes() {
        return board.changes();
    }

    /** Processes what a check of our own found; nothing if the object is gone since. */
    void found(String name, Finding finding, long dueMillis) {
        inventory.find(name).ifPresent(index -> found(index, finding, dueMillis));
    }

    /** The same, by the object's place. */
    void found(int index, Finding finding, long dueMillis) {
        Checkable object = inventory.get(index);
        Step step = aftermath.complete(object, step(machine, object, finding));
        long next = agenda.afterOwn(index, step.after(), dueMillis, clock.millis());
        settle(object, step, next);
    }

    @Override
    public Optional<String> passive(int index, Finding finding) {
        Checkable object = inventory.get(index);
        if (!program.passive(object.isHost())) {
            return Optional.of("passive results are switched off for all " + (object.isHost() ? "hosts" : "services"));
        }
        log(LogLines.passive(object.name(), finding.state(), finding.output().text()));
        Step step = aftermath.complete(object, step(machine, object, finding));
        settle(object, step, agenda.unchanged(index));
        return Optional.empty();
    }

    private Step step(StateMachine by, Checkable object, Finding finding) {
        ObjectState before = state(object.index());
        int maxAttempts = object.plan().maxAttempts();
        return object.isHost()
                ? by.host(before, finding, maxAttempts, isReachable(object))
                : by.service(before, finding, maxAttempts, state(object.host()).state() == 0);
    }

    private boolean isReachable(Checkable host) {
        return host.parents().isEmpty()
                || host.parents().stream().anyMatch(parent -> state(parent).state() == 0);
    }

    /** Keeps what a result of ours made, tells everybody, and does what follows. */
    private void settle(Checkable object, Step step, long nextMillis) {
        int index = object.index();
        ObjectState before = state(index);
        ObjectState after = step.after().withNextCheck(nextMillis * 1000);
        aftermath.before(object, before, step);
        int revision = broker.onResult(
                index, after.toResult(object.name(), object.plan().maxAttempts()));
        board.set(index, after.withRevision(revision));
        step.alert()
                .ifPresent(alert ->
                        log(LogLines.alert(object.name(), alert, after.output().text())));
        aftermath.after(object, before, step, true);
    }

    /**
     * Takes over what another node found and made of it.
     *
     * @param aloud whether it may be ours to tell contacts and to run the event handler; then our own counters stay
     */
    void apply(int index, CheckResult result, int revision, boolean aloud) {
        Checkable object = inventory.get(index);
        ObjectState before = state(index);
        Step ours = step(muted, object, finding(result));
        ObjectState runners = ObjectState.of(result, revision);
        ObjectState theirs = aloud ? runners.with(ours.after().notification()) : runners;
        boolean changed = theirs.state() != before.state()
                || theirs.hard().changeMicros() != before.hard().changeMicros();
        Step step = new Step(theirs, changed, alert(before, theirs, ours));
        aftermath.before(object, before, step);
        board.set(index, theirs);
        ids.seen(theirs);
        step.alert().ifPresent(alert -> logThen(result, alert));
        agenda.afterOthers(index, theirs, clock.millis());
        aftermath.after(object, before, step, aloud);
    }

    private static Finding finding(CheckResult result) {
        return new Finding(
                result.state(),
                result.checkType(),
                result.output(),
                result.timing().startMicros(),
                result.timing().endMicros(),
                result.timing().latencyMicros(),
                result.timing().executionMicros());
    }

    /** Where our rules come to the runner's state, the line is theirs too; else it says what the runner says. */
    private static Optional<Alert> alert(ObjectState before, ObjectState theirs, Step ours) {
        if (ours.after().state() == theirs.state()
                && ours.after().type() == theirs.type()
                && ours.after().attempt() == theirs.attempt()) {
            return ours.alert();
        }
        boolean changed = theirs.state() != before.state()
                || theirs.hard().state() != before.hard().state();
        return changed || theirs.isUnconfirmedProblem()
                ? Optional.of(new Alert(theirs.state(), theirs.type(), theirs.attempt()))
                : Optional.empty();
    }

    /** Notes what another node found and what is older than our state. */
    void history(CheckResult result) {
        CheckResult.History history = result.history();
        boolean confirmed = result.stateType() == StateType.HARD
                && history.lastHardStateChangeMicros() == result.timing().startMicros();
        if (result.state() != history.lastState()
                || confirmed
                || result.state() != 0 && result.stateType() == StateType.SOFT) {
            logThen(result, new Alert(result.state(), result.stateType(), result.attempt()));
        }
    }

    private void logThen(CheckResult result, Alert alert) {
        log.line(
                result.timing().endMicros() / 1_000_000,
                LogLines.alert(result.object(), alert, result.output().text()));
    }

    /** What is counted of an object's notifications. */
    NotificationCount count(int index) {
        return state(index).notification();
    }

    /** Overwrites what is counted of an object's notifications. */
    void count(int index, NotificationCount count) {
        board.set(index, state(index).with(count));
    }

    /** Begins and ends what is due beside checks; about once a second. */
    void tick() {
        notes.onTick();
    }

    /** Has an object checked as soon as a worker is free, if it is checked regularly. */
    void runSoon(int index) {
        agenda.soon(index, state(index), clock.millis());
    }

    /** Executes lines of the command pipe. */
    void given(List<String> lines) {
        lines.forEach(commands::given);
    }

    /** Executes a command that another node was given. */
    void execute(ExternalCommand command) {
        commands.execute(command);
    }

    @Override
    public void checkAt(int index, long atMillis, boolean forced) {
        if (forced) {
            agenda.forced(index, atMillis, clock.millis());
        } else {
            agenda.at(index, state(index), atMillis, clock.millis());
        }
    }

    @Override
    public Optional<String> set(Register register) {
        Optional<String> refused = settings.set(register);
        if (refused.isEmpty()) {
            broker.onSet(register);
        }
        return refused;
    }

    /** Sets what was set on another node. */
    void setByOthers(Register register) {
        settings.set(register)
                .ifPresent(why -> log("Warning: " + register.attribute() + " of " + register.name()
                        + " was set on another node, and cannot be here: " + why));
    }

    @Override
    public void comment(int index, Comment comment) {
        notes.comment(index, comment);
    }

    @Override
    public boolean deleteComment(long id) {
        return notes.deleteComment(id, true);
    }

    @Override
    public void deleteComments(int index) {
        notes.deleteComments(index);
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement) {
        notes.acknowledge(index, acknowledgement, acknowledgement.tellContacts());
    }

    @Override
    public void removeAcknowledgement(int index, long entrySeconds) {
        notes.unacknowledge(index, entrySeconds);
    }

    @Override
    public long schedule(int index, Downtime downtime, long triggeredBy) {
        return notes.schedule(index, downtime, triggeredBy);
    }

    @Override
    public boolean deleteDowntime(long id) {
        return notes.deleteDowntime(id, true);
    }

    @Override
    public int deleteDowntimes(int index, long startSeconds, String text) {
        int deleted = 0;
        for (Outage outage : notes.downtimesOf(index)) {
            Downtime downtime = outage.downtime();
            if ((startSeconds == 0 || startSeconds == downtime.startSeconds())
                    && (text.isEmpty() || text.equals(downtime.text()))
                    && notes.deleteDowntime(outage.id(), true)) {
                deleted++;
            }
        }
        return deleted;
    }

    @Override
    public void delayNotification(int index, long untilMillis) {
        NotificationCount now = state(index).notification();
        recount(
                index,
                new NotificationCount(
                        now.number(), now.lastMicros(), untilMillis * 1000, now.notifiedOn(), now.noMore()));
    }

    @Override
    public void numberNotification(int index, int number) {
        NotificationCount now = state(index).notification();
        recount(
                index,
                new NotificationCount(number, now.lastMicros(), now.nextMicros(), now.notifiedOn(), now.noMore()));
    }

    private void recount(int index, NotificationCount count) {
        count(index, count);
        broker.onNotification(
                index,
                new Notification(
                        inventory.get(index).name(),
                        Notification.NORMAL,
                        state(index).state(),
                        0,
                        count,
                        CheckResult.Problem.NONE,
                        "",
                        ""));
    }

    @Override
    public void tellContacts(int index, long bits, String author, String text) {
        notifier.occasion(index, Reason.CUSTOM, Notifier.Manner.of(bits), author, text);
    }

    @Override
    public void clearFlapping(int index) {
        aftermath.clearFlapping(index);
    }

    @Override
    public void given(ExternalCommand command) {
        broker.onCommand(command);
    }

    @Override
    public void save() {
        save.run();
    }

    @Override
    public void log(String line) {
        log.line(clock.millis() / 1000, line);
    }

    /** Moves all due times after the clock was set: those of before may lie hours ahead, or all at once behind. */
    void clockSet(long movedMillis) {
        log(LogLines.clockSet(movedMillis / 1000));
        for (int i = 0; i < inventory.size(); i++) {
            agenda.begin(i, state(i), 0, clock.millis());
        }
    }

    boolean onTurn(long nowNanos) {
        return broker.onTurn(nowNanos);
    }

    /**
     * All that must survive a restart, as of now.
     *
     * @return gives the whole on any thread: what is quick is done now, what takes a while when it is asked for
     */
    Supplier<Retained> snapshot() {
        Supplier<Memory> memory = broker.memory();
        List<ObjectState> all = new ArrayList<>(inventory.size());
        Map<Integer, Boolean> switched = new HashMap<>();
        for (int i = 0; i < inventory.size(); i++) {
            int index = i;
            all.add(state(i));
            agenda.switched(i).ifPresent(active -> switched.put(index, active));
        }
        Retained.Executing executing = agenda.executing();
        Notes.Kept noted = notes.kept();
        List<Register> set = settings.kept();
        return () -> {
            Map<String, Kept> objects = new LinkedHashMap<>();
            for (Checkable object : inventory.all()) {
                int index = object.index();
                objects.put(
                        object.name().name(),
                        new Kept(all.get(index), schedule.due(object), Optional.ofNullable(switched.get(index))));
            }
            return new Retained(memory.get(), executing, objects, noted, set);
        };
    }
}
