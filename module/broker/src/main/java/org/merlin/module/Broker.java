package org.merlin.module;

import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.ExternalCommand;

/**
 * What a scheduler tells its module and asks of it. The scheduler adapters' side of the border; {@code SchedulerPort} is
 * the other. No method throws, waits, logs or does I/O.
 */
public interface Broker extends AutoCloseable {
    /**
     * Decides whether this node runs a check that is due now. Any thread.
     *
     * @param index place of the object in {@code LoadedObjects}
     * @return true to run it; false if another node does: the scheduler then goes on to the next due time
     */
    boolean mayRun(int index);

    /**
     * Takes a result that this scheduler found (by a check of its own, or passively) and has processed. Scheduler's thread.
     *
     * @return the object's revision that the result makes, to be kept with the state
     */
    int onResult(int index, CheckResult result);

    /** Takes a command that was given to this scheduler, to pass it on where it concerns others. Scheduler's thread. */
    void onCommand(ExternalCommand command);

    /**
     * Applies what other nodes have sent, through {@code SchedulerPort}, for at most 5 ms. Scheduler's thread, after
     * {@code SchedulerPort.wake()}.
     *
     * @param nowNanos the scheduler's loop time
     * @return whether more is waiting; the scheduler then does its own work and calls again
     */
    boolean onTurn(long nowNanos);

    /** What must be kept together with the scheduler's states, as of now. Scheduler's thread. */
    Memory memory();

    /** Tells the daemon that the scheduler ends, hands over what is waiting within a second, and stops. */
    @Override
    void close();
}
