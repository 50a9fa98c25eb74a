package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion.Kind;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.Repetition;

/**
 * Who acknowledged which problem. Whether an acknowledgement holds follows from it and from the object's problem alone, so that all
 * nodes that know the same come to the same, in whatever order they learnt it. Confined to the scheduler's thread.
 */
public final class Acknowledgements {
    private final SchedulerPort port;
    private final ObjectIndex objects;
    private final KnownStates states;
    private final Ledger ledger;
    private final Teller teller;
    private final Map<Integer, Given> given = new HashMap<>();
    /** Objects of what this node told in earlier runs, or before something was lost, as long as nothing shows that its daemon knows of it. */
    private final Set<Integer> doubtful = new LinkedHashSet<>();

    private volatile boolean someExpire;
    private boolean settling;

    /** @param name of the event; its comment bears it too */
    private record Given(Version version, EventName name, Acknowledgement acknowledgement) {}

    public Acknowledgements(SchedulerPort port, ObjectIndex objects, KnownStates states, Ledger ledger, Teller teller) {
        this.port = port;
        this.objects = objects;
        this.states = states;
        this.ledger = ledger;
        this.teller = teller;
    }

    /** Somebody acknowledged a problem here, or took that back. */
    public void onSet(int index, Acknowledgement acknowledgement, long nowMicros) {
        if (settling) {
            return; // what we had the scheduler do
        }
        Acknowledgement told = acknowledgement.of(states.problem(index));
        Version version = version(index).next(nowMicros, teller.origin());
        EventName name = teller.tell(index, told, version.revision(), nowMicros);
        supersede(index);
        put(index, new Given(version, name, told));
        if (told.set()) {
            ledger.made(name, index);
        }
    }

    private Version version(int index) {
        Given now = given.get(index);
        return now == null ? Version.NONE : now.version;
    }

    /**
     * Somebody did elsewhere, or here in an earlier run.
     *
     * @param aloud whether contacts may be told
     */
    public void take(int index, EventName name, Acknowledgement acknowledgement, Version version, boolean aloud) {
        int newer = version.compareTo(version(index));
        if (newer >= 0) {
            doubtful.remove(index);
        }
        ledger.heard(Kind.COMMENT, name);
        if (newer <= 0) {
            keepComment(index, name, acknowledgement);
            return;
        }
        supersede(index);
        boolean another = acknowledgement.set() && port.isAcknowledged(index);
        put(index, new Given(version, name, acknowledgement));
        if (another) {
            port.removeAcknowledgement(index); // the newer one has another text
        }
        if (!holds(index, acknowledgement)) {
            keepComment(index, name, acknowledgement);
        }
        settle(index, aloud && acknowledgement.tellContacts());
    }

    /** Something that this node told has been lost: none of it counts as heard before the daemon tells of it. */
    public void doubt() {
        given.forEach((index, of) -> {
            if (of.name.origin() == teller.origin()) {
                doubtful.add(index);
            }
        });
    }

    /** Tells again, as what it was and silently, what this node told and its daemon has not told; before {@link Ledger#repeat}. */
    public void repeat() {
        List<Integer> indexes = List.copyOf(doubtful);
        doubtful.clear();
        indexes.forEach(index -> {
            Given now = given.get(index);
            Repetition again = new Repetition(now.name.epoch(), now.name.sequence(), now.acknowledgement.silent());
            teller.tell(index, again, now.version.revision(), now.version.micros());
            ledger.onToldWithComment(index, now.name);
        });
    }

    /** A comment that is to stay is there on every node, also where its acknowledgement never held. */
    private void keepComment(int index, EventName name, Acknowledgement of) {
        if (of.set() && of.persistent()) {
            Comment comment = new Comment(of.object(), of.entrySeconds(), of.author(), of.text(), true, 1, 0);
            ledger.take(index, name, comment, false, of.entrySeconds());
        }
    }

    /** A newer one comes: the comment of the one before goes, unless it is to stay. */
    private void supersede(int index) {
        Given before = given.get(index);
        if (before != null && before.acknowledgement.set() && !before.acknowledgement.persistent()) {
            ledger.drop(before.name);
        }
    }

    /** The object's problem may have changed. */
    public void onState(int index) {
        if (given.containsKey(index)) {
            settle(index, false);
        }
    }

    private void settle(int index, boolean tellContacts) {
        Given now = given.get(index);
        boolean wanted = holds(index, now.acknowledgement);
        if (wanted == port.isAcknowledged(index)) {
            return;
        }
        settling = true;
        try {
            if (wanted) {
                ledger.drop(now.name);
                ledger.giving(now.name);
                try {
                    port.acknowledge(index, now.acknowledgement, tellContacts);
                } finally {
                    ledger.given();
                }
            } else {
                port.removeAcknowledgement(index);
            }
        } finally {
            settling = false;
        }
    }

    private boolean holds(int index, Acknowledgement acknowledgement) {
        Problem problem = states.problem(index);
        return acknowledgement.set()
                && acknowledgement.problem() == problem.began()
                && (acknowledgement.sticky() || acknowledgement.since() == problem.since())
                && states.isProblem(index);
    }

    private void put(int index, Given now) {
        given.put(index, now);
        someExpire |= now.acknowledgement.set() && now.acknowledgement.endSeconds() != 0;
    }

    /** Takes back those whose time is over, as every node does. */
    public void onTick(long nowSeconds) {
        if (!someExpire) {
            return;
        }
        List<Integer> over = given.entrySet().stream()
                .filter(entry -> isOver(entry.getValue().acknowledgement, nowSeconds))
                .map(Map.Entry::getKey)
                .toList();
        for (int index : over) {
            Given now = given.get(index);
            Acknowledgement removed =
                    Acknowledgement.removed(now.acknowledgement.object(), now.acknowledgement.endSeconds());
            given.put(index, new Given(now.version, now.name, removed));
            if (port.isAcknowledged(index)) {
                port.removeAcknowledgement(index);
            }
        }
        someExpire = given.values().stream()
                .anyMatch(now -> now.acknowledgement.set() && now.acknowledgement.endSeconds() != 0);
    }

    private static boolean isOver(Acknowledgement acknowledgement, long nowSeconds) {
        return acknowledgement.set() && acknowledgement.endSeconds() != 0 && acknowledgement.endSeconds() <= nowSeconds;
    }

    /** Whether {@link #onTick} has something to do one day. Any thread. */
    public boolean isWaiting() {
        return someExpire;
    }

    /** All that must be kept, as of now; the lines are made when they are asked for, on any thread. */
    public Supplier<List<String>> lines() {
        Map<Integer, Given> givenNow = new HashMap<>(given);
        return () -> {
            List<String> lines = new ArrayList<>();
            givenNow.forEach((index, now) -> lines.add(SharedLines.of(
                    "acknowledged",
                    objects.object(index).name(),
                    now.version,
                    now.name,
                    now.acknowledgement.set(),
                    now.acknowledgement.problem(),
                    now.acknowledgement.since(),
                    now.acknowledgement.sticky(),
                    now.acknowledgement.persistent(),
                    now.acknowledgement.tellContacts(),
                    now.acknowledgement.author(),
                    now.acknowledgement.text(),
                    now.acknowledgement.entrySeconds(),
                    now.acknowledgement.endSeconds())));
            return lines;
        };
    }

    /** Takes back a line that {@link #lines} gave; others are left alone. */
    public void read(List<String> f) {
        if (f.get(0).equals("acknowledged")) {
            objects.byName(f.get(1)).ifPresent(index -> read(index, f));
        }
    }

    private void read(int index, List<String> f) {
        Acknowledgement acknowledgement = new Acknowledgement(
                objects.object(index),
                Boolean.parseBoolean(f.get(4)),
                Integer.parseInt(f.get(5)),
                Integer.parseInt(f.get(6)),
                Boolean.parseBoolean(f.get(7)),
                Boolean.parseBoolean(f.get(8)),
                Boolean.parseBoolean(f.get(9)),
                f.get(10),
                f.get(11),
                Long.parseLong(f.get(12)),
                Long.parseLong(f.get(13)));
        Given kept = new Given(Version.parse(f.get(2)), EventName.parse(f.get(3)), acknowledgement);
        put(index, kept);
        if (kept.name.origin() == teller.origin()) {
            doubtful.add(index);
        }
    }
}
