package org.merlin.module.quartz.state;

/** Numbers events and problems, over all objects of this scheduler. Confined to the core's thread. */
public final class Ids {
    private long lastEvent;
    private long lastProblem;

    long nextEvent() {
        return ++lastEvent;
    }

    long nextProblem() {
        return ++lastProblem;
    }

    /** Never gives a number again that somebody else, or an earlier run, has given. */
    public void seen(ObjectState state) {
        lastEvent =
                Math.max(lastEvent, Math.max(state.ids().event(), state.ids().lastEvent()));
        lastProblem = Math.max(
                lastProblem, Math.max(state.ids().problem(), state.ids().lastProblem()));
    }
}
