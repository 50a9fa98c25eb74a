package org.merlin.module.nagios;

import java.util.Locale;

/** The fields of a host or service that {@code layouts.txt} has: each result reads and writes dozens, so they are found by number. */
enum ObjectField {
    SIZEOF,
    ID,
    NAME,
    MAX_ATTEMPTS,
    CHECK_TYPE,
    CURRENT_STATE,
    LAST_STATE,
    LAST_HARD_STATE,
    PLUGIN_OUTPUT,
    LONG_PLUGIN_OUTPUT,
    PERF_DATA,
    STATE_TYPE,
    CURRENT_ATTEMPT,
    CURRENT_EVENT_ID,
    LAST_EVENT_ID,
    CURRENT_PROBLEM_ID,
    LAST_PROBLEM_ID,
    LAST_NOTIFICATION,
    NEXT_NOTIFICATION,
    NEXT_CHECK,
    LAST_CHECK,
    LAST_STATE_CHANGE,
    LAST_HARD_STATE_CHANGE,
    LAST_TIME_0,
    LAST_TIME_1,
    LAST_TIME_2,
    LAST_TIME_3,
    CURRENT_NOTIFICATION_NUMBER,
    IS_FLAPPING,
    PERCENT_STATE_CHANGE,
    NOTIFIED_ON,
    NO_MORE_NOTIFICATIONS,
    STATE_HISTORY,
    STATE_HISTORY_INDEX,
    PROBLEM_HAS_BEEN_ACKNOWLEDGED,
    FLAPPING_COMMENT_ID,
    SCHEDULED_DOWNTIME_DEPTH,
    CHECKS_ENABLED,
    ACCEPT_PASSIVE_CHECKS,
    EVENT_HANDLER_ENABLED,
    NOTIFICATIONS_ENABLED,
    FLAP_DETECTION_ENABLED,
    OBSESS,
    HOSTGROUPS_PTR,
    NEXT,
    DESCRIPTION,
    HOST_PTR;

    /** Its name in {@code layouts.txt}, behind the type's. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
