package org.merlin.protocol.event;

/**
 * The name of an event for ever, the same on every node: who said it, in which run of its scheduler, as which of its events.
 *
 * @param origin of the node that said it
 * @param epoch of that node's scheduler's run
 * @param sequence within that run, from 1; 0 for no event at all
 */
public record EventName(long origin, int epoch, long sequence) {
    /** No event. */
    public static final EventName NONE = new EventName(0, 0, 0);

    public boolean isNone() {
        return sequence == 0;
    }

    @Override
    public String toString() {
        return Long.toHexString(origin) + "/" + Integer.toUnsignedString(epoch) + "/" + sequence;
    }

    /** Reads what {@link #toString} wrote. */
    public static EventName parse(String text) {
        String[] words = text.split("/");
        return new EventName(
                Long.parseUnsignedLong(words[0], 16), Integer.parseUnsignedInt(words[1]), Long.parseLong(words[2]));
    }
}
