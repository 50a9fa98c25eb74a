package org.merlin.protocol.event;

/**
 * Somebody deleted a comment or a downtime. Wins for ever, and may come before what it deletes.
 *
 * @param kind what is deleted: a downtime and an acknowledgement have a comment of the same name
 * @param name of the event that made it
 */
public record Deletion(Kind kind, EventName name, MonitoredObject object) implements Event {
    /** Ordinals travel. */
    public enum Kind {
        COMMENT,
        DOWNTIME
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.deletion(this);
    }
}
