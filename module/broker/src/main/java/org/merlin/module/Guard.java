package org.merlin.module;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;

/**
 * Keeps our own faults away from the scheduler: counts them at each place, and after {@link #MAX_IN_A_ROW} at one without a success
 * there lets the module go for good, whatever goes well elsewhere. Any thread.
 */
final class Guard {
    static final int MAX_IN_A_ROW = 10;

    private final AtomicIntegerArray inARow = new AtomicIntegerArray(Place.values().length);
    private final BiConsumer<String, Exception> report;
    private final Runnable detach;
    private volatile boolean detached;

    /** Where faults are counted. */
    enum Place {
        CHECK("deciding about the check of"),
        NOTIFICATION("deciding about a notification for"),
        EVENT_HANDLER("deciding about an event handler for"),
        RESULT("taking a result of"),
        COMMAND("taking the command"),
        NOTIFIED("taking a notification of"),
        CONTACT_NOTIFIED("taking a contact's notification of"),
        COMMENT("taking the comment"),
        COMMENT_GONE("taking the end of the comment"),
        DOWNTIME("taking the downtime"),
        DOWNTIME_GONE("taking the end of the downtime"),
        ACKNOWLEDGEMENT("taking an acknowledgement of"),
        ACKNOWLEDGEMENT_REMOVED("taking the end of an acknowledgement of"),
        SWITCH("taking a switch of"),
        LOADED("taking what was kept for"),
        /** What other nodes told, of whatever kind: one that we cannot take is no reason to let go of the others. */
        EVENT("applying"),
        TURN("a turn of");

        private final String words;

        Place(String words) {
            this.words = words;
        }
    }

    /**
     * Makes a guard.
     *
     * @param report told every fault; must not block
     * @param detach called once, when it is enough
     */
    Guard(BiConsumer<String, Exception> report, Runnable detach) {
        this.report = report;
        this.detach = detach;
    }

    /** Asks for a decision; returns what the scheduler does alone, true, if we fail or have let go. */
    boolean decide(Place place, int index, IntPredicate decision) {
        if (detached) {
            return true;
        }
        try {
            boolean decided = decision.test(index);
            succeeded(place);
            return decided;
        } catch (RuntimeException e) {
            failed(place, index, e);
            return true;
        }
    }

    /**
     * Takes what the scheduler tells, unless we have let go.
     *
     * @param of what it is about, for the log
     */
    void take(Place place, Object of, Runnable taking) {
        if (detached) {
            return;
        }
        try {
            taking.run();
            succeeded(place);
        } catch (RuntimeException e) {
            failed(place, of, e);
        }
    }

    void succeeded(Place place) {
        if (inARow.get(place.ordinal()) != 0) {
            inARow.set(place.ordinal(), 0);
        }
    }

    void failed(Place place, Object of, Exception fault) {
        report.accept(place.words + " " + of, fault);
        if (inARow.incrementAndGet(place.ordinal()) >= MAX_IN_A_ROW) {
            detach();
        }
    }

    /** Lets go at once. */
    void detach() {
        synchronized (this) {
            if (detached) {
                return;
            }
            detached = true;
        }
        detach.run();
    }

    boolean detached() {
        return detached;
    }
}
