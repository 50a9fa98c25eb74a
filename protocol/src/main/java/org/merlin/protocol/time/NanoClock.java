package org.merlin.protocol.time;

/** A clock for loops, which read it once a turn and pass the time down. Compare instants by subtraction. */
@FunctionalInterface
public interface NanoClock {
    /** The clock of this machine, which never goes back; its zero means nothing. */
    NanoClock SYSTEM = System::nanoTime;

    long nanos();
}
