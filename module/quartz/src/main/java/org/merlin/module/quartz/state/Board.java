package org.merlin.module.quartz.state;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** The present states of all objects, by index. Written on the core's thread, read on any. */
public final class Board {
    private final AtomicReferenceArray<ObjectState> states;
    private long changes;

    /** Makes a board on which everything is pending. */
    public Board(int size) {
        states = new AtomicReferenceArray<>(size);
        for (int i = 0; i < size; i++) {
            states.set(i, ObjectState.PENDING);
        }
    }

    public ObjectState get(int index) {
        return states.get(index);
    }

    public void set(int index, ObjectState state) {
        states.set(index, state);
        changed();
    }

    /** Notes that there is something new to be kept, on this board or beside it. */
    public void changed() {
        changes++;
    }

    /** How many changes there were; for who wants to know whether anything is new. The core's thread. */
    public long changes() {
        return changes;
    }
}
