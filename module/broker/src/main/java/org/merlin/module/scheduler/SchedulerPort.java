package org.merlin.module.scheduler;

import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.ExternalCommand;

/**
 * What the module asks of the scheduler that it is a guest of. The scheduler's <em>own thread</em> is the one that
 * processes results; all methods but {@link #wake()} are called there, from {@code BrokerModule.onTurn}.
 */
public interface SchedulerPort {
    /** Asks the scheduler to call {@code BrokerModule.onTurn} on its own thread soon. Any thread; never blocks. */
    void wake();

    /** Name and version as the scheduler gives them, e.g. {@code quartz 0.1.0}. */
    String description();

    /** The objects as the scheduler has loaded them. The same object until the module is closed. */
    LoadedObjects objects();

    /**
     * Puts a result that another node found, or this node in an earlier run, into the scheduler's state: through its
     * own result processing, muted (no notification, no event handler), then written over with the runner's figures.
     *
     * @param index place of the object in {@link #objects()}
     * @param revision the object's revision that this result makes; kept with the state
     * @param aloud whether it is ours to notify about it: somebody handed it to another node, and we are the runner. Then
     *     nothing is muted, and our own notification counters stay
     */
    void apply(int index, CheckResult result, int revision, boolean aloud);

    /** Notes a result that is older than the present state: history only, no change of state. */
    void history(int index, CheckResult result);

    /** Runs the check of an object as soon as possible, by {@code precheck} as any other. */
    void runSoon(int index);

    /** Executes a command that was given to another node. It must not be reported back to the module. */
    void execute(ExternalCommand command);
}
