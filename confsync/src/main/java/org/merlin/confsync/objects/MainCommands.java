package org.merlin.confsync.objects;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The commands that a scheduler's main configuration names: pollers need them whatever their hosts are. Stateless. */
public final class MainCommands {
    private static final Set<String> KEYS = Set.of(
            "ochp_command",
            "ocsp_command",
            "global_host_event_handler",
            "global_service_event_handler",
            "host_perfdata_command",
            "service_perfdata_command",
            "host_perfdata_file_processing_command",
            "service_perfdata_file_processing_command");

    private MainCommands() {}

    /** Their names, without arguments. */
    public static Set<String> in(List<String> lines) {
        Set<String> commands = new TreeSet<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0 && KEYS.contains(line.substring(0, equals).strip())) {
                String name = Needs.withoutArguments(line.substring(equals + 1));
                if (!name.isEmpty()) {
                    commands.add(name);
                }
            }
        }
        return commands;
    }
}
