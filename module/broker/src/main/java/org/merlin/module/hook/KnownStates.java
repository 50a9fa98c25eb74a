package org.merlin.module.hook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.slot.SlotTable;

/**
 * By object, the revision, time and origin of the state that the scheduler has: what decides whether a result is newer; and of
 * which problem it is. Confined to the scheduler's thread.
 */
public final class KnownStates {
    private final SlotTable slots;
    private final long self;
    private final int[] revisions;
    private final long[] times;
    private final long[] origins;
    /** Of its problem, {@link Problem#began} and {@link Problem#since}: numbers, since objects that live until the next result grow old. */
    private final int[] began;

    private final int[] since;
    /** -1 as long as no result was seen in this run. */
    private final byte[] current;

    private final boolean[] hard;
    private long hostsOfOurs;
    private long servicesOfOurs;

    /**
     * Starts with what the scheduler remembers. As long as {@link #keep(int, int, long, long)} does not say who found it and when, a
     * result of the same revision counts as newer.
     *
     * @param self origin of this node
     */
    public KnownStates(SlotTable slots, long self, int[] revisions) {
        if (revisions.length != slots.size()) {
            throw new IllegalArgumentException(revisions.length + " revisions for " + slots.size() + " objects");
        }
        this.slots = slots;
        this.self = self;
        this.revisions = revisions.clone();
        times = new long[revisions.length];
        origins = new long[revisions.length];
        began = new int[revisions.length];
        since = new int[revisions.length];
        current = new byte[revisions.length];
        Arrays.fill(current, (byte) -1);
        hard = new boolean[revisions.length];
    }

    /** The problem that an object has; {@link Problem#NONE} if it has none, or one from before anybody counted. */
    public Problem problem(int index) {
        return began[index] == 0 && since[index] == 0 ? Problem.NONE : new Problem(began[index], since[index]);
    }

    /** Whether an object has a problem, as far as is known in this run. */
    public boolean isProblem(int index) {
        return current[index] != 0;
    }

    /** The state that a result of this run brought; -1 if there was none. */
    public int current(int index) {
        return current[index];
    }

    /** Whether the present state is confirmed. */
    public boolean isHard(int index) {
        return hard[index];
    }

    /** Notes what state and problem a result brought. */
    public void setState(int index, CheckResult result) {
        keep(index, result.problem());
        current[index] = (byte) result.state();
        hard[index] = result.stateType() == StateType.HARD;
    }

    /** All problems as of now, to be kept: fields of one line each, made when they are asked for, on any thread. */
    public Supplier<List<List<String>>> problems() {
        int[] beganNow = began.clone();
        int[] sinceNow = since.clone();
        return () -> {
            List<List<String>> all = new ArrayList<>();
            for (int index = 0; index < beganNow.length; index++) {
                if (beganNow[index] != 0 || sinceNow[index] != 0) {
                    all.add(List.of(
                            "problem",
                            slots.object(index).name(),
                            Integer.toString(beganNow[index]),
                            Integer.toString(sinceNow[index])));
                }
            }
            return all;
        };
    }

    /** Takes back a problem that was kept. */
    public void keep(int index, Problem problem) {
        began[index] = problem.began();
        since[index] = problem.since();
    }

    /** What made the state of an object, by its name. */
    public record Found(String object, int revision, long timeMicros, long origin) {}

    /** What made the present states, to be kept: taken now, listed when it is asked for, on any thread. */
    public Supplier<List<Found>> found() {
        int[] revisionsNow = revisions.clone();
        long[] timesNow = times.clone();
        long[] originsNow = origins.clone();
        return () -> IntStream.range(0, timesNow.length)
                .filter(index -> timesNow[index] != 0)
                .mapToObj(index ->
                        new Found(slots.object(index).name(), revisionsNow[index], timesNow[index], originsNow[index]))
                .toList();
    }

    /** Takes back who found a state that was kept, and when; what is of another revision than the scheduler kept is passed over. */
    public void keep(int index, int revision, long timeMicros, long origin) {
        if (revision == revisions[index]) {
            set(index, revision, timeMicros, origin);
        }
    }

    /** A copy of all revisions, by index. */
    public int[] revisions() {
        return revisions.clone();
    }

    public int revision(int index) {
        return revisions[index];
    }

    /** Whether a result wins against the present state: by revision, then time, then origin. */
    public boolean isNewer(int index, int revision, long timeMicros, long origin) {
        int byRevision = Integer.compareUnsigned(revision, revisions[index]);
        if (byRevision != 0) {
            return byRevision > 0;
        }
        return timeMicros != times[index]
                ? timeMicros > times[index]
                : Long.compareUnsigned(origin, origins[index]) > 0;
    }

    /** Whether a result is the very one that made the present state. */
    public boolean isSame(int index, int revision, long timeMicros, long origin) {
        return times[index] != 0
                && revision == revisions[index]
                && timeMicros == times[index]
                && origin == origins[index];
    }

    /** Whether the present state is one of an earlier run, known by its revision alone: what was kept did not say more. */
    public boolean isFromBefore(int index) {
        return times[index] == 0 && revisions[index] != 0;
    }

    /** Whether this node found the present state, in this run of the scheduler. */
    public boolean isOwn(int index) {
        return current[index] >= 0 && origins[index] == self;
    }

    /** Notes what made the present state. */
    public void set(int index, int revision, long timeMicros, long origin) {
        count(index, (origin == self ? 1 : 0) - (origins[index] == self ? 1 : 0));
        revisions[index] = revision;
        times[index] = timeMicros;
        origins[index] = origin;
    }

    private void count(int index, int change) {
        if (slots.object(index).isHost()) {
            hostsOfOurs += change;
        } else {
            servicesOfOurs += change;
        }
    }

    /** Hosts whose present state this node found. */
    public long hostsOfOurs() {
        return hostsOfOurs;
    }

    /** Services whose present state this node found. */
    public long servicesOfOurs() {
        return servicesOfOurs;
    }
}
