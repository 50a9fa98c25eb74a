package org.merlin.confsync.objects;

import java.util.List;
import java.util.TreeSet;

/**
 * Names of what a block needs to be valid. Many blocks share one.
 *
 * @param commands without their arguments
 */
record Needs(List<String> commands, List<String> timeperiods, List<String> contacts, List<String> contactgroups) {
    private static final List<String> COMMAND_LISTS =
            List.of("host_notification_commands", "service_notification_commands");

    /** Reads them off a block's attributes. */
    static Needs of(ObjectBlock block) {
        TreeSet<String> commands = new TreeSet<>();
        TreeSet<String> timeperiods =
                new TreeSet<>(block.type().equals("timeperiod") ? block.names("exclude") : List.of());
        block.attributes().forEach((attribute, value) -> {
            if (attribute.equals("check_command") || attribute.equals("event_handler")) {
                commands.add(withoutArguments(value));
            } else if (COMMAND_LISTS.contains(attribute)) {
                ObjectBlock.split(value).forEach(command -> commands.add(withoutArguments(command)));
            } else if (attribute.endsWith("_period") && !attribute.startsWith("_")) {
                timeperiods.add(value);
            }
        });
        return new Needs(
                List.copyOf(commands),
                List.copyOf(timeperiods),
                block.names("contacts"),
                block.names("contact_groups"));
    }

    /** A command's name out of {@code name!argument!argument}. */
    static String withoutArguments(String command) {
        int end = command.indexOf('!');
        return (end < 0 ? command : command.substring(0, end)).strip();
    }
}
