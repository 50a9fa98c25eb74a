package org.merlin.module.scheduler;

import java.util.OptionalLong;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;

/**
 * What the module asks of the scheduler that it is a guest of. The scheduler's <em>own thread</em> is the one that
 * processes results; all methods but {@link #wake()} are called there, from {@code BrokerModule.onTurn}.
 *
 * <p>An index is the place of an object in {@link #objects()}, an id the scheduler's own number of a comment or downtime.
 */
public interface SchedulerPort {
    /** Asks the scheduler to call {@code BrokerModule.onTurn} on its own thread soon. Any thread; never blocks. */
    void wake();

    /** Name and version as the scheduler gives them, e.g. {@code quartz 0.1.0}. */
    String description();

    /** For how many seconds a check may run before the scheduler ends it. */
    int checkTimeoutSeconds();

    /** The objects as the scheduler has loaded them. The same object until the module is closed. */
    LoadedObjects objects();

    /**
     * Puts a result that another node found, or this node in an earlier run, into the scheduler's state: through its
     * own result processing, then written over with the runner's figures.
     *
     * @param revision the object's revision that this result makes; kept with the state
     * @param aloud whether contacts may have to be told of it, or an event handler run, here: {@code Broker.mayNotify} and
     *     {@code mayHandle} are asked as for results of our own, and our own notification counters stay. Else nothing of it
     *     leaves the scheduler
     */
    void apply(int index, CheckResult result, int revision, boolean aloud);

    /** Notes a result that is older than the present state: history only, no change of state. */
    void history(int index, CheckResult result);

    /** Runs the check of an object as soon as possible, by {@code precheck} as any other. */
    void runSoon(int index);

    /** Executes a command that was given to another node. It must not be reported back to the module. */
    void execute(ExternalCommand command);

    /** What is counted of an object's notifications. */
    CheckResult.NotificationCount count(int index);

    /** Overwrites what is counted of an object's notifications. Tells nobody. */
    void count(int index, CheckResult.NotificationCount count);

    /**
     * Tells contacts about the object's present state, as its own rules want it, and if {@code Broker.mayNotify} agrees.
     *
     * @param notifiedOn states that contacts know of already, as in {@link CheckResult.NotificationCount}: without any a recovery
     *     is not worth telling
     */
    void tellContacts(int index, int notifiedOn);

    /** Adds a comment of a user; returns its id, 0 if that could not be done. */
    long addComment(int index, Comment comment);

    /** Finds a comment of a user that is the same in all but its id. */
    OptionalLong findComment(int index, Comment comment);

    /** Whether there is a comment or a downtime with an id; used after a start, for what was kept from the last run. */
    boolean has(Deletion.Kind kind, int index, long id);

    void deleteComment(int index, long id);

    /**
     * Schedules a downtime; returns its id, 0 if that could not be done.
     *
     * @param triggeredBy id of the downtime that it begins with; 0 for none
     */
    long addDowntime(int index, Downtime downtime, long triggeredBy);

    /** Finds a downtime that is the same in all but its id. */
    OptionalLong findDowntime(int index, Downtime downtime);

    /** Deletes a downtime, whether it has begun or not. */
    void deleteDowntime(int index, long id);

    /** Whether the object's problem counts as acknowledged. */
    boolean isAcknowledged(int index);

    /**
     * Acknowledges the object's problem, with a comment.
     *
     * @param tellContacts whether contacts are told of it
     */
    void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts);

    void removeAcknowledgement(int index);

    /** Switches or sets an attribute. */
    void set(Register register);
}
