package org.merlin.daemon.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the runs of a demo against what was promised: every check has a runner, and outside handovers exactly one, the one
 * that its slot gives. Pure.
 */
final class Judge {
    /** How late a start may be without being called late: processes need time to start. */
    static final long NOISE_MILLIS = 250;
    /** Within this of its due time a check must run somewhere. */
    static final long LATE_MILLIS = 1000;

    private static final int MAX_COMPLAINTS = 20;

    /**
     * A check that must be run.
     *
     * @param intervalMillis the longest time between two runs
     * @param shortestMillis the shortest: the retry interval if that is less
     */
    record Check(String object, long intervalMillis, long shortestMillis) {}

    /** A span of time in which checks may run twice, since a handover was under way; and how late they may be. */
    record Unsettled(long fromMillis, long toMillis, long lateMillis) {}

    /**
     * What was found.
     *
     * @param worstMillis longest time that a due check had no runner; 0 if it was noise
     */
    record Findings(long worstMillis, long doubles, List<String> complaints) {}

    private final List<Check> checks;
    private final List<Unsettled> unsettled;
    private final long fromMillis;
    private final long toMillis;
    private final List<String> complaints = new ArrayList<>();
    private long worstMillis;
    private long doubles;

    private Judge(List<Check> checks, List<Unsettled> unsettled, long fromMillis, long toMillis) {
        this.checks = checks;
        this.unsettled = unsettled;
        this.fromMillis = fromMillis;
        this.toMillis = toMillis;
    }

    /**
     * Judges.
     *
     * @param runs by time
     * @param fromMillis when times began to count
     * @param toMillis when checks were stopped
     */
    static Findings judge(
            List<Check> checks, List<RunLog.Run> runs, List<Unsettled> unsettled, long fromMillis, long toMillis) {
        Judge judge = new Judge(checks, unsettled, fromMillis, toMillis);
        judge.all(runs);
        return new Findings(judge.worstMillis, judge.doubles, judge.complaints);
    }

    private void all(List<RunLog.Run> runs) {
        Map<String, List<RunLog.Run>> byObject = new HashMap<>();
        runs.stream()
                .filter(run -> run.startMillis() <= toMillis)
                .forEach(run -> byObject.computeIfAbsent(run.object(), any -> new ArrayList<>())
                        .add(run));
        for (Check check : checks) {
            one(check, byObject.getOrDefault(check.object(), List.of()));
        }
    }

    private void one(Check check, List<RunLog.Run> runs) {
        long last = fromMillis;
        RunLog.Run previous = null;
        for (RunLog.Run run : runs) {
            if (run.startMillis() > fromMillis) {
                late(check, last, run.startMillis());
            }
            if (previous != null) {
                twice(check, previous, run);
            }
            last = Math.max(last, run.startMillis());
            previous = run;
        }
        late(check, last, toMillis);
    }

    private void late(Check check, long lastMillis, long nextMillis) {
        long late = nextMillis - lastMillis - check.intervalMillis();
        if (late <= NOISE_MILLIS) {
            return;
        }
        worstMillis = Math.max(worstMillis, late);
        long due = lastMillis + check.intervalMillis();
        long allowed = unsettled.stream()
                .filter(span -> span.fromMillis <= nextMillis && due <= span.toMillis)
                .mapToLong(Unsettled::lateMillis)
                .max()
                .orElse(LATE_MILLIS);
        if (late > allowed) {
            complain(check.object() + ": due " + seconds(due) + ", not run until " + seconds(nextMillis) + ", "
                    + late / 1000.0 + " s late");
        }
    }

    private void twice(Check check, RunLog.Run first, RunLog.Run second) {
        boolean others = !first.node().equals(second.node());
        boolean tooSoon = second.startMillis() - first.startMillis() < check.shortestMillis() / 2;
        if (others && tooSoon && settled(first.startMillis()) && settled(second.startMillis())) {
            doubles++;
            complain(check.object() + ": run by " + first.node() + " " + seconds(first.startMillis()) + " and by "
                    + second.node() + " " + seconds(second.startMillis()));
        }
    }

    private boolean settled(long millis) {
        return millis >= fromMillis
                && unsettled.stream().noneMatch(span -> span.fromMillis <= millis && millis <= span.toMillis);
    }

    private String seconds(long millis) {
        return "at " + (millis - fromMillis) / 1000.0 + " s";
    }

    private void complain(String what) {
        if (complaints.size() < MAX_COMPLAINTS) {
            complaints.add(what);
        }
    }
}
