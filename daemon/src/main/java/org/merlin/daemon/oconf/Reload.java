package org.merlin.daemon.oconf;

import java.util.Optional;
import java.util.function.Consumer;
import org.merlin.confsync.generation.Outcome;
import org.merlin.daemon.cluster.ConfigPort.Run;

/**
 * Makes the scheduler read its configuration, and finds out whether it came back: a new run of it, with our module, that stays for a
 * moment. Where it is gone it is started again, unless whatever watches over it has done so. Confined to the sync's thread.
 */
final class Reload {
    private static final long SETTLED_NANOS = 1_500_000_000L;
    /** So long whatever watches over a scheduler has to start it again. */
    private static final long OTHERS_NANOS = 4_000_000_000L;
    /** After which a process that a signal has ended is not waited for. */
    private static final long DEAD_NANOS = 2_000_000_000L;

    private final long timeoutNanos;
    private final Means means;
    private Optional<Run> run = Optional.empty();
    private int lastPid;
    private State state = State.IDLE;
    private int epochBefore;
    private long begunNanos;
    private long sinceNanos;
    private boolean startedIt;
    private Consumer<Outcome> answer = outcome -> {};

    private enum State {
        IDLE,
        /** For a run that can be told to reload. */
        AWAITED,
        /** For one that starts, and reads what is there now. */
        STARTING,
        TOLD,
        SETTLING
    }

    /** What is done to the scheduler. */
    interface Means {
        /** Tells it to reload; the answer, which may come later, is bad if that could not be done. */
        void tell(Run run, Consumer<Outcome> told);

        /** Starts it as it was started before; empty if that is done, else why not. */
        Optional<String> start();

        boolean isAlive(int pid);

        /** Whether it is told by a command, which may end its process and start another. */
        boolean byCommand();

        /** What it has written to its log since the reload that looks like an error; lines, may be empty. */
        String complaints();

        /** It is told now: what is in its log is not about this. */
        void mark();
    }

    /**
     * Of a scheduler that may have been there before this daemon.
     *
     * @param lastPid its process; 0 if unknown
     */
    Reload(long timeoutNanos, int lastPid, Means means) {
        this.lastPid = lastPid;
        this.timeoutNanos = timeoutNanos;
        this.means = means;
    }

    /** Whether its process is there; it may hang, or have yet to connect. */
    boolean runs() {
        return run.isPresent() || lastPid != 0 && means.isAlive(lastPid);
    }

    Optional<Run> run() {
        return run;
    }

    boolean busy() {
        return state != State.IDLE;
    }

    void onRun(Optional<Run> now, long nowNanos) {
        run = now;
        now.filter(present -> present.pid() != 0).ifPresent(present -> lastPid = present.pid());
        onTick(nowNanos);
    }

    /** Begins; one at a time. */
    void begin(Consumer<Outcome> whenDone, long nowNanos) {
        if (busy()) {
            whenDone.accept(Outcome.bad("a reload is under way"));
            return;
        }
        answer = whenDone;
        begunNanos = nowNanos;
        startedIt = false;
        means.mark();
        if (run.isPresent()) {
            tell(nowNanos);
        } else {
            state = lastPid != 0 && !means.isAlive(lastPid) ? State.STARTING : State.AWAITED;
        }
    }

    private void tell(long nowNanos) {
        state = State.TOLD;
        sinceNanos = nowNanos;
        epochBefore = run.orElseThrow().info().epoch();
        means.tell(run.get(), outcome -> {
            if (state == State.TOLD && !outcome.good()) {
                end(outcome);
            }
        });
    }

    /** Lets time pass; wanted ten times a second while it is busy. */
    void onTick(long nowNanos) {
        switch (state) {
            case IDLE -> {}
            case AWAITED -> {
                if (run.isPresent()) {
                    tell(nowNanos);
                } else if (lastPid != 0 && !means.isAlive(lastPid)) {
                    state = State.STARTING;
                }
            }
            case STARTING -> onStarting(nowNanos);
            case TOLD -> onTold(nowNanos);
            case SETTLING -> {
                if (run.isEmpty()) {
                    state = State.TOLD;
                    sinceNanos = nowNanos;
                } else if (nowNanos - sinceNanos >= SETTLED_NANOS) {
                    end(Outcome.good(""));
                }
            }
        }
        if (busy() && nowNanos - begunNanos >= timeoutNanos) {
            late();
        }
    }

    private void onStarting(long nowNanos) {
        if (run.isPresent()) {
            settle(nowNanos);
        } else if (!startedIt && nowNanos - begunNanos >= OTHERS_NANOS) {
            startedIt = true;
            means.start().ifPresent(why -> end(Outcome.bad("the scheduler is not running, and " + why)));
        }
    }

    private void onTold(long nowNanos) {
        if (run.filter(now -> now.info().epoch() != epochBefore).isPresent()) {
            settle(nowNanos);
        } else if (run.isEmpty()
                && !means.byCommand()
                && nowNanos - sinceNanos >= DEAD_NANOS
                && !means.isAlive(lastPid)) {
            end(Outcome.bad(withComplaints("the scheduler's process has ended")));
        }
    }

    private void settle(long nowNanos) {
        state = State.SETTLING;
        sinceNanos = nowNanos;
    }

    private void late() {
        String what = run.isEmpty()
                ? "the scheduler was not back within " + timeoutNanos / 1_000_000_000L + " s"
                : "the scheduler runs on without having read it, " + timeoutNanos / 1_000_000_000L
                        + " s after it was told";
        end(Outcome.bad(withComplaints(what)));
    }

    private String withComplaints(String what) {
        String complaints = means.complaints();
        return complaints.isEmpty() ? what : what + ":\n" + complaints;
    }

    private void end(Outcome outcome) {
        state = State.IDLE;
        Consumer<Outcome> told = answer;
        answer = nobody -> {};
        told.accept(outcome);
    }
}
