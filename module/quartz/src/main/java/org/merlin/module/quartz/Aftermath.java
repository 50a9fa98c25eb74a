package org.merlin.module.quartz;

import java.util.Locale;
import java.util.Optional;
import org.merlin.module.quartz.history.LogLines;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notify.Notifier;
import org.merlin.module.quartz.notify.Program;
import org.merlin.module.quartz.notify.Reason;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.FlapPlan;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.objects.Options;
import org.merlin.module.quartz.state.Alert;
import org.merlin.module.quartz.state.Board;
import org.merlin.module.quartz.state.Flapping;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.quartz.state.ObjectState.Flaps;
import org.merlin.module.quartz.state.Step;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.StateType;

/** What follows from a result beside the new state: flapping, downtimes, notifications, event handlers. Confined to the core's thread. */
final class Aftermath {
    private final Inventory inventory;
    private final Board board;
    private final Program program;
    private final Notes notes;
    private final Notifier notifier;
    private final Notes.Log log;

    Aftermath(Inventory inventory, Board board, Program program, Notes notes, Notifier notifier, Notes.Log log) {
        this.inventory = inventory;
        this.board = board;
        this.program = program;
        this.notes = notes;
        this.notifier = notifier;
        this.log = log;
    }

    /** Completes what the state machine made: each hard problem of a volatile object is a new one, and changes are counted. */
    Step complete(Checkable object, Step step) {
        ObjectState after = step.after().with(flaps(object, step.after()));
        boolean again = object.reaction().isVolatile() && after.state() != 0 && after.type() == StateType.HARD;
        Optional<Alert> alert = step.alert().isPresent() || !again
                ? step.alert()
                : Optional.of(new Alert(after.state(), after.type(), after.attempt()));
        return new Step(after, step.changed(), alert);
    }

    private Flaps flaps(Checkable object, ObjectState state) {
        Flaps before = state.flaps();
        if (state.type() == StateType.SOFT && state.state() != 0) {
            return before;
        }
        FlapPlan plan = object.reaction().flaps();
        boolean counts = Options.has(plan.options(), Options.ofState(state.state()));
        long lately = counts ? Flapping.with(before.lately(), state.state()) : before.lately();
        double percent = Flapping.percent(lately);
        boolean active = program.flapDetection() && plan.enabled()
                ? Flapping.flaps(before.active(), percent, plan.low(), plan.high())
                : before.active();
        return new Flaps(active, percent, lately);
    }

    /** An object's state is about to become another one, before the module is told. */
    void before(Checkable object, ObjectState before, Step step) {
        notes.onState(object.index(), before.state(), step.after().state());
        if (step.changed()) {
            notifier.changed(object.index());
        }
    }

    /**
     * An object's state has become another one, and the module knows.
     *
     * @param aloud whether contacts may have to be told, or an event handler run
     */
    void after(Checkable object, ObjectState before, Step step, boolean aloud) {
        int index = object.index();
        ObjectState now = board.get(index);
        flapping(object, before.flaps(), now.flaps(), aloud);
        if (step.changed() && now.state() != 0) {
            notes.onProblem(index);
        }
        if (!aloud) {
            return;
        }
        boolean recovered = now.state() == 0 && before.state() != 0;
        if (now.type() == StateType.HARD && (now.state() != 0 || recovered)) {
            NotificationCount count = recovered ? before.notification() : now.notification();
            notifier.state(index, count);
        }
        step.alert().ifPresent(alert -> notifier.handle(index, alert.type(), alert.attempt()));
    }

    private void flapping(Checkable object, Flaps before, Flaps now, boolean aloud) {
        if (before.active() == now.active()) {
            return;
        }
        int index = object.index();
        FlapPlan plan = object.reaction().flaps();
        if (now.active()) {
            log.line(LogLines.flapping(object.name(), "STARTED", now.percent(), ">=", plan.high()));
            notes.onFlapping(index, now.percent(), plan.high());
        } else {
            log.line(LogLines.flapping(object.name(), "STOPPED", now.percent(), "<", plan.low()));
            notes.onFlappingOver(index);
        }
        if (aloud) {
            notifier.occasion(index, now.active() ? Reason.FLAPPING_STARTED : Reason.FLAPPING_STOPPED, "", "");
        }
    }

    /** Forgets how an object changed lately, as somebody commanded. */
    void clearFlapping(int index) {
        Checkable object = inventory.get(index);
        ObjectState state = board.get(index);
        long lately = 0;
        for (int i = 0; i < Flapping.STATES; i++) {
            lately = Flapping.with(lately, state.state());
        }
        board.set(index, state.with(new Flaps(false, 0, lately)));
        if (state.flaps().active()) {
            endFlapping(object);
        }
    }

    /** Flap detection may be off now for an object: then it flaps no longer. */
    void flapDetectionSwitched(int index) {
        Checkable object = inventory.get(index);
        ObjectState state = board.get(index);
        if (!state.flaps().active()
                || program.flapDetection() && object.reaction().flaps().enabled()) {
            return;
        }
        board.set(
                index,
                state.with(
                        new Flaps(false, state.flaps().percent(), state.flaps().lately())));
        endFlapping(object);
    }

    private void endFlapping(Checkable object) {
        log.line(String.format(
                Locale.ROOT,
                "%s FLAPPING ALERT: %s;DISABLED; Flap detection has been disabled",
                object.isHost() ? "HOST" : "SERVICE",
                object.name().name()));
        notes.onFlappingOver(object.index());
        notifier.occasion(object.index(), Reason.FLAPPING_DISABLED, "", "");
    }
}
