package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/**
 * Who tells contacts, and what of it is counted.
 *
 * <p>The runner does; for objects of pollers that may not, the master that would run the check. While rings are not agreed nobody
 * can be sure, and neither while nodes have loaded different lists: who ran the check waits for a data timeout and a pulse per place in
 * the ring, and stays silent if another node reports that it has told contacts of the same state; so does who ran a check that its
 * runner had left undone. After a start, after a replay and after each change of a ring, who tells contacts compares present states with
 * the ones last told by anybody, and tells what differs, once.
 *
 * <p>Confined to the scheduler's thread but for {@link #use}.
 */
public final class Notifications {
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a scheduler that has just started tells nobody, at the most, until its daemon has said what others found and told. */
    private static final long STATE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** How long an end that only old news tell waits for a result that shows it: two usual intervals, as of passive checks none may come. */
    private static final long CONFIRM_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final int LOOKS_BETWEEN_CLOCKS = 64;

    private volatile Rule rule;
    private final SlotTable slots;
    private final KnownStates states;
    private final ObjectIndex objects;
    private final SchedulerPort port;
    private final Teller teller;
    private final Counts counts;
    private final Map<Integer, Held> held = new HashMap<>();
    private final LiveProblems live = new LiveProblems();
    /** Problems whose end nobody saw, but old news tell, and until when that is left to a result. */
    private final Map<Integer, Long> unconfirmed = new HashMap<>();

    /** Since when an object has its present state, as far as is known here. */
    private final Map<Integer, Long> knownSince = new HashMap<>();

    private final List<Waiting> waiting = new ArrayList<>();
    private volatile RunnerRule rings;
    private volatile RunnerRule configured;
    private volatile Sight sight;
    private volatile boolean changed;
    private volatile boolean busy;
    private volatile boolean stateTold;
    /** The scheduler has just started: what others told meanwhile may not have come in yet. */
    private boolean young = true;
    /** Whether it has waited for the news, which are applied from then on. */
    private boolean heard;

    private long bornNanos;
    private boolean compare;
    /** The object that a comparison has come to; -1 while none goes on. */
    private int comparing = -1;

    private long compareNanos;
    private int telling = -1;

    /**
     * What merlin.conf says about it.
     *
     * @param notifies whether this node may, while a master is active
     * @param silent names of pollers that may not
     * @param masters whether it has masters: they count as active until it knows better
     * @param holdNanos how long who is in doubt waits
     * @param placeNanos how much longer per place in the ring
     */
    public record Rule(
            String self, boolean notifies, Set<String> silent, boolean masters, long holdNanos, long placeNanos) {
        public Rule {
            silent = Set.copyOf(silent);
        }
    }

    /**
     * Who else there is to tell contacts.
     *
     * @param masters whether a master of this node is active
     * @param minority whether this node is one of a minority that tells them nothing
     * @param keptOut whether a node is active but in no ring, and so takes itself for the one that tells
     */
    public record Sight(boolean masters, boolean minority, boolean keptOut) {}

    private record Held(long dueNanos, int notifiedOn) {}

    private record Waiting(int index, Notification notification, long micros) {}

    public Notifications(
            Rule rule,
            SlotTable slots,
            KnownStates states,
            ObjectIndex objects,
            SchedulerPort port,
            Teller teller,
            RunnerRule rings,
            RunnerRule configured,
            long nowNanos) {
        this.rule = rule;
        this.slots = slots;
        this.states = states;
        this.objects = objects;
        this.port = port;
        this.counts = new Counts(states, objects, port);
        this.teller = teller;
        this.rings = rings;
        this.configured = configured;
        sight = new Sight(rule.masters, false, false);
        bornNanos = nowNanos;
        onReplay(nowNanos);
    }

    /**
     * Goes by another merlin.conf from now on. Any thread.
     *
     * @param allActive who runs what while all its nodes are active
     */
    public void configure(Rule newRule, RunnerRule allActive) {
        rule = newRule;
        configured = allActive;
    }

    /** Goes by other rings from now on. Any thread. */
    public void use(RunnerRule newRings, Sight newSight) {
        rings = newRings;
        sight = newSight;
        changed = true;
    }

    /** The daemon has told what everybody found and was told before this start; it may have to be applied yet. Any thread. */
    public void onStateTold() {
        stateTold = true;
    }

    // --- who
    // ------------------------------------------------------------------------------------------------------------

    /** Whether this node tells contacts about an object, by the present rings. */
    public boolean isTeller(int index) {
        Sight now = sight;
        if (now.minority || !rule.notifies && now.masters) {
            return false;
        }
        RunnerRule by = rings;
        String runner = by.inLine(slots, index, 0);
        if (!runner.isEmpty() && !rule.silent.contains(runner)) {
            return runner.equals(rule.self);
        }
        return by.speaker(slots, index).equals(rule.self);
    }

    /** Whether this node runs an object's check by the present rings, and so its event handler. */
    public boolean isRunner(int index) {
        return rings.inLine(slots, index, 0).equals(rule.self);
    }

    /** Whether contacts may have to be told here of what another node found. */
    public boolean isAloud(int index, CheckResult result, String finder) {
        return switch (result.checkType()) {
            case PASSIVE -> isTeller(index) || isRunner(index);
            case ACTIVE -> rule.silent.contains(finder) && isTeller(index);
        };
    }

    private boolean agreed(int index) {
        if (sight.keptOut) {
            return false;
        }
        return ring(index).sure();
    }

    /** What is known of the ring that runs an object's check. */
    private RingView ring(int index) {
        RunnerRule now = rings;
        RingView below = now.pollers().get(slots.group(index));
        return below != null && !below.current().isEmpty() ? below : now.own();
    }

    /**
     * Decides about a notification that the scheduler is about to send.
     *
     * @param overdue whether the check was run here since its runner brought nothing
     */
    public boolean mayNotify(int index, int reason, boolean overdue, long nowNanos) {
        if (telling == index) {
            return true;
        }
        if (reason == Notification.NORMAL && (young || isOutOfSight(nowNanos) || isFoundAgain(index))) {
            return false; // compared soon
        }
        Sight now = sight;
        boolean sure = agreed(index) && (!overdue || isTeller(index));
        if (reason != Notification.NORMAL || sure || now.minority || !rule.notifies && now.masters) {
            return isTeller(index);
        }
        if (!held.containsKey(index)) {
            busy = true;
            held.put(index, new Held(nowNanos + holdNanos(index), counts.toldOn(index)));
        }
        return false;
    }

    /** Whether a check finds a problem that old news alone had ended: contacts may know of it. */
    private boolean isFoundAgain(int index) {
        return live.of(index)
                .filter(known -> known.again() || states.current(index) == 0)
                .isPresent();
    }

    /**
     * A result of this node or another is in. All nodes know of a new state at about the same moment, and find it themselves up to a
     * check interval later: who holds a notification counts from that moment, else two would come to their end at once.
     *
     * @param changed whether it brought another state
     */
    public void onState(int index, boolean changed, long nowNanos) {
        if (changed) {
            knownSince.put(index, nowNanos);
        }
        Held now = held.get(index);
        if (now != null && knownSince.containsKey(index)) {
            long due = knownSince.get(index) + holdNanos(index);
            held.put(index, due - now.dueNanos < 0 ? new Held(due, now.notifiedOn) : now);
        }
    }

    /** Whether masters that this node leaves mails to may just be out of sight, as when its daemon starts. */
    private boolean isOutOfSight(long nowNanos) {
        return !rule.notifies && rule.masters && (changed || compare && nowNanos - compareNanos < 0);
    }

    /** By the configured nodes and the object's name: no two wait for the same time, whatever each sees and has loaded. */
    private long holdNanos(int index) {
        RingView below = configured.pollers().get(slots.group(index));
        int before = below == null ? 0 : below.current().names().size();
        List<String> names = configured.own().current().names();
        int first = (int) Long.remainderUnsigned(slots.key(index), names.size());
        int place = Math.floorMod(names.indexOf(rule.self) - first, names.size());
        return rule.holdNanos + (before + place) * rule.placeNanos;
    }

    // --- what was told
    // ----------------------------------------------------------------------------------------------------

    /** Contacts were told by this scheduler, or a count was set. Other nodes hear of it after the result that caused it. */
    public void onNotification(int index, Notification notification, long nowMicros) {
        waiting.add(new Waiting(index, notification, nowMicros));
        port.wake();
    }

    /** Tells other nodes what waited for the result. */
    public void flush() {
        for (Waiting next : waiting) {
            Problem problem = states.problem(next.index);
            Notification of = next.notification;
            Notification told = new Notification(
                    of.object(), of.reason(), of.state(), of.contacts(), of.count(), problem, of.author(), of.text());
            counts.keep(next.index, told, states.revision(next.index), next.micros);
            endIfTold(next.index, told);
            teller.tell(next.index, told, states.revision(next.index), next.micros);
        }
        waiting.clear();
    }

    /**
     * The problem of a result that this node is about to report; one that old news alone had ended goes on.
     *
     * @param revision that the result makes
     */
    public Problem found(int index, CheckResult result, int revision) {
        if (result.state() == 0 || !isFoundAgain(index)) {
            Problem problem = states.problem(index).then(result.history().lastState(), result.state(), revision);
            live.saw(index, problem, result.state());
            return problem;
        }
        LiveProblems.Live again = live.of(index).orElseThrow().then(result, revision);
        live.saw(index, again);
        counts.giveBack(index, again.problem().began());
        compare |= !again.again();
        busy |= compare;
        return again.problem();
    }

    /** What a node told that was apart, and that may be old news: this node may have found the same problem, or be about to. */
    public void takeOld(int index, Notification of, int revision, long micros, long nowNanos) {
        boolean wasTold = counts.isTold(index);
        take(index, of, revision, micros);
        if (of.state() == 0 || !counts.isOf(index, of)) {
            return;
        }
        if (states.current(index) == 0) {
            live.saw(index, of.problem(), of.state());
            onReplay(nowNanos);
        } else if (states.current(index) == of.state() && !wasTold && !counts.isTold(index)) {
            counts.goOn(index, states.problem(index).began());
        }
    }

    /**
     * Contacts were told by another node, or by this one in an earlier run.
     *
     * @param revision of the object when they were
     */
    public void take(int index, Notification of, int revision, long micros) {
        if (counts.take(index, of, revision, micros)) {
            endIfTold(index, of);
        }
    }

    private void endIfTold(int index, Notification of) {
        if (Counts.tells(of) && of.state() == 0) {
            live.end(index);
        }
    }

    /**
     * What counts for a result that another node found: its own figures, unless newer ones are known of the same problem.
     *
     * @param past whether it may be old news, of a time apart
     */
    public CheckResult counted(int index, CheckResult result, boolean past) {
        boolean goesOn = result.state() != 0 && live.of(index).isPresent();
        if (goesOn) {
            counts.goOn(index, live.of(index).orElseThrow().problem(), result.problem());
        }
        if (goesOn || !past) {
            live.saw(index, result.problem(), result.state());
        }
        return result.state() == 0 ? result : counts.counted(index, result);
    }

    // --- in time
    // ----------------------------------------------------------------------------------------------------------

    /** States came in that may be old news. */
    public void onReplay(long nowNanos) {
        compare = true;
        busy = true;
        compareNanos = nowNanos + QUIET_NANOS;
    }

    /** Whether {@link #onTick} has something to do one day. Any thread. */
    public boolean isWaiting() {
        return changed || busy;
    }

    /**
     * Tells what was held for long enough, and what differs after a replay.
     *
     * @param idle whether nothing waits to be applied
     * @param timeIsUp asked now and then; when it says so the rest waits for the next call
     * @return whether there is a rest
     */
    public boolean onTick(boolean idle, long nowNanos, BooleanSupplier timeIsUp) {
        if (changed) {
            changed = false;
            onReplay(nowNanos);
        }
        for (Map.Entry<Integer, Held> entry : List.copyOf(held.entrySet())) {
            if (nowNanos - entry.getValue().dueNanos >= 0) {
                held.remove(entry.getKey());
                if (!sight.minority && !counts.isTold(entry.getKey())) { // else another node has told it
                    tell(entry.getKey(), entry.getValue().notifiedOn);
                }
            }
        }
        if (young && isWaitingForNews(nowNanos)) {
            return false;
        }
        if (!heard) {
            heard = true;
            onReplay(nowNanos);
        }
        boolean longEnough = nowNanos - compareNanos >= (idle ? 0 : rule.holdNanos);
        if (compare && longEnough) {
            compare = false;
            young = false;
            comparing = 0;
        }
        compare(nowNanos, timeIsUp);
        compareConfirmed(nowNanos, timeIsUp);
        busy = compare || comparing >= 0 || !held.isEmpty() || !unconfirmed.isEmpty();
        return comparing >= 0;
    }

    /** The daemon may have to start, too, and to hear from others first. */
    private boolean isWaitingForNews(long nowNanos) {
        return !stateTold && nowNanos - bornNanos < Math.max(rule.holdNanos, STATE_NANOS);
    }

    private void compare(long nowNanos, BooleanSupplier timeIsUp) {
        while (comparing >= 0 && comparing < slots.size()) {
            boolean told = compare(comparing++, nowNanos);
            if ((told || comparing % LOOKS_BETWEEN_CLOCKS == 0) && timeIsUp.getAsBoolean()) {
                return;
            }
        }
        comparing = -1;
    }

    /** Returns whether contacts were told, if the scheduler's rules wanted it. */
    private boolean compare(int index, long nowNanos) {
        boolean differs = states.current(index) >= 0 && states.isHard(index) && !counts.isTold(index);
        boolean due = differs && mayBeTeller(index);
        if (due && isUnconfirmed(index, nowNanos)) {
            return false;
        }
        boolean later = sight.keptOut || ring(index).lists().any(); // which may go on for minutes
        if (due && !later && !agreed(index)) {
            compare = true; // once they are
            return false;
        }
        if (states.current(index) == 0) {
            live.end(index);
        }
        if (due && later) {
            held.putIfAbsent(index, new Held(nowNanos + holdNanos(index), counts.toldOn(index)));
        } else if (due) {
            tell(index, counts.toldOn(index));
        }
        return due && !later;
    }

    /** Whether an end is not to be told yet: it may lie before the problem, since nobody has seen it who knew of that. */
    private boolean isUnconfirmed(int index, long nowNanos) {
        boolean ended = states.current(index) == 0 && live.of(index).isPresent();
        if (ended && unconfirmed.putIfAbsent(index, nowNanos + CONFIRM_NANOS) == null && isRunner(index)) {
            port.runSoon(index);
        }
        return ended;
    }

    /** Tells the ends that a result has shown by now, or for which none came; after a long partition there may be many. */
    private void compareConfirmed(long nowNanos, BooleanSupplier timeIsUp) {
        for (Map.Entry<Integer, Long> entry : List.copyOf(unconfirmed.entrySet())) {
            int index = entry.getKey();
            if (nowNanos - entry.getValue() >= 0 && states.current(index) == 0) {
                live.end(index);
            }
            if (states.current(index) != 0 || live.of(index).isEmpty()) {
                unconfirmed.remove(index);
                if (compare(index, nowNanos) && timeIsUp.getAsBoolean()) {
                    return; // the rest waits for the next call
                }
            }
        }
    }

    /** Where lists differ and nobody knows in what, each node names another teller, and every one runs the check. */
    private boolean mayBeTeller(int index) {
        RingView ring = ring(index);
        Sight now = sight;
        boolean nobodyKnows = ring.lists().any() && !ring.lists().known();
        return nobodyKnows && !now.minority && (rule.notifies || !now.masters) || isTeller(index);
    }

    private void tell(int index, int notifiedOn) {
        telling = index;
        try {
            port.tellContacts(index, notifiedOn);
        } finally {
            telling = -1;
        }
        flush(); // the result that caused it is known to all
    }

    // --- over a restart
    // -----------------------------------------------------------------------------------------------------

    /** {@link Counts#forget}. */
    public void forget(long nowMicros) {
        counts.forget(nowMicros);
    }

    /** {@link Counts#lines}. */
    public Supplier<List<String>> lines() {
        return counts.lines();
    }

    /** {@link Counts#onLoaded}. */
    public void onLoaded() {
        counts.onLoaded();
    }

    /** {@link Counts#read}. */
    public void read(List<String> fields) {
        counts.read(fields);
    }
}
