package org.merlin.tests.integration;

import java.util.List;
import java.util.stream.IntStream;

/** Passive services whose every result is a change of state, results numbered from 0, and what a database has to hold of them. */
final class NumberedChanges {
    /** What the database holds of history, in the order of {@link #history}. */
    static final String HISTORY =
            "SELECT service_description, state, hard, output FROM report_data WHERE event_type = 701"
                    + " ORDER BY CAST(SUBSTRING(output, 8) AS UNSIGNED), sequence";

    /** What it holds of current state, in the order of {@link #states}. */
    static final String STATES = "SELECT service_description, state, output FROM object_state"
            + " WHERE service_description <> '' ORDER BY CAST(SUBSTRING(service_description, 2) AS UNSIGNED)";

    private final int services;

    NumberedChanges(int services) {
        this.services = services;
    }

    private int service(int number) {
        return number % services;
    }

    private int state(int number) {
        return number / services % 2 == 0 ? 2 : 0;
    }

    /** The command that makes a change. */
    String line(int number) {
        return "[" + System.currentTimeMillis() / 1000 + "] PROCESS_SERVICE_CHECK_RESULT;passive;s" + service(number)
                + ";" + state(number) + ";number " + number;
    }

    String objects() {
        StringBuilder text = new StringBuilder();
        String rest =
                " check_command check!passive\n max_check_attempts 1\n check_interval 5\n active_checks_enabled 0\n"
                        + " check_period always\n notification_period always\n notifications_enabled 0\n contacts anna\n}\n";
        text.append("define host {\n host_name passive\n alias h\n address 127.0.0.1\n")
                .append(rest);
        for (int i = 0; i < services; i++) {
            text.append("define service {\n host_name passive\n service_description s")
                    .append(i)
                    .append("\n flap_detection_enabled 0\n")
                    .append(rest);
        }
        return text.toString();
    }

    /** The rows of so many changes. */
    List<String> history(int changes) {
        return IntStream.range(0, changes)
                .mapToObj(number -> "s" + service(number) + "|" + state(number) + "|1|number " + number)
                .toList();
    }

    /** How the services stand after so many changes, at least one of each. */
    List<String> states(int changes) {
        return IntStream.range(0, services)
                .map(service -> changes - 1 - Math.floorMod(changes - 1 - service, services))
                .mapToObj(number -> "s" + service(number) + "|" + state(number) + "|number " + number)
                .toList();
    }
}
