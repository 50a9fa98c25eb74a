package org.merlin.module.hook;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.merlin.protocol.event.ExternalCommand;

/**
 * Which external commands other nodes are told of as commands: those that neither create nor set anything. What a command
 * creates (comments, downtimes) or sets (acknowledgements, switches, intervals, notification numbers) is told by itself, for each
 * object that it concerns, so that commands for groups, and those that the C original forgot, need no rule. Immutable.
 */
public final class CommandRoutes {
    private static final Set<String> CHECKS = Set.of(
            "SCHEDULE_HOST_CHECK",
            "SCHEDULE_SVC_CHECK",
            "SCHEDULE_HOST_SVC_CHECKS",
            "SCHEDULE_FORCED_HOST_CHECK",
            "SCHEDULE_FORCED_SVC_CHECK",
            "SCHEDULE_FORCED_HOST_SVC_CHECKS",
            "CLEAR_HOST_FLAPPING_STATE",
            "CLEAR_SVC_FLAPPING_STATE");
    private static final Map<String, Boolean> CUSTOM =
            Map.of("SEND_CUSTOM_HOST_NOTIFICATION", false, "SEND_CUSTOM_SVC_NOTIFICATION", true);

    private final ObjectIndex objects;

    /** Whom a command concerns. */
    public enum Route {
        /** This scheduler alone, or what it does is told by itself. */
        NONE,
        /** Whoever has the object. */
        OBJECT,
        /** Whoever has the object; who tells contacts about it does. */
        CUSTOM_NOTIFICATION,
        /** Peers and pollers. */
        ALL
    }

    public CommandRoutes(ObjectIndex objects) {
        this.objects = objects;
    }

    public static Route of(ExternalCommand command) {
        if (CHECKS.contains(command.name())) {
            return Route.OBJECT;
        }
        if (CUSTOM.containsKey(command.name())) {
            return Route.CUSTOM_NOTIFICATION;
        }
        return command.name().startsWith("_") ? Route.ALL : Route.NONE;
    }

    /**
     * Whether a command acts outside: it is done when it is given, or not at all. Somebody who comes back hours later, or a scheduler
     * that starts, does not repeat it.
     */
    public static boolean actsOutside(ExternalCommand command) {
        return CUSTOM.containsKey(command.name()) || command.name().startsWith("_");
    }

    /** The object of a command with {@link Route#OBJECT} or {@link Route#CUSTOM_NOTIFICATION}; empty if it is not known here. */
    public OptionalInt objectOf(ExternalCommand command) {
        String[] arguments = command.arguments().split(";", 3);
        boolean ofService = (command.name().contains("_SVC_") || command.name().endsWith("_SVC_CHECK"))
                && !command.name().endsWith("HOST_SVC_CHECKS")
                && arguments.length > 1;
        return objects.byName(ofService ? arguments[0] + ";" + arguments[1] : arguments[0]);
    }
}
