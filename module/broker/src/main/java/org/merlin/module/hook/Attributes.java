package org.merlin.module.hook;

import static org.merlin.protocol.event.Register.Subject.CONTACT;
import static org.merlin.protocol.event.Register.Subject.HOST;
import static org.merlin.protocol.event.Register.Subject.PROGRAM;
import static org.merlin.protocol.event.Register.Subject.SERVICE;

import java.util.HashMap;
import java.util.List;
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

    private static final List<Switch> SWITCHES = List.of(
            new Switch(HOST, CHECKS, "ENABLE_HOST_CHECK", "DISABLE_HOST_CHECK"),
            new Switch(HOST, PASSIVE_CHECKS, "ENABLE_PASSIVE_HOST_CHECKS", "DISABLE_PASSIVE_HOST_CHECKS"),
            new Switch(HOST, NOTIFICATIONS, "ENABLE_HOST_NOTIFICATIONS", "DISABLE_HOST_NOTIFICATIONS"),
            new Switch(HOST, EVENT_HANDLER, "ENABLE_HOST_EVENT_HANDLER", "DISABLE_HOST_EVENT_HANDLER"),
            new Switch(HOST, FLAP_DETECTION, "ENABLE_HOST_FLAP_DETECTION", "DISABLE_HOST_FLAP_DETECTION"),
            new Switch(HOST, OBSESSING, "START_OBSESSING_OVER_HOST", "STOP_OBSESSING_OVER_HOST"),
            new Switch(SERVICE, CHECKS, "ENABLE_SVC_CHECK", "DISABLE_SVC_CHECK"),
            new Switch(SERVICE, PASSIVE_CHECKS, "ENABLE_PASSIVE_SVC_CHECKS", "DISABLE_PASSIVE_SVC_CHECKS"),
            new Switch(SERVICE, NOTIFICATIONS, "ENABLE_SVC_NOTIFICATIONS", "DISABLE_SVC_NOTIFICATIONS"),
            new Switch(SERVICE, EVENT_HANDLER, "ENABLE_SVC_EVENT_HANDLER", "DISABLE_SVC_EVENT_HANDLER"),
            new Switch(SERVICE, FLAP_DETECTION, "ENABLE_SVC_FLAP_DETECTION", "DISABLE_SVC_FLAP_DETECTION"),
            new Switch(SERVICE, OBSESSING, "START_OBSESSING_OVER_SVC", "STOP_OBSESSING_OVER_SVC"),
            new Switch(
                    CONTACT,
                    HOST_NOTIFICATIONS,
                    "ENABLE_CONTACT_HOST_NOTIFICATIONS",
                    "DISABLE_CONTACT_HOST_NOTIFICATIONS"),
            new Switch(
                    CONTACT,
                    SERVICE_NOTIFICATIONS,
                    "ENABLE_CONTACT_SVC_NOTIFICATIONS",
                    "DISABLE_CONTACT_SVC_NOTIFICATIONS"),
            new Switch(PROGRAM, NOTIFICATIONS, "ENABLE_NOTIFICATIONS", "DISABLE_NOTIFICATIONS"),
            new Switch(PROGRAM, CHECKS, "START_EXECUTING_SVC_CHECKS", "STOP_EXECUTING_SVC_CHECKS"),
            new Switch(PROGRAM, HOST_CHECKS, "START_EXECUTING_HOST_CHECKS", "STOP_EXECUTING_HOST_CHECKS"),
            new Switch(
                    PROGRAM, PASSIVE_CHECKS, "START_ACCEPTING_PASSIVE_SVC_CHECKS", "STOP_ACCEPTING_PASSIVE_SVC_CHECKS"),
            new Switch(
                    PROGRAM,
                    PASSIVE_HOST_CHECKS,
                    "START_ACCEPTING_PASSIVE_HOST_CHECKS",
                    "STOP_ACCEPTING_PASSIVE_HOST_CHECKS"),
            new Switch(PROGRAM, EVENT_HANDLER, "ENABLE_EVENT_HANDLERS", "DISABLE_EVENT_HANDLERS"),
            new Switch(PROGRAM, FLAP_DETECTION, "ENABLE_FLAP_DETECTION", "DISABLE_FLAP_DETECTION"),
            new Switch(PROGRAM, OBSESSING, "START_OBSESSING_OVER_SVC_CHECKS", "STOP_OBSESSING_OVER_SVC_CHECKS"),
            new Switch(PROGRAM, OBSESSING_HOSTS, "START_OBSESSING_OVER_HOST_CHECKS", "STOP_OBSESSING_OVER_HOST_CHECKS"),
            new Switch(PROGRAM, PERFORMANCE_DATA, "ENABLE_PERFORMANCE_DATA", "DISABLE_PERFORMANCE_DATA"));

    private static final List<Setting> SETTINGS = List.of(
            new Setting(HOST, "check_command", "CHANGE_HOST_CHECK_COMMAND"),
            new Setting(HOST, "event_handler_command", "CHANGE_HOST_EVENT_HANDLER"),
            new Setting(HOST, "check_interval", "CHANGE_NORMAL_HOST_CHECK_INTERVAL"),
            new Setting(HOST, "retry_interval", "CHANGE_RETRY_HOST_CHECK_INTERVAL"),
            new Setting(HOST, "max_attempts", "CHANGE_MAX_HOST_CHECK_ATTEMPTS"),
            new Setting(HOST, "check_period", "CHANGE_HOST_CHECK_TIMEPERIOD"),
            new Setting(HOST, "notification_period", "CHANGE_HOST_NOTIFICATION_TIMEPERIOD"),
            new Setting(HOST, "modified", "CHANGE_HOST_MODATTR"),
            new Setting(HOST, VARIABLE, "CHANGE_CUSTOM_HOST_VAR"),
            new Setting(SERVICE, "check_command", "CHANGE_SVC_CHECK_COMMAND"),
            new Setting(SERVICE, "event_handler_command", "CHANGE_SVC_EVENT_HANDLER"),
            new Setting(SERVICE, "check_interval", "CHANGE_NORMAL_SVC_CHECK_INTERVAL"),
            new Setting(SERVICE, "retry_interval", "CHANGE_RETRY_SVC_CHECK_INTERVAL"),
            new Setting(SERVICE, "max_attempts", "CHANGE_MAX_SVC_CHECK_ATTEMPTS"),
            new Setting(SERVICE, "check_period", "CHANGE_SVC_CHECK_TIMEPERIOD"),
            new Setting(SERVICE, "notification_period", "CHANGE_SVC_NOTIFICATION_TIMEPERIOD"),
            new Setting(SERVICE, "modified", "CHANGE_SVC_MODATTR"),
            new Setting(SERVICE, VARIABLE, "CHANGE_CUSTOM_SVC_VAR"),
            new Setting(CONTACT, "host_notification_period", "CHANGE_CONTACT_HOST_NOTIFICATION_TIMEPERIOD"),
            new Setting(CONTACT, "service_notification_period", "CHANGE_CONTACT_SVC_NOTIFICATION_TIMEPERIOD"),
            new Setting(CONTACT, "modified", "CHANGE_CONTACT_MODATTR"),
            new Setting(CONTACT, "modified_host", "CHANGE_CONTACT_MODHATTR"),
            new Setting(CONTACT, "modified_service", "CHANGE_CONTACT_MODSATTR"),
            new Setting(CONTACT, VARIABLE, "CHANGE_CUSTOM_CONTACT_VAR"),
            new Setting(PROGRAM, "host_event_handler_command", "CHANGE_GLOBAL_HOST_EVENT_HANDLER"),
            new Setting(PROGRAM, "service_event_handler_command", "CHANGE_GLOBAL_SVC_EVENT_HANDLER"));

    private static final Map<String, Switch> SWITCH_OF = new HashMap<>();
    private static final Map<String, Setting> SETTING_OF = new HashMap<>();

    static {
        for (Switch row : SWITCHES) {
            SWITCH_OF.put(row.on, row);
            SWITCH_OF.put(row.off, row);
            SWITCH_OF.put(row.subject + " " + row.attribute, row);
        }
        for (Setting row : SETTINGS) {
            SETTING_OF.put(row.command, row);
            SETTING_OF.put(row.subject + " " + row.attribute, row);
        }
    }

    private record Switch(Subject subject, String attribute, String on, String off) {}

    private record Setting(Subject subject, String attribute, String command) {}

    private Attributes() {}

    /** What a command sets; empty if it sets nothing, or not of one thing alone. */
    public static Optional<Register> of(ExternalCommand command) {
        Switch row = SWITCH_OF.get(command.name());
        if (row != null) {
            String[] words = words(row.subject, command.arguments());
            return Optional.of(
                    register(row.subject, words, row.attribute, command.name().equals(row.on) ? "1" : "0"));
        }
        Setting setting = SETTING_OF.get(command.name());
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
        Switch row = SWITCH_OF.get(register.subject() + " " + register.attribute());
        if (row != null) {
            return Optional.of(
                    new ExternalCommand(register.value().equals("1") ? row.on : row.off, names, entrySeconds));
        }
        boolean variable = register.attribute().startsWith(VARIABLE);
        Setting setting = SETTING_OF.get(register.subject() + " " + (variable ? VARIABLE : register.attribute()));
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
