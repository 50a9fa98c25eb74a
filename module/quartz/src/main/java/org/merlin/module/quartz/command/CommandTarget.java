package org.merlin.module.quartz.command;

import java.util.Optional;
import org.merlin.module.quartz.state.Finding;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;

/** What commands can do to the scheduler. The core's thread. */
public interface CommandTarget {
    /** Takes a result that somebody hands in; returns why not, empty if it was taken. */
    Optional<String> passive(int index, Finding finding);

    /**
     * Moves an object's next check.
     *
     * @param forced whether it runs even if the object is not checked at that time, or at all
     */
    void checkAt(int index, long atMillis, boolean forced);

    /** Writes the retention file now. */
    void save();

    /** Switches or sets an attribute, and tells the other nodes; returns why not, empty if it is done. */
    Optional<String> set(Register register);

    void comment(int index, Comment comment);

    /** Deletes a comment; returns whether it was there. */
    boolean deleteComment(long id);

    void deleteComments(int index);

    void acknowledge(int index, Acknowledgement acknowledgement);

    void removeAcknowledgement(int index, long entrySeconds);

    /**
     * Schedules a downtime.
     *
     * @param triggeredBy number of the downtime that it begins with; 0 for none
     * @return its number; 0 if it could not be scheduled
     */
    long schedule(int index, Downtime downtime, long triggeredBy);

    /** Deletes a downtime; returns whether it was there. */
    boolean deleteDowntime(long id);

    /**
     * Deletes the downtimes of an object that are as told; returns how many.
     *
     * @param startSeconds when they begin; 0 for whenever
     * @param text their comment; empty for any
     */
    int deleteDowntimes(int index, long startSeconds, String text);

    /** No notification before a time. */
    void delayNotification(int index, long untilMillis);

    void numberNotification(int index, int number);

    /**
     * Tells contacts what somebody has to say.
     *
     * @param bits 1 to all, 2 whatever rules say, 4 and count it
     */
    void tellContacts(int index, long bits, String author, String text);

    /** Forgets how an object changed lately. */
    void clearFlapping(int index);

    /** Tells the module of a command that was given here, before it is executed. */
    void given(ExternalCommand command);

    /** Writes a line into the log. */
    void log(String line);
}
