package org.merlin.module.quartz;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.merlin.module.Broker;
import org.merlin.module.Memory;
import org.merlin.module.quartz.command.CommandTarget;
import org.merlin.module.quartz.command.Commands;
import org.merlin.module.quartz.history.LogLines;
import org.merlin.module.quartz.history.NagiosLog;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.retention.Retained;
import org.merlin.module.quartz.retention.Retained.Kept;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.state.Alert;
import org.merlin.module.quartz.state.Finding;
import org.merlin.module.quartz.state.Ids;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.quartz.state.StateMachine;
import org.merlin.module.quartz.state.Step;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.ExternalCommand;
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
    private final AtomicReferenceArray<ObjectState> states;
    private final Ids ids = new Ids();
    private final StateMachine machine = new StateMachine(ids);
    /** Processes what other nodes found: its numbers are thrown away. */
    private final StateMachine muted = new StateMachine(new Ids());

    private final Commands commands;
    private Broker broker;
    private long changes;

    /**
     * Makes a core without a past.
     *
     * @param states filled with {@link ObjectState#PENDING}; written by this core alone
     * @param save asks for the retention file to be written
     */
    Core(
            Inventory inventory,
            AtomicReferenceArray<ObjectState> states,
            Agenda agenda,
            CheckSchedule schedule,
            NagiosLog log,
            Clock clock,
            Runnable save) {
        this.inventory = inventory;
        this.states = states;
        this.agenda = agenda;
        this.schedule = schedule;
        this.log = log;
        this.clock = clock;
        this.save = save;
        this.commands = new Commands(inventory, this, clock);
    }

    /** Takes over what an earlier run knew; objects that are gone are left out. Before the loop starts. */
    void restore(Retained retained) {
        agenda.restore(retained.executing());
        for (Checkable object : inventory.all()) {
            Kept kept = retained.objects().get(object.name().name());
            if (kept != null) {
                states.set(object.index(), kept.state());
                ids.seen(kept.state());
                kept.active().ifPresent(active -> agenda.restore(object.index(), active));
            }
        }
    }

    /** Lets results go to a module, and sets the first due times. Before the loop starts. */
    void begin(Broker module, Retained retained) {
        broker = module;
        broker.onLoaded();
        long now = clock.millis();
        for (Checkable object : inventory.all()) {
            Kept kept = retained.objects().get(object.name().name());
            log(LogLines.initial(object.name(), state(object.index())));
            agenda.begin(object.index(), state(object.index()), kept == null ? 0 : kept.dueMillis(), now);
        }
    }

    /** The present state of an object. Any thread. */
    ObjectState state(int index) {
        return states.get(index);
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
        return changes;
    }

    /** Processes what a check of our own found. */
    void found(int index, Finding finding, long dueMillis) {
        Checkable object = inventory.get(index);
        Step step = step(machine, object, finding);
        long next = agenda.afterOwn(index, step.after(), dueMillis, clock.millis());
        settle(object, step, next);
    }

    @Override
    public void passive(int index, Finding finding) {
        Checkable object = inventory.get(index);
        log(LogLines.passive(object.name(), finding.state(), finding.output().text()));
        Step step = step(machine, object, finding);
        settle(object, step, agenda.unchanged(index));
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

    /** Keeps what a result of ours made, and tells everybody. */
    private void settle(Checkable object, Step step, long nextMillis) {
        ObjectState after = step.after().withNextCheck(nextMillis * 1000);
        int revision = broker.onResult(
                object.index(), after.toResult(object.name(), object.plan().maxAttempts()));
        set(object.index(), after.withRevision(revision));
        step.alert()
                .ifPresent(alert ->
                        log(LogLines.alert(object.name(), alert, after.output().text())));
    }

    private void set(int index, ObjectState state) {
        states.set(index, state);
        changes++;
    }

    /** Takes over what another node found and made of it. */
    void apply(int index, CheckResult result, int revision) {
        Checkable object = inventory.get(index);
        ObjectState before = state(index);
        ObjectState theirs = ObjectState.of(result, revision);
        Step ours = step(muted, object, finding(result));
        set(index, theirs);
        ids.seen(theirs);
        alert(before, theirs, ours).ifPresent(alert -> logThen(result, alert));
        agenda.afterOthers(index, theirs, clock.millis());
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
    public void switchChecks(int index, boolean on) {
        agenda.switchChecks(index, on, state(index), clock.millis());
        changes++;
    }

    @Override
    public void switchAllChecks(boolean hosts, boolean on) {
        agenda.switchAll(hosts, on, this::state, clock.millis());
        changes++;
    }

    @Override
    public void save() {
        save.run();
    }

    @Override
    public void share(ExternalCommand command) {
        broker.onCommand(command);
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
        Memory memory = broker.memory();
        List<ObjectState> all = new ArrayList<>(inventory.size());
        Map<Integer, Boolean> switched = new HashMap<>();
        for (int i = 0; i < inventory.size(); i++) {
            int index = i;
            all.add(state(i));
            agenda.switched(i).ifPresent(active -> switched.put(index, active));
        }
        Retained.Executing executing = agenda.executing();
        return () -> {
            Map<String, Kept> objects = new LinkedHashMap<>();
            for (Checkable object : inventory.all()) {
                int index = object.index();
                objects.put(
                        object.name().name(),
                        new Kept(all.get(index), schedule.due(index), Optional.ofNullable(switched.get(index))));
            }
            return new Retained(memory, executing, objects);
        };
    }
}
