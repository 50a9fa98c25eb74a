package org.merlin.protocol.event;

/**
 * A scheduler told contacts about an object, or somebody set what counts that.
 *
 * @param reason as Nagios numbers them, see the constants
 * @param state of the object, as told
 * @param contacts how many were told; 0 if only the count was set
 * @param count what is counted now
 * @param problem which problem, {@link CheckResult.Problem}
 * @param author of an acknowledgement or a custom notification, else empty
 * @param text of an acknowledgement or a custom notification, else empty
 */
public record Notification(
        MonitoredObject object,
        int reason,
        int state,
        int contacts,
        CheckResult.NotificationCount count,
        CheckResult.Problem problem,
        String author,
        String text)
        implements Event {
    public static final int NORMAL = 0;
    public static final int ACKNOWLEDGED = 1;
    public static final int FLAPPING_START = 2;
    public static final int FLAPPING_STOP = 3;
    public static final int FLAPPING_DISABLED = 4;
    public static final int DOWNTIME_START = 5;
    public static final int DOWNTIME_END = 6;
    public static final int DOWNTIME_CANCELLED = 7;
    public static final int CUSTOM = 8;

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.notification(this);
    }
}
