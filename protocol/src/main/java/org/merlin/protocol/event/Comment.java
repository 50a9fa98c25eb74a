package org.merlin.protocol.event;

/**
 * A comment that somebody made. Its name on all nodes is that of the event. Those that a scheduler makes by itself, for a downtime,
 * an acknowledgement or flapping, do not travel: every scheduler makes its own.
 *
 * @param entrySeconds when it was made, seconds since 1970
 * @param persistent whether it outlives the restart of a scheduler
 * @param source 0 from the scheduler itself, 1 from outside
 * @param expireSeconds when it goes by itself, seconds since 1970; 0 for never
 */
public record Comment(
        MonitoredObject object,
        long entrySeconds,
        String author,
        String text,
        boolean persistent,
        int source,
        long expireSeconds)
        implements Event {
    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.comment(this);
    }
}
