package org.merlin.module.quartz.notes;

import org.merlin.protocol.event.Downtime;

/**
 * A downtime as this scheduler has it.
 *
 * @param id this scheduler's number of it
 * @param index place of its object
 * @param triggeredBy number of the downtime that it begins with; 0 for none
 * @param comment number of the comment that tells of it; 0 before it is made
 * @param begunSeconds when it began, seconds since 1970; 0 while it has not
 */
public record Outage(long id, int index, Downtime downtime, long triggeredBy, long comment, long begunSeconds) {
    public boolean isInEffect() {
        return begunSeconds > 0;
    }

    boolean isFlexible() {
        return !downtime.fixed() && triggeredBy == 0;
    }

    Outage withComment(long number) {
        return new Outage(id, index, downtime, triggeredBy, number, begunSeconds);
    }

    Outage begun(long seconds) {
        return new Outage(id, index, downtime, triggeredBy, comment, seconds);
    }

    /** When something happens to it by itself next; seconds since 1970. */
    long dueSeconds() {
        if (isInEffect()) {
            return overSeconds();
        }
        return downtime.fixed() && triggeredBy == 0 ? downtime.startSeconds() : lapseSeconds();
    }

    private long overSeconds() {
        return downtime.fixed() ? downtime.endSeconds() : begunSeconds + downtime.durationSeconds();
    }

    /** When it can begin no longer. */
    private long lapseSeconds() {
        return downtime.endSeconds();
    }
}
