package org.merlin.module.quartz;

import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntFunction;
import org.merlin.module.quartz.objects.CheckPlan;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.retention.Retained.Executing;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.state.ObjectState;

/**
 * Decides when objects are checked, so that all nodes that know the same come to the same due times: new objects are spread over
 * their interval by their place, at the same times of the clock everywhere; after a result it is the due time of the
 * check that ran plus an interval. Confined to the core's thread.
 */
final class Agenda {
    /** Overdue checks are spread over this after a start, or a part of their interval where that is shorter. */
    private static final long CATCH_UP_MILLIS = 10_000;

    private static final int CATCH_UP_PART = 10;

    private final Inventory inventory;
    private final CheckSchedule schedule;
    private final Duration unit;
    private final Boolean[] switched;
    private final long[] soonMillis;
    /** Whose due time is what this node knew at its start: no result came since. */
    private final BitSet guessed = new BitSet();

    private Executing executing = new Executing(true, true);

    Agenda(Inventory inventory, CheckSchedule schedule, Duration unit) {
        this.inventory = inventory;
        this.schedule = schedule;
        this.unit = unit;
        this.switched = new Boolean[inventory.size()];
        this.soonMillis = new long[inventory.size()];
    }

    /** Restores a switch that somebody set in an earlier run. */
    void restore(int index, boolean active) {
        switched[index] = active;
    }

    void restore(Executing before) {
        executing = before;
    }

    Executing executing() {
        return executing;
    }

    /** Whether regular checks of an object were switched on or off; empty where the object file decides. */
    Optional<Boolean> switched(int index) {
        return Optional.ofNullable(switched[index]);
    }

    /** Whether an object is checked regularly. */
    boolean isRegular(int index) {
        Checkable object = inventory.get(index);
        boolean active = switched[index] == null ? object.plan().active() : switched[index];
        boolean executed = object.isHost() ? executing.hosts() : executing.services();
        return active
                && executed
                && object.command().isPresent()
                && object.plan().checkInterval() > 0;
    }

    /**
     * Sets the first due time after a start, or after checks were switched on.
     *
     * @param retainedMillis when it was to be checked next, 0 if nobody knows
     */
    void begin(int index, ObjectState state, long retainedMillis, long nowMillis) {
        if (!isRegular(index)) {
            return;
        }
        guessed.set(index);
        long interval = interval(index, state);
        long due;
        if (retainedMillis > nowMillis && retainedMillis <= nowMillis + interval) {
            due = retainedMillis;
        } else if (retainedMillis > 0) {
            due = nowMillis + catchUp(index, interval);
        } else {
            due = nowMillis - nowMillis % interval + spread(index, interval);
            due += due < nowMillis ? interval : 0;
        }
        schedule.arm(inventory.get(index), due, interval);
    }

    /** An object's part of a span: one after the other, by their places. */
    private long spread(int index, long span) {
        boolean isHost = inventory.get(index).isHost();
        long place = isHost ? index : index - inventory.hosts();
        return span * place / (isHost ? inventory.hosts() : inventory.services());
    }

    private long catchUp(int index, long interval) {
        return spread(index, Math.min(interval / CATCH_UP_PART, CATCH_UP_MILLIS));
    }

    /**
     * Goes on after a reload: who is checked as before keeps its due time, also one that is past and waits for a worker.
     *
     * @param dueMillis when it was to be checked next, 0 for never
     */
    void resume(int index, ObjectState state, long dueMillis, long nowMillis) {
        Checkable object = inventory.get(index);
        if (!isRegular(index)) {
            schedule.disarm(object);
        } else if (!schedule.goesBy(object, interval(index, state))) {
            begin(index, state, dueMillis, nowMillis);
        }
    }

    private long interval(int index, ObjectState state) {
        CheckPlan plan = inventory.get(index).plan();
        return state.isUnconfirmedProblem() ? plan.retryMillis(unit) : plan.checkMillis(unit);
    }

    /**
     * Sets the next due time after a check of our own.
     *
     * @param state what the check made of it
     * @param dueMillis when that check was due
     * @return the next due time, 0 for none
     */
    long afterOwn(int index, ObjectState state, long dueMillis, long nowMillis) {
        long startMillis = state.timing().startMicros() / 1000;
        guessed.clear(index);
        if (!isRegular(index) || soonMillis[index] > startMillis) {
            return schedule.due(inventory.get(index));
        }
        long interval = interval(index, state);
        long next = (startMillis - dueMillis < interval ? dueMillis : startMillis) + interval;
        if (next <= nowMillis) {
            next += ((nowMillis - next) / interval + 1) * interval;
        }
        return schedule.arm(inventory.get(index), next, interval).orElse(0);
    }

    /** The due time where a result says nothing about it. */
    long unchanged(int index) {
        return schedule.due(inventory.get(index));
    }

    /**
     * Follows the node that ran a check: its next due time is ours, if it lies ahead and not too far. One that is past when this node
     * hears of the object for the first time since its start is made up for soon, by whoever is to run the check then; later ones say
     * that the other's clock is behind, or that results are slow.
     */
    void afterOthers(int index, ObjectState state, long nowMillis) {
        long next = state.timing().nextCheckMicros() / 1000;
        long startMillis = state.timing().startMicros() / 1000;
        if (next == 0) {
            return; // it was handed in, or nobody checks it there
        }
        boolean first = guessed.get(index);
        guessed.clear(index);
        if (next <= nowMillis && !first || soonMillis[index] > startMillis || !isRegular(index)) {
            return;
        }
        long interval = interval(index, state);
        if (next <= nowMillis) {
            at(index, state, nowMillis + catchUp(index, interval), nowMillis);
            return;
        }
        schedule.arm(inventory.get(index), Math.min(next, nowMillis + interval), interval);
    }

    /** Makes an object due now, if it is checked regularly and may be at this time. */
    void soon(int index, ObjectState state, long nowMillis) {
        at(index, state, nowMillis, nowMillis);
    }

    /** Makes an object due at a time, unless it is due before. */
    void at(int index, ObjectState state, long atMillis, long nowMillis) {
        if (!isRegular(index)) {
            return;
        }
        long due = schedule.due(inventory.get(index));
        if (due > 0 && due <= atMillis) {
            return; // it waits for a worker, or is about to
        }
        if (atMillis <= nowMillis) {
            soonMillis[index] = nowMillis;
        }
        schedule.arm(inventory.get(index), Math.max(atMillis, nowMillis), interval(index, state));
    }

    /** Has an object checked once, whatever its plan says. */
    void forced(int index, long atMillis, long nowMillis) {
        if (inventory.get(index).command().isPresent()) {
            schedule.once(inventory.get(index), Math.max(atMillis, nowMillis));
        }
    }

    /** Switches the regular checks of an object. */
    void switchChecks(int index, boolean on, ObjectState state, long nowMillis) {
        boolean before = isRegular(index);
        switched[index] = on;
        rearm(index, before, state, nowMillis);
    }

    /** Switches all regular checks of hosts, or of services. */
    void switchAll(boolean hosts, boolean on, IntFunction<ObjectState> states, long nowMillis) {
        boolean[] before = new boolean[inventory.size()];
        for (int index = 0; index < before.length; index++) {
            before[index] = isRegular(index);
        }
        executing = hosts ? new Executing(on, executing.services()) : new Executing(executing.hosts(), on);
        for (int index = 0; index < before.length; index++) {
            rearm(index, before[index], states.apply(index), nowMillis);
        }
    }

    /**
     * Goes by an object's new plan.
     *
     * @param wasRegular {@link #isRegular} by the former one
     */
    void planChanged(int index, boolean wasRegular, ObjectState state, long nowMillis) {
        long due = schedule.due(inventory.get(index));
        if (wasRegular && isRegular(index)) {
            long interval = interval(index, state);
            schedule.disarm(inventory.get(index)); // the trigger of before has another period
            schedule.arm(
                    inventory.get(index),
                    due == 0 ? nowMillis + interval : Math.min(due, nowMillis + interval),
                    interval);
        } else {
            rearm(index, wasRegular, state, nowMillis);
        }
    }

    private void rearm(int index, boolean wasRegular, ObjectState state, long nowMillis) {
        if (!isRegular(index)) {
            schedule.disarm(inventory.get(index));
        } else if (!wasRegular) {
            begin(index, state, 0, nowMillis);
        }
    }
}
