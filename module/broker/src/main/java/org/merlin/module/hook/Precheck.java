package org.merlin.module.hook;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/**
 * Answers whether a check runs here by a look into a table, which is made elsewhere and swapped as a whole. Notes what was
 * left to others, so that a check whose runner dies before its result came is run here at once. {@link #mayRun} on any
 * thread, {@link #use} on the sender's, the rest on the scheduler's own.
 */
public final class Precheck {
    private static final int LOOKS_BETWEEN_CLOCKS = 256;

    private final SlotTable slots;
    private final AtomicIntegerArray leftToOthers;
    private volatile boolean[] runsHere;
    private volatile boolean everything;
    private volatile boolean changed;
    private int lookAt = -1;

    /** Starts with a rule. */
    public Precheck(SlotTable slots, RunnerRule rule) {
        this.slots = slots;
        leftToOthers = new AtomicIntegerArray(slots.size());
        runsHere = table(rule);
    }

    private boolean[] table(RunnerRule rule) {
        boolean[] table = new boolean[slots.size()];
        for (int index = 0; index < table.length; index++) {
            table[index] = rule.runs(slots, index);
        }
        return table;
    }

    /** Whether this node runs a check that is due now. Any thread. */
    public boolean mayRun(int index) {
        if (everything || runsHere[index]) {
            return true;
        }
        if (leftToOthers.get(index) == 0) {
            leftToOthers.set(index, 1);
            return runsHere[index]; // a table that was swapped meanwhile may have been searched before we noted
        }
        return false;
    }

    /** Whether this node runs a check by the present table, without noting anything. */
    public boolean runsHere(int index) {
        return everything || runsHere[index];
    }

    /** A result of an object is known, whoever found it. */
    public void onResult(int index) {
        if (leftToOthers.get(index) != 0) {
            leftToOthers.set(index, 0);
        }
    }

    /** Goes by another rule from now on. Sender's thread. */
    public void use(RunnerRule rule) {
        runsHere = table(rule);
        changed = true;
    }

    /** Lets the scheduler run everything, for good. */
    public void letAllRun() {
        everything = true;
        changed = true;
    }

    /** Whether {@link #runOverdue} has something to look at. */
    public boolean hasChanged() {
        return changed || lookAt >= 0;
    }

    /**
     * After a change of the table, has those checks run that were due, were left to another, have no result since and are now
     * ours.
     *
     * @param timeIsUp asked now and then; when it says so the rest waits for the next call
     */
    public void runOverdue(IntConsumer runSoon, BooleanSupplier timeIsUp) {
        if (changed) {
            changed = false;
            lookAt = 0;
        }
        if (lookAt < 0) {
            return;
        }
        for (int looked = 0; lookAt < slots.size(); lookAt++) {
            boolean ours = leftToOthers.get(lookAt) != 0 && runsHere(lookAt);
            if (ours) {
                leftToOthers.set(lookAt, 0);
                runSoon.accept(lookAt);
            }
            if ((ours || ++looked % LOOKS_BETWEEN_CLOCKS == 0) && timeIsUp.getAsBoolean()) {
                lookAt++;
                return;
            }
        }
        lookAt = -1;
    }
}
