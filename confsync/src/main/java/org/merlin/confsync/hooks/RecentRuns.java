package org.merlin.confsync.hooks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What commands did to one node of late, and whether that goes round in a circle. Two things are a circle:
 * <ul>
 *   <li>{@link Why#SAME_AGAIN}: a command succeeded {@value #SAME} times within an hour in bringing the same configuration in place of
 *       the same other one, and is due again. It had no effect, or somebody puts the other one back. Stopped until one of both is new.
 *   <li>{@link Why#NEVER_TAKEN}: {@value #UNTAKEN} pushes within an hour succeeded, and the node never had what was pushed, but
 *       something else each time. Stopped for an hour.
 * </ul>
 * Both end when the user says so. What failed is no circle: it is tried again. Confined to one loop.
 */
public final class RecentRuns {
    public static final int SAME = 3;
    public static final int UNTAKEN = 5;
    public static final long HOUR_MICROS = 3_600_000_000L;

    private static final int MAX_RUNS = 32;
    private static final int MAX_STOPS = 8;

    private final List<Run> runs = new ArrayList<>();
    private final List<Stop> stops = new ArrayList<>();

    /**
     * One configuration in place of another, by their SHA-1.
     *
     * @param from what was there; of a push there, of a fetch here
     * @param to what was to be there
     */
    public record Change(HookKind kind, String from, String to) {}

    /**
     * A command that succeeded.
     *
     * @param endMicros when, since 1970
     * @param taken whether {@code to} has been seen since where it was to be
     */
    public record Run(Change change, long endMicros, boolean taken) {}

    /** What kind of a circle it is. */
    public enum Why {
        SAME_AGAIN,
        NEVER_TAKEN
    }

    /**
     * Why no more commands are run.
     *
     * @param change what is not done any more; of {@link Why#NEVER_TAKEN} the last
     * @param times how often it was done
     * @param sinceMicros since when, since 1970
     */
    public record Stop(Why why, Change change, int times, long sinceMicros) {}

    /** Takes up what was remembered before a restart, at most its bounds. */
    public void restore(List<Run> newRuns, List<Stop> newStops) {
        newRuns.forEach(run -> add(runs, run, MAX_RUNS));
        newStops.forEach(stop -> add(stops, stop, MAX_STOPS));
    }

    private static <T> void add(List<T> to, T one, int most) {
        if (to.size() == most) {
            to.remove(0);
        }
        to.add(one);
    }

    public List<Run> runs() {
        return List.copyOf(runs);
    }

    public List<Stop> stops() {
        return List.copyOf(stops);
    }

    /** A command has succeeded. */
    public void onSucceeded(Change change, long nowMicros) {
        add(runs, new Run(change, nowMicros, false), MAX_RUNS);
    }

    /**
     * Where a kind of command brings configurations this one is now.
     *
     * @return whether that was news
     */
    public boolean onSeen(HookKind kind, String sha1) {
        boolean news = false;
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (!run.taken && run.change.kind == kind && run.change.to.equals(sha1)) {
                runs.set(i, new Run(run.change, run.endMicros, true));
                news = true;
            }
        }
        return news;
    }

    /** Why a change that is due is not to be made; empty if it is. Clocks that were set back end no stop early. */
    public Optional<Stop> whyNot(Change due, long nowMicros) {
        runs.removeIf(run -> nowMicros - run.endMicros > HOUR_MICROS);
        stops.removeIf(stop -> stop.why == Why.NEVER_TAKEN && nowMicros - stop.sinceMicros > HOUR_MICROS);
        Optional<Stop> known = stops.stream().filter(stop -> stops(stop, due)).findFirst();
        if (known.isPresent()) {
            return known;
        }
        int same = (int) runs.stream().filter(run -> run.change.equals(due)).count();
        if (same >= SAME) {
            return Optional.of(stop(Why.SAME_AGAIN, due, same, nowMicros));
        }
        int untaken = (int) runs.stream()
                .filter(run -> run.change.kind == HookKind.PUSH && !run.taken)
                .count();
        if (due.kind == HookKind.PUSH && untaken >= UNTAKEN) {
            return Optional.of(stop(Why.NEVER_TAKEN, due, untaken, nowMicros));
        }
        return Optional.empty();
    }

    private static boolean stops(Stop stop, Change due) {
        return stop.change.equals(due) || stop.why == Why.NEVER_TAKEN && stop.change.kind == due.kind;
    }

    private Stop stop(Why why, Change due, int times, long nowMicros) {
        Stop stop = new Stop(why, due, times, nowMicros);
        add(stops, stop, MAX_STOPS);
        return stop;
    }

    /** The user wants it tried again. */
    public void forget() {
        runs.clear();
        stops.clear();
    }
}
