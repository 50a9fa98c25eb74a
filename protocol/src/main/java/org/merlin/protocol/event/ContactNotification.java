package org.merlin.protocol.event;

/**
 * One contact was told by one command. For reports; changes no state.
 *
 * @param reason as in {@link Notification}
 * @param state of the object, as told
 */
public record ContactNotification(
        MonitoredObject object,
        String contact,
        String command,
        int reason,
        int state,
        String output,
        String author,
        String text,
        long startMicros,
        long endMicros)
        implements Event {
    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.contactNotification(this);
    }
}
