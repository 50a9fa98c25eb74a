package org.merlin.module.ipc;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Wakes a parked thread, and costs next to nothing while it is not parked. */
public final class Bell {
    private final AtomicBoolean parked = new AtomicBoolean();
    private volatile Thread listener;

    /** Names the thread that parks. */
    void listener(Thread thread) {
        listener = thread;
    }

    /** Wakes the listener if it is parked, or about to. Any thread. */
    public void ring() {
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(listener);
        }
    }

    /** Parks the listener, unless there is work. Whoever makes work rings afterwards, so none is missed. */
    void parkUnless(BooleanSupplier work, long nanos) {
        parked.set(true);
        if (!work.getAsBoolean()) {
            LockSupport.parkNanos(this, nanos);
        }
        parked.set(false);
    }

    /** Sleeps without asking to be woken: to wake a thread costs whoever rings more than all else that it does. Listener. */
    void rest(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }
}
