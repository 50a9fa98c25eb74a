package org.merlin.protocol.event;

/**
 * A downtime that somebody scheduled. Its name on all nodes is that of the event. Each scheduler starts and ends it by itself.
 *
 * @param entrySeconds when it was made; all times in seconds since 1970
 * @param startSeconds when it begins, or may begin if it is flexible
 * @param endSeconds when it ends, or may begin at the latest
 * @param fixed whether it runs from start to end; a flexible one begins with a problem between them, and lasts its duration
 * @param durationSeconds of a flexible one
 * @param triggeredBy the downtime that it begins with; {@link EventName#NONE} if none
 */
public record Downtime(
        MonitoredObject object,
        long entrySeconds,
        String author,
        String text,
        long startSeconds,
        long endSeconds,
        boolean fixed,
        long durationSeconds,
        EventName triggeredBy)
        implements Event {
    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.downtime(this);
    }
}
