package org.merlin.module.hook;

import static org.merlin.protocol.event.Register.Subject.CONTACT;
import static org.merlin.protocol.event.Register.Subject.HOST;
import static org.merlin.protocol.event.Register.Subject.PROGRAM;
import static org.merlin.protocol.event.Register.Subject.SERVICE;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Register.Subject;

/**
 * The attributes that can be switched or set while a scheduler runs, and the external commands that do so. Names of attributes
 * travel and are never changed. Commands are those of Nagios 4 and Naemon. Immutable.
 */
public final class Attributes {
    public static final String CHECKS = "checks";
    public static final String PASSIVE_CHECKS = "passive_checks";
    public static final String NOTIFICATIONS = "notifications";
    public static final String EVENT_HANDLER = "event_handler";
    public static final String FLAP_DETECTION = "flap_detection";
    public static final String OBSESSING = "obsessing";
    public static final String HOST_CHECKS = "host_checks";
    public static final String PASSIVE_HOST_CHECKS = "passive_host_checks";
    public static final String OBSESSING_HOSTS = "obsessing_hosts";
    public static final String PERFORMANCE_DATA = "performance_data";
    public static final String HOST_NOTIFICATIONS = "host_notifications";
    public static final String SERVICE_NOTIFICATIONS = "service_notifications";

    /** Commands whose value has a name of its own: {@code CHANGE_CUSTOM_SVC_VAR;host;service;NAME;value}. */
    private static final String VARIABLE = "variable:";

    private static final Map<String, Switch> SWITCHES = new HashMap<>();
    private static final Map<String, Setting> SETTINGS = new HashMap<>();

    static {
        // of hosts and of services: * is HOST or SVC
        both(CHECKS, "ENABLE_*_CHECK", "DISABLE_*_CHECK");
        both(PASSIVE_CHECKS, "ENABLE_PASSIVE_*_CHECKS", "DISABLE_PASSIVE_*_CHECKS");
        both(NOTIFICATIONS, "ENABLE_*_NOTIFICATIONS", "DISABLE_*_NOTIFICATIONS");
        both(EVENT_HANDLER, "ENABLE_*_EVENT_HANDLER", "DISABLE_*_EVENT_HANDLER");
        both(FLAP_DETECTION, "ENABLE_*_FLAP_DETECTION", "DISABLE_*_FLAP_DETECTION");
        both(OBSESSING, "START_OBSESSING_OVER_*", "STOP_OBSESSING_OVER_*");
        both("check_command", "CHANGE_*_CHECK_COMMAND");
        both("event_handler_command", "CHANGE_*_EVENT_HANDLER");
        both("check_interval", "CHANGE_NORMAL_*_CHECK_INTERVAL");
        both("retry_interval", "CHANGE_RETRY_*_CHECK_INTERVAL");
        both("max_attempts", "CHANGE_MAX_*_CHECK_ATTEMPTS");
        both("check_period", "CHANGE_*_CHECK_TIMEPERIOD");
        both("notification_period", "CHANGE_*_NOTIFICATION_TIMEPERIOD");
        both("modified", "CHANGE_*_MODATTR");
        both(VARIABLE, "CHANGE_CUSTOM_*_VAR");

        one(CONTACT, HOST_NOTIFICATIONS, "ENABLE_CONTACT_HOST_NOTIFICATIONS", "DISABLE_CONTACT_HOST_NOTIFICATIONS");
        one(CONTACT, SERVICE_NOTIFICATIONS, "ENABLE_CONTACT_SVC_NOTIFICATIONS", "DISABLE_CONTACT_SVC_NOTIFICATIONS");
        one(CONTACT, "host_notification_period", "CHANGE_CONTACT_HOST_NOTIFICATION_TIMEPERIOD");
        one(CONTACT, "service_notification_period", "CHANGE_CONTACT_SVC_NOTIFICATION_TIMEPERIOD");
        one(CONTACT, "modified", "CHANGE_CONTACT_MODATTR");
        one(CONTACT, "modified_host", "CHANGE_CONTACT_MODHATTR");
        one(CONTACT, "modified_service", "CHANGE_CONTACT_MODSATTR");
        one(CONTACT, VARIABLE, "CHANGE_CUSTOM_CONTACT_VAR");

        one(PROGRAM, NOTIFICATIONS, "ENABLE_NOTIFICATIONS", "DISABLE_NOTIFICATIONS");
        one(PROGRAM, CHECKS, "START_EXECUTING_SVC_CHECKS", "STOP_EXECUTING_SVC_CHECKS");
        one(PROGRAM, HOST_CHECKS, "START_EXECUTING_HOST_CHECKS", "STOP_EXECUTING_HOST_CHECKS");
        one(PROGRAM, PASSIVE_CHECKS, "START_ACCEPTING_PASSIVE_SVC_CHECKS", "STOP_ACCEPTING_PASSIVE_SVC_CHECKS");
        one(PROGRAM, PASSIVE_HOST_CHECKS, "START_ACCEPTING_PASSIVE_HOST_CHECKS", "STOP_ACCEPTING_PASSIVE_HOST_CHECKS");
        one(PROGRAM, EVENT_HANDLER, "ENABLE_EVENT_HANDLERS", "DISABLE_EVENT_HANDLERS");
        one(PROGRAM, FLAP_DETECTION, "ENABLE_FLAP_DETECTION", "DISABLE_FLAP_DETECTION");
        one(PROGRAM, OBSESSING, "START_OBSESSING_OVER_SVC_CHECKS", "STOP_OBSESSING_OVER_SVC_CHECKS");
        one(PROGRAM, OBSESSING_HOSTS, "START_OBSESSING_OVER_HOST_CHECKS", "STOP_OBSESSING_OVER_HOST_CHECKS");
        one(PROGRAM, PERFORMANCE_DATA, "ENABLE_PERFORMANCE_DATA", "DISABLE_PERFORMANCE_DATA");
        one(PROGRAM, "freshness", "ENABLE_SERVICE_FRESHNESS_CHECKS", "DISABLE_SERVICE_FRESHNESS_CHECKS");
        one(PROGRAM, "host_freshness", "ENABLE_HOST_FRESHNESS_CHECKS", "DISABLE_HOST_FRESHNESS_CHECKS");
        one(PROGRAM, "host_event_handler_command", "CHANGE_GLOBAL_HOST_EVENT_HANDLER");
        one(PROGRAM, "service_event_handler_command", "CHANGE_GLOBAL_SVC_EVENT_HANDLER");
    }

    private static void both(String attribute, String on, String off) {
        one(HOST, attribute, on.replace("*", "HOST"), off.replace("*", "HOST"));
        one(SERVICE, attribute, on.replace("*", "SVC"), off.replace("*", "SVC"));
    }

    private static void both(String attribute, String command) {
        one(HOST, attribute, command.replace("*", "HOST"));
        one(SERVICE, attribute, command.replace("*", "SVC"));
    }

    /** A switch, found by either command and by what it is. */
    private static void one(Subject subject, String attribute, String on, String off) {
        Switch row = new Switch(subject, attribute, on, off);
        SWITCHES.put(on, row);
        SWITCHES.put(off, row);
        SWITCHES.put(subject + " " + attribute, row);
    }

    /** A setting, found by its command and by what it is. */
    private static void one(Subject subject, String attribute, String command) {
        Setting row = new Setting(subject, attribute, command);
        SETTINGS.put(command, row);
        SETTINGS.put(subject + " " + attribute, row);
    }

    private record Switch(Subject subject, String attribute, String on, String off) {}

    private record Setting(Subject subject, String attribute, String command) {}

    private Attributes() {}

    /** What a command sets; empty if it sets nothing, or not of one thing alone. */
    public static Optional<Register> of(ExternalCommand command) {
        Switch row = SWITCHES.get(command.name());
        if (row != null) {
            String[] words = words(row.subject, command.arguments());
            return Optional.of(
                    register(row.subject, words, row.attribute, command.name().equals(row.on) ? "1" : "0"));
        }
        Setting setting = SETTINGS.get(command.name());
        if (setting == null) {
            return Optional.empty();
        }
        String[] words = words(setting.subject, command.arguments());
        String value = words[2];
        if (!setting.attribute.equals(VARIABLE)) {
            return Optional.of(register(setting.subject, words, setting.attribute, value));
        }
        int semicolon = value.indexOf(';');
        return semicolon < 0
                ? Optional.empty()
                : Optional.of(register(
                        setting.subject,
                        words,
                        VARIABLE + value.substring(0, semicolon),
                        value.substring(semicolon + 1)));
    }

    /** Name, service and the rest of a command's arguments. */
    private static String[] words(Subject subject, String arguments) {
        int names = subject == PROGRAM ? 0 : subject == SERVICE ? 2 : 1;
        String[] given = arguments.split(";", names + 1);
        return new String[] {
            names > 0 ? given[0] : "",
            names > 1 && given.length > 1 ? given[1] : "",
            given.length > names ? given[names] : ""
        };
    }

    private static Register register(Subject subject, String[] words, String attribute, String value) {
        return new Register(subject, words[0], words[1], attribute, value);
    }

    /** The command that sets a register; empty if this release does not know its attribute. */
    public static Optional<ExternalCommand> command(Register register, long entrySeconds) {
        String names = switch (register.subject()) {
            case PROGRAM -> "";
            case HOST, CONTACT -> register.name();
            case SERVICE -> register.name() + ";" + register.service();
        };
        Switch row = SWITCHES.get(register.subject() + " " + register.attribute());
        if (row != null) {
            return Optional.of(
                    new ExternalCommand(register.value().equals("1") ? row.on : row.off, names, entrySeconds));
        }
        boolean variable = register.attribute().startsWith(VARIABLE);
        Setting setting = SETTINGS.get(register.subject() + " " + (variable ? VARIABLE : register.attribute()));
        if (setting == null) {
            return Optional.empty();
        }
        String value = variable
                ? register.attribute().substring(VARIABLE.length()) + ";" + register.value()
                : register.value();
        return Optional.of(
                new ExternalCommand(setting.command, names.isEmpty() ? value : names + ";" + value, entrySeconds));
    }
}
