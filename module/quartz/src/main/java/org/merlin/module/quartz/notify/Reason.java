package org.merlin.module.quartz.notify;

import org.merlin.protocol.event.Notification;

/** Why contacts are told; what each is called in macros and in the log. */
public enum Reason {
    NORMAL(Notification.NORMAL, ""),
    ACKNOWLEDGED(Notification.ACKNOWLEDGED, "ACKNOWLEDGEMENT"),
    FLAPPING_STARTED(Notification.FLAPPING_START, "FLAPPINGSTART"),
    FLAPPING_STOPPED(Notification.FLAPPING_STOP, "FLAPPINGSTOP"),
    FLAPPING_DISABLED(Notification.FLAPPING_DISABLED, "FLAPPINGDISABLED"),
    DOWNTIME_STARTED(Notification.DOWNTIME_START, "DOWNTIMESTART"),
    DOWNTIME_ENDED(Notification.DOWNTIME_END, "DOWNTIMEEND"),
    DOWNTIME_CANCELLED(Notification.DOWNTIME_CANCELLED, "DOWNTIMECANCELLED"),
    CUSTOM(Notification.CUSTOM, "CUSTOM");

    private final int code;
    private final String word;

    Reason(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** As other nodes are told. */
    int code() {
        return code;
    }

    /** What {@code $NOTIFICATIONTYPE$} is. */
    String type(int state) {
        return this == NORMAL ? state == 0 ? "RECOVERY" : "PROBLEM" : word;
    }

    /** What the log says in the place of the state: {@code CRITICAL}, {@code ACKNOWLEDGEMENT (CRITICAL)}. */
    String logged(String stateWord) {
        return this == NORMAL ? stateWord : word + " (" + stateWord + ")";
    }
}
