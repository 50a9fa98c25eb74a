package org.merlin.module;

import java.util.function.Supplier;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;

/**
 * What a scheduler tells its module and asks of it. The scheduler adapters' side of the border; {@code SchedulerPort} is
 * the other. No method throws, waits, logs or does I/O.
 *
 * <p>A scheduler may tell what comes of what the module gave it (an echo) or not: the module knows the difference.
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
     * Decides whether contacts are told about an object now, by this node. Asked after the scheduler's own rules have said yes,
     * before it counts. Scheduler's thread.
     *
     * @param reason as in {@link Notification}
     * @return false to send nothing and count nothing: another node does, or this one a little later, by {@code
     *     SchedulerPort.tellContacts}
     */
    boolean mayNotify(int index, int reason);

    /** Decides whether this node runs an object's event handler now. Scheduler's thread. */
    boolean mayHandle(int index);

    /**
     * Takes a result that this scheduler found (by a check of its own, or passively) and has processed. Scheduler's thread.
     *
     * @return the object's revision that the result makes, to be kept with the state
     */
    int onResult(int index, CheckResult result);

    /**
     * Takes a command that was given to this scheduler, to pass it on where it concerns others. Scheduler's thread, before the
     * scheduler executes it. Those that create or set something are not passed on: what they create or set is told by itself.
     */
    void onCommand(ExternalCommand command);

    /** Takes that contacts were told about an object, or that its count was set by a command. Scheduler's thread, afterwards. */
    void onNotification(int index, Notification notification);

    /** Takes that one contact was told by one command. Scheduler's thread. */
    void onContactNotification(int index, ContactNotification notification);

    /**
     * Takes a new comment.
     *
     * @param id the scheduler's own number of it
     * @param kind what made it
     */
    void onComment(int index, long id, CommentKind kind, Comment comment);

    /**
     * Takes that a comment is gone.
     *
     * @param byCommand whether somebody deleted it; false if it went by itself, as it does on every node
     */
    void onCommentGone(long id, boolean byCommand);

    /**
     * Takes a new downtime, before the comment that the scheduler makes for it.
     *
     * @param id the scheduler's own number of it
     * @param downtime what it is, but for the name of its trigger
     * @param triggeredBy the scheduler's own number of the downtime that it begins with; 0 for none
     */
    void onDowntime(int index, long id, Downtime downtime, long triggeredBy);

    /**
     * Takes that a downtime is gone.
     *
     * @param byCommand whether somebody deleted it; false if it ended by itself, as it does on every node
     */
    void onDowntimeGone(long id, boolean byCommand);

    /** Takes that somebody acknowledged a problem, before the comment that the scheduler makes for it. */
    void onAcknowledgement(int index, Acknowledgement acknowledgement);

    /** Takes that somebody took an acknowledgement back by a command. */
    void onAcknowledgementRemoved(int index, long entrySeconds);

    /** Takes that somebody switched or set an attribute. */
    void onSet(Register register);

    /** The scheduler has loaded all that it kept from its last run. Scheduler's thread, once, before its first check. */
    void onLoaded();

    /**
     * Applies what other nodes have sent, through {@code SchedulerPort}, for at most 2 ms. Scheduler's thread, after
     * {@code SchedulerPort.wake()}.
     *
     * @param nowNanos the scheduler's loop time, just read
     * @return whether more is waiting; the scheduler then does its own work and calls again
     */
    boolean onTurn(long nowNanos);

    /**
     * What must be kept together with the scheduler's states, as of now. Scheduler's thread.
     *
     * @return gives the whole on any thread: what is quick is done now, what takes a while when it is asked for
     */
    Supplier<Memory> memory();

    /**
     * Tells the daemon that the scheduler ends, hands over what is waiting within a second, and stops.
     *
     * @param why what the other nodes are told, e.g. {@code scheduler reloads}
     */
    void close(String why);

    @Override
    default void close() {
        close("scheduler stops");
    }

    /** What made a comment; only those of users travel, the others are made by each scheduler for itself. */
    enum CommentKind {
        USER,
        DOWNTIME,
        FLAPPING,
        ACKNOWLEDGEMENT;

        /** As Nagios numbers them, from 1. */
        public static CommentKind of(int entryType) {
            return values()[entryType - 1];
        }
    }
}
