package org.merlin.protocol.event;

/**
 * A comment, a downtime or an acknowledgement that its own node tells once more, since nobody may have heard of it: it keeps the name
 * under which it was told first, so that whoever has it does nothing, and a deletion of it goes on to win. Revision and time of the
 * packet are those that it had.
 *
 * @param epoch of the event that told it first; of the same origin as the packet
 * @param sequence of that event
 */
public record Repetition(int epoch, long sequence, Event event) implements Event {
    public Repetition {
        if (!(event instanceof Comment || event instanceof Downtime || event instanceof Acknowledgement)) {
            throw new IllegalArgumentException("this is told under no name of its own: " + event);
        }
    }

    /** The name of what is repeated, in a packet of an origin. */
    public EventName name(long origin) {
        return new EventName(origin, epoch, sequence);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.repetition(this);
    }
}
