package org.merlin.module.hook;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/**
 * Answers whether a check runs here by a look into a table, which is made elsewhere and swapped as a whole. Notes what was
 * left to others: a check whose runner dies before its result came is run here at once, and one whose runner lives and brings
 * nothing is run by the next in line once it is overdue. {@link #mayRun} on any thread, {@link #use} and {@link #overdue} on
 * the sender's, the rest on the scheduler's own.
 */
public final class Precheck {
    private static final int LOOKS_BETWEEN_CLOCKS = 256;

    private final SlotTable slots;
    private volatile Expiry expiry;
    private final LongSupplier nanos;
    private final long bornNanos;
    /** By index, the second of this run in which a check was first left to another since its last result; 0 for none. */
    private final AtomicIntegerArray leftSince;
    /** By index, the last second in which the scheduler wanted to run a check that was overdue; 0 for none. */
    private final AtomicIntegerArray overdueAsked;

    private volatile RunnerRule rule;
    private volatile boolean[] runsHere;
    private volatile boolean everything;
    private volatile boolean changed;
    private int lookAt = -1;

    /**
     * When a check that was left to others is overdue.
     *
     * @param timeoutSeconds for how long a check may run
     * @param graceSeconds how much later its result may come; and how much longer each further node in line waits
     */
    public record Expiry(int timeoutSeconds, int graceSeconds) {
        private int limit() {
            return timeoutSeconds + graceSeconds;
        }
    }

    /** Starts with a rule. */
    public Precheck(SlotTable slots, RunnerRule rule, Expiry expiry, LongSupplier nanos) {
        this.slots = slots;
        this.rule = rule;
        this.expiry = expiry;
        this.nanos = nanos;
        bornNanos = nanos.getAsLong();
        leftSince = new AtomicIntegerArray(slots.size());
        overdueAsked = new AtomicIntegerArray(slots.size());
        runsHere = table(rule);
    }

    private boolean[] table(RunnerRule by) {
        boolean[] table = new boolean[slots.size()];
        for (int index = 0; index < table.length; index++) {
            table[index] = by.runs(slots, index);
        }
        return table;
    }

    /** Seconds of this run, from 1 on. */
    private int second() {
        return 1 + (int) ((nanos.getAsLong() - bornNanos) / 1_000_000_000L);
    }

    /** Whether this node runs a check that is due now. Any thread. */
    public boolean mayRun(int index) {
        if (everything || runsHere[index]) {
            return true;
        }
        int now = second();
        int left = leftSince.get(index);
        if (left == 0) {
            leftSince.set(index, now);
            return runsHere[index]; // a table that was swapped meanwhile may have been searched before we noted
        }
        return now - left >= expiry.limit() && expires(index, left, now);
    }

    private boolean expires(int index, int left, int now) {
        overdueAsked.set(index, now);
        if (leftSince.get(index) == 0) {
            overdueAsked.set(index, 0); // a result came just now
            return false;
        }
        int place = place(index);
        return place > 0 && now - left >= expiry.timeoutSeconds + place * expiry.graceSeconds;
    }

    /** Which in line this node is for a check; -1 if it is not. */
    private int place(int index) {
        RunnerRule now = rule;
        String name = now.self();
        for (int k = 0; ; k++) {
            String next = now.inLine(slots, index, k);
            if (next.isEmpty()) {
                return -1;
            }
            if (next.equals(name)) {
                return k;
            }
        }
    }

    /** Whether this node runs a check by the present table, without noting anything. */
    public boolean runsHere(int index) {
        return everything || runsHere[index];
    }

    /** A result of an object is known that another node found. */
    public void onResult(int index) {
        if (leftSince.get(index) != 0) {
            leftSince.set(index, 0);
            overdueAsked.set(index, 0);
        }
    }

    /** A result of our own. What is overdue stays so, and with us, until who is to run it does, or another ring says otherwise. */
    public void onOwnResult(int index) {
        if (leftSince.get(index) != 0 && (overdueAsked.get(index) == 0 || runsHere(index))) {
            onResult(index);
        }
    }

    /**
     * For how many seconds the result of a check has been missing that another node is to run; 0 if it is not overdue. One that
     * our own scheduler does not want to run any more, since it was switched off, say, is not.
     */
    public int overdue(int index) {
        int asked = overdueAsked.get(index);
        int left = leftSince.get(index);
        if (asked == 0 || left == 0 || runsHere(index)) {
            return 0;
        }
        int now = second();
        return now - asked > 2 * (asked - left) + expiry.limit() ? 0 : Math.max(1, now - left);
    }

    /** Goes by another rule from now on. Sender's thread. */
    public void use(RunnerRule newRule) {
        rule = newRule;
        runsHere = table(newRule);
        changed = true;
    }

    /** Goes by other times from now on. Any thread. */
    public void expiry(Expiry newExpiry) {
        expiry = newExpiry;
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
            boolean ours = leftSince.get(lookAt) != 0 && runsHere(lookAt);
            if (ours) {
                onResult(lookAt);
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
