package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the fields of a host or service may hold: a layout that is not the scheduler's shows here. What lies behind a field is at
 * the start mostly 0 or of the same kind; not every shift can be seen. Scheduler's thread.
 */
final class Plausible {
    /** Times are of 1973 to 2100, ids far below times, and no change of states is a hundredth of a percent. */
    private static final long FIRST_SECOND = 100_000_000L;

    private static final long LAST_SECOND = 4_102_444_800L;
    private static final long MAX_ID = 1_000_000_000L;
    private static final double LEAST_CHANGE = 0.01;
    private static final int MAX_ATTEMPTS = 100_000;
    private static final int MAX_COUNT = 1_000_000;
    private static final int ALL_STATES = 0xFFFF;

    private final String type;
    private final Layout layout;
    private final List<Rule> rules = new ArrayList<>();
    private final int[] texts;

    /** A number between two others, or 0. */
    private record Rule(String field, int offset, boolean wide, long least, long most) {
        boolean holds(ByteBuffer object) {
            long value = value(object);
            return value == 0 && (wide || least <= 0) || value >= least && value <= most;
        }

        long value(ByteBuffer object) {
            return wide ? object.getLong(offset) : object.getInt(offset);
        }
    }

    Plausible(Layout layout, String type) {
        this.layout = layout;
        this.type = type;
        int worst = type.equals("host") ? 2 : 3;
        numbers(0, worst, "current_state", "last_state", "last_hard_state");
        numbers(
                0,
                1,
                "state_type",
                "check_type",
                "is_flapping",
                "problem_has_been_acknowledged",
                "no_more_notifications");
        numbers(0, 1, "checks_enabled", "accept_passive_checks", "event_handler_enabled");
        numbers(0, 1, "notifications_enabled", "flap_detection_enabled", "obsess");
        numbers(1, MAX_ATTEMPTS, "max_attempts", "current_attempt");
        numbers(0, MAX_COUNT, "current_notification_number", "scheduled_downtime_depth");
        numbers(0, ALL_STATES, "notified_on");
        numbers(0, ObjectReader.STATES - 1, "state_history_index");
        for (int i = 0; i < ObjectReader.STATES; i++) {
            rules.add(new Rule("state_history", at("state_history") + i * Integer.BYTES, false, 0, worst));
        }
        wide(0, MAX_ID, "current_event_id", "last_event_id", "current_problem_id", "last_problem_id");
        wide(0, MAX_ID, "flapping_comment_id");
        wide(FIRST_SECOND, LAST_SECOND, "last_notification", "next_notification", "next_check", "last_check");
        wide(FIRST_SECOND, LAST_SECOND, "last_state_change", "last_hard_state_change");
        wide(FIRST_SECOND, LAST_SECOND, "last_time_0", "last_time_1", "last_time_2", "last_time_3");
        // positive numbers with a point are in the order of their bits
        wide(Double.doubleToRawLongBits(LEAST_CHANGE), Double.doubleToRawLongBits(100), "percent_state_change");
        texts = new int[] {at("plugin_output"), at("long_plugin_output"), at("perf_data")};
    }

    private int at(String field) {
        return layout.at(type + "." + field);
    }

    private void numbers(long least, long most, String... fields) {
        for (String field : fields) {
            rules.add(new Rule(field, at(field), false, least, most));
        }
    }

    private void wide(long least, long most, String... fields) {
        for (String field : fields) {
            if (layout.has(type + "." + field)) {
                rules.add(new Rule(field, at(field), true, least, most));
            }
        }
    }

    /** Holds an object against it; may read anew into the same buffer. */
    void check(ByteBuffer object, Memory64 memory) throws Inventory.UnfitException {
        for (Rule rule : rules) {
            if (!rule.holds(object)) {
                throw new Inventory.UnfitException(type + "." + rule.field + " is " + rule.value(object));
            }
        }
        long[] addresses = new long[texts.length];
        for (int i = 0; i < texts.length; i++) {
            addresses[i] = object.getLong(texts[i]);
        }
        for (long address : addresses) {
            if (address != 0 && !memory.isReadable(address)) {
                throw new Inventory.UnfitException(
                        "a text of a " + type + " lies at " + Long.toHexString(address) + ", where nothing is");
            }
        }
    }
}
