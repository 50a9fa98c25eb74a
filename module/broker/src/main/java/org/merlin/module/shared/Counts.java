package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.Notification;

/**
 * What was counted of each object's last problem, and what contacts were told of it, by whomever. At most one entry per object; kept over a
 * restart. Confined to the scheduler's thread.
 */
final class Counts {
    /** As tombstones: who is away for longer has nothing to say any more. */
    private static final long FORGET_MICROS = TimeUnit.SECONDS.toMicros(Ledger.TOMBSTONE_SECONDS);

    private final KnownStates states;
    private final ObjectIndex objects;
    private final SchedulerPort port;
    private final Map<Integer, Counted> counted = new HashMap<>();

    /**
     * What was counted of the last problem.
     *
     * @param began of the problem, {@link Problem#began}
     * @param told the state that contacts were last told, by anybody
     * @param revision of the object when it was counted
     * @param micros when it was counted
     */
    private record Counted(int began, NotificationCount count, int told, int revision, long micros) {}

    Counts(KnownStates states, ObjectIndex objects, SchedulerPort port) {
        this.states = states;
        this.objects = objects;
        this.port = port;
    }

    /** The states that contacts know of, as bits. */
    int toldOn(int index) {
        Counted was = counted.get(index);
        return was == null ? 0 : was.count.notifiedOn() | (was.told == 0 ? 0 : 1 << was.told);
    }

    /** Whether a notification tells contacts how an object stands. */
    static boolean tells(Notification of) {
        return of.reason() == Notification.NORMAL && of.contacts() > 0;
    }

    /** Contacts were told, or a count was set, when the object was at this revision. */
    void keep(int index, Notification of, int revision, long micros) {
        boolean tells = tells(of);
        int told = tells ? of.state() : told(index, of.problem().began());
        NotificationCount count = tells && of.state() == 0 ? NotificationCount.NONE : of.count();
        counted.put(index, new Counted(of.problem().began(), count, told, revision, micros));
    }

    /** What contacts were told last of a problem; of none, that it is over or never was. */
    private int told(int index, int began) {
        Counted now = counted.get(index);
        return now == null || began != 0 && !isOf(now, began) ? 0 : now.told;
    }

    /**
     * Whether what was counted is of the problem that began at a revision: two nodes that found a problem at once saw it begin at
     * different ones, and what was told when it had begun for both is told.
     */
    private static boolean isOf(Counted counted, int began) {
        return counted.began == began || began != 0 && Integer.compareUnsigned(counted.revision, began) >= 0;
    }

    /** Whether contacts know the present state. */
    boolean isTold(int index) {
        return states.current(index) == told(index, states.problem(index).began());
    }

    /**
     * Contacts were told by another node, or by this one in an earlier run.
     *
     * @param revision of the object when they were
     * @return false if newer figures are known
     */
    boolean take(int index, Notification of, int revision, long micros) {
        Counted now = counted.get(index);
        boolean sameProblem = now != null && isOf(now, of.problem().began());
        if (now != null) {
            int byRevision = Integer.compareUnsigned(revision, now.revision);
            if (byRevision < 0 || byRevision == 0 && micros < now.micros) {
                return false;
            }
        }
        keep(index, of, revision, micros);
        if (isOf(counted.get(index), states.problem(index).began())
                && (sameProblem || of.state() != 0 || now == null)) {
            port.count(index, counted.get(index).count);
        }
        return true;
    }

    /** Whether what counts now is what a notification of a problem told. */
    boolean isOf(int index, Notification of) {
        Counted now = counted.get(index);
        return now.told == of.state() && now.began == of.problem().began();
    }

    /**
     * What counts for a problem that another node found, whose result is the object's state by now: its own figures, unless newer ones
     * are known of the same. That its end was told at this revision or a later one is newer, whatever the clocks say.
     */
    CheckResult counted(int index, CheckResult result) {
        Counted now = counted.get(index);
        boolean same = now != null && isOf(now, result.problem().began());
        boolean ended = same
                && now.began == 0
                && now.told == 0
                && Integer.compareUnsigned(states.revision(index), now.revision) <= 0;
        if (ended || same && now.micros >= result.notification().lastMicros()) {
            return result.counted(now.count);
        }
        int told = result.notification().number() > 0
                ? result.state()
                : told(index, result.problem().began());
        int revision = now == null ? 0 : now.revision; // a notification of it that comes later counts more
        counted.put(
                index,
                new Counted(
                        result.problem().began(),
                        result.notification(),
                        told,
                        revision,
                        result.notification().lastMicros()));
        return result;
    }

    /** The scheduler counts on from what is known of a problem, if anything is. */
    void giveBack(int index, int began) {
        Counted now = counted.get(index);
        if (now != null && isOf(now, began)) {
            port.count(index, now.count);
        }
    }

    /** A problem of which no end was seen goes on in one that another node saw begin at another revision: what was told of it counts. */
    void goOn(int index, Problem known, Problem as) {
        Counted now = counted.get(index);
        if (now != null && now.told != 0 && isOf(now, known.began()) && !isOf(now, as.began())) {
            count(index, now, as.began());
        }
    }

    /** What counts now counts for the problem that began at a revision. */
    void goOn(int index, int began) {
        count(index, counted.get(index), began);
    }

    private void count(int index, Counted as, int began) {
        int revision = Integer.compareUnsigned(as.revision, began) < 0 ? began : as.revision;
        counted.put(index, new Counted(began, as.count, as.told, revision, as.micros));
        port.count(index, as.count);
    }

    /** Forgets what is over and told, once no node can come back any more that has yet to say what it told of it. */
    void forget(long nowMicros) {
        counted.entrySet()
                .removeIf(entry -> states.current(entry.getKey()) == 0
                        && entry.getValue().told == 0
                        && nowMicros - entry.getValue().micros >= FORGET_MICROS);
    }

    /** All that must be kept, as of now; the lines are made when they are asked for, on any thread. */
    Supplier<List<String>> lines() {
        Map<Integer, Counted> countedNow = new HashMap<>(counted);
        return () -> {
            List<String> lines = new ArrayList<>();
            countedNow.forEach((index, of) -> lines.add(SharedLines.of(
                    "counted",
                    objects.object(index).name(),
                    of.began,
                    of.count.number(),
                    of.count.lastMicros(),
                    of.count.nextMicros(),
                    of.count.notifiedOn(),
                    of.count.noMore(),
                    of.told,
                    of.micros,
                    Integer.toUnsignedString(of.revision))));
            return lines;
        };
    }

    /** The scheduler has loaded what it kept. Nagios keeps less of a count than we do: a delay that somebody gave would be over. */
    void onLoaded() {
        counted.forEach((index, kept) -> {
            if (isOfPresentState(index, kept)
                    && kept.count.lastMicros() >= port.count(index).lastMicros()) {
                port.count(index, kept.count);
            }
        });
    }

    /** With each change of state the scheduler itself begins to count the time anew. */
    private boolean isOfPresentState(int index, Counted of) {
        Problem problem = states.problem(index);
        return of.began != 0
                && of.began == problem.began()
                && Integer.compareUnsigned(of.revision, problem.since()) >= 0;
    }

    /** Takes back a line that {@link #lines} gave; others are left alone. */
    void read(List<String> f) {
        if (f.get(0).equals("counted")) {
            objects.byName(f.get(1))
                    .ifPresent(index -> counted.put(
                            index,
                            new Counted(
                                    Integer.parseInt(f.get(2)),
                                    new NotificationCount(
                                            Integer.parseInt(f.get(3)),
                                            Long.parseLong(f.get(4)),
                                            Long.parseLong(f.get(5)),
                                            Integer.parseInt(f.get(6)),
                                            Boolean.parseBoolean(f.get(7))),
                                    Integer.parseInt(f.get(8)),
                                    f.size() > 10 ? Integer.parseUnsignedInt(f.get(10)) : 0,
                                    Long.parseLong(f.get(9)))));
        }
    }
}
