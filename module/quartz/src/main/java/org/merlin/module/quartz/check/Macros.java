package org.merlin.module.quartz.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.merlin.module.quartz.objects.CheckCommand;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.objects.Labels;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.quartz.state.StateWords;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

/**
 * Fills the macros of Nagios into command lines. {@code $$} is a dollar sign; a macro that is known and has no value is
 * empty; what is no known macro stays as it is. Any thread.
 */
public final class Macros {
    private static final List<Path> PLUGIN_DIRECTORIES = List.of(
            Path.of("/usr/lib/nagios/plugins"),
            Path.of("/usr/lib64/nagios/plugins"),
            Path.of("/usr/lib/monitoring-plugins"));
    /** What a shell would take for more than text: never let in from a plugin's output. */
    private static final String NOT_FROM_OUTPUT = "`~$&|'\"<>;\n\r\\";

    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("MM-dd-yyyy HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter LONG =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss zzz yyyy", Locale.ENGLISH);

    private final Inventory inventory;
    private final States states;
    private final ZoneId zone;
    private final String pluginDirectory;

    /** One command line in the making. */
    private record Scope(
            Checkable object, Checkable host, List<String> arguments, Map<String, String> more, long nowMillis) {}

    public Macros(Inventory inventory, States states, ZoneId zone) {
        this.inventory = inventory;
        this.states = states;
        this.zone = zone;
        this.pluginDirectory = PLUGIN_DIRECTORIES.stream()
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(PLUGIN_DIRECTORIES.get(0))
                .toString();
    }

    /** The command line of an object's check. */
    String expand(CheckCommand command, Checkable object, long nowMillis) {
        return expand(command, object, Map.of(), nowMillis);
    }

    /**
     * The command line of what is done about an object.
     *
     * @param more further macros by name, without dollar signs; they come before others of the same name
     */
    public String expand(CheckCommand command, Checkable object, Map<String, String> more, long nowMillis) {
        Checkable host = inventory.get(object.host());
        Scope bare = new Scope(object, host, List.of(), more, nowMillis);
        List<String> arguments = command.arguments().stream()
                .map(argument -> expand(argument, bare))
                .toList();
        return expand(command.line(), new Scope(object, host, arguments, more, nowMillis));
    }

    private String expand(String text, Scope scope) {
        StringBuilder out = new StringBuilder(text.length() + 32);
        int at = 0;
        while (at < text.length()) {
            int begin = text.indexOf('$', at);
            int end = begin < 0 ? -1 : text.indexOf('$', begin + 1);
            if (end < 0) {
                break;
            }
            out.append(text, at, begin);
            String name = text.substring(begin + 1, end);
            Optional<String> value = name.isEmpty() ? Optional.of("$") : value(name, scope);
            if (value.isPresent()) {
                out.append(value.get());
                at = end + 1;
            } else {
                out.append(text, begin, end);
                at = end; // that dollar may begin a macro: "print $1}' $ARG1$"
            }
        }
        return out.append(text, at, text.length()).toString();
    }

    private Optional<String> value(String name, Scope scope) {
        String more = scope.more().get(name);
        if (more != null) {
            return Optional.of(more);
        }
        if (name.matches("ARG\\d{1,2}")) {
            int number = Integer.parseInt(name.substring(3));
            return Optional.of(
                    number >= 1 && number <= scope.arguments().size()
                            ? scope.arguments().get(number - 1)
                            : "");
        }
        if (name.matches("USER\\d{1,3}")) {
            return Optional.of(name.equals("USER1") ? pluginDirectory : "");
        }
        if (name.startsWith("_HOST")) {
            return custom(scope.host(), name.substring("_HOST".length()));
        }
        if (name.startsWith("_CONTACT")) {
            return Optional.of("");
        }
        if (name.startsWith("_SERVICE")) {
            return custom(scope.object(), name.substring("_SERVICE".length()));
        }
        int colon = name.indexOf(':');
        if (colon > 0) {
            return onDemand(name.substring(0, colon), name.substring(colon + 1), scope);
        }
        Optional<String> value = time(name, scope.nowMillis()).or(() -> host(name, scope.host(), scope.nowMillis()));
        return value.isPresent() || scope.object().isHost() ? value : service(name, scope.object(), scope.nowMillis());
    }

    private static Optional<String> custom(Checkable object, String variable) {
        return Optional.of(object.labels().custom().getOrDefault(variable, ""));
    }

    /** {@code $HOSTADDRESS:other$}, {@code $SERVICESTATEID:host:service$}. */
    private Optional<String> onDemand(String name, String of, Scope scope) {
        int colon = of.indexOf(':');
        if (colon < 0) {
            OptionalInt host = inventory.findHost(of);
            return host.isEmpty() ? Optional.empty() : host(name, inventory.get(host.getAsInt()), scope.nowMillis());
        }
        String host = colon == 0 ? scope.host().name().host() : of.substring(0, colon);
        if (colon + 1 == of.length()) {
            return Optional.empty();
        }
        OptionalInt service = inventory.find(MonitoredObject.ofService(host, of.substring(colon + 1)));
        return service.isEmpty()
                ? Optional.empty()
                : service(name, inventory.get(service.getAsInt()), scope.nowMillis());
    }

    private Optional<String> time(String name, long nowMillis) {
        ZonedDateTime now = Instant.ofEpochMilli(nowMillis).atZone(zone);
        return switch (name) {
            case "TIMET" -> Optional.of(Long.toString(nowMillis / 1000));
            case "SHORTDATETIME" -> Optional.of(SHORT.format(now));
            case "LONGDATETIME" -> Optional.of(LONG.format(now));
            case "DATE" -> Optional.of(SHORT.format(now).substring(0, 10));
            case "TIME" -> Optional.of(SHORT.format(now).substring(11));
            default -> Optional.empty();
        };
    }

    private Optional<String> host(String name, Checkable host, long nowMillis) {
        Labels labels = host.labels();
        ObjectState state = states.get(host.index());
        String value = switch (name) {
            case "HOSTNAME" -> host.name().host();
            case "HOSTDISPLAYNAME" -> labels.displayName();
            case "HOSTALIAS" -> labels.alias();
            case "HOSTADDRESS" -> labels.address();
            case "HOSTGROUPNAME" ->
                host.hostgroups().isEmpty() ? "" : host.hostgroups().get(0);
            case "HOSTGROUPNAMES" -> String.join(",", host.hostgroups());
            case "HOSTSTATE" -> StateWords.ofHost(state.state());
            case "LASTHOSTSTATE" -> StateWords.ofHost(state.lastState());
            case "LASTHOSTUP" -> seconds(state.lastTimes().state0());
            case "LASTHOSTDOWN" -> seconds(state.lastTimes().state1());
            case "LASTHOSTUNREACHABLE" -> seconds(state.lastTimes().state2());
            default -> "";
        };
        return value.isEmpty() ? common(name, "HOST", host, state, nowMillis) : Optional.of(value);
    }

    private Optional<String> service(String name, Checkable service, long nowMillis) {
        ObjectState state = states.get(service.index());
        return switch (name) {
            case "SERVICEDESC" -> Optional.of(service.name().service());
            case "SERVICEDISPLAYNAME" -> Optional.of(service.labels().displayName());
            case "SERVICESTATE" -> Optional.of(StateWords.ofService(state.state()));
            case "LASTSERVICESTATE" -> Optional.of(StateWords.ofService(state.lastState()));
            case "SERVICEISVOLATILE" -> Optional.of(service.reaction().isVolatile() ? "1" : "0");
            case "LASTSERVICEOK" -> Optional.of(seconds(state.lastTimes().state0()));
            case "LASTSERVICEWARNING" -> Optional.of(seconds(state.lastTimes().state1()));
            case "LASTSERVICECRITICAL" -> Optional.of(seconds(state.lastTimes().state2()));
            case "LASTSERVICEUNKNOWN" -> Optional.of(seconds(state.lastTimes().state3()));
            default -> common(name, "SERVICE", service, state, nowMillis);
        };
    }

    /** Macros that hosts and services have alike, but for the word in their names. */
    private static Optional<String> common(
            String name, String kind, Checkable object, ObjectState state, long nowMillis) {
        int at = name.indexOf(kind);
        if (at < 0) {
            return Optional.empty();
        }
        long sinceMicros = state.lastChangeMicros() == 0 ? nowMillis * 1000 : state.lastChangeMicros();
        long durationSeconds = Math.max(0, nowMillis / 1000 - sinceMicros / 1_000_000);
        String pattern = name.substring(0, at) + "*" + name.substring(at + kind.length());
        return switch (pattern) {
            case "*STATEID" -> Optional.of(Integer.toString(state.state()));
            case "LAST*STATEID" -> Optional.of(Integer.toString(state.lastState()));
            case "*STATETYPE" -> Optional.of(state.type() == StateType.HARD ? "HARD" : "SOFT");
            case "*ATTEMPT" -> Optional.of(Integer.toString(state.attempt()));
            case "MAX*ATTEMPTS" -> Optional.of(Integer.toString(object.plan().maxAttempts()));
            case "*EVENTID" -> Optional.of(Long.toString(state.ids().event()));
            case "LAST*EVENTID" -> Optional.of(Long.toString(state.ids().lastEvent()));
            case "*PROBLEMID" -> Optional.of(Long.toString(state.ids().problem()));
            case "LAST*PROBLEMID" -> Optional.of(Long.toString(state.ids().lastProblem()));
            case "*LATENCY" ->
                Optional.of(String.format(Locale.ROOT, "%.3f", state.timing().latencyMicros() / 1e6));
            case "*EXECUTIONTIME" ->
                Optional.of(String.format(Locale.ROOT, "%.3f", state.timing().executionMicros() / 1e6));
            case "*DURATIONSEC" -> Optional.of(Long.toString(durationSeconds));
            case "*DURATION" -> Optional.of(duration(durationSeconds));
            case "*DOWNTIME" -> Optional.of("0");
            case "*NOTIFICATIONNUMBER" ->
                Optional.of(Integer.toString(state.notification().number()));
            case "*PERCENTCHANGE" ->
                Optional.of(String.format(Locale.ROOT, "%.2f", state.flaps().percent()));
            case "LAST*CHECK" -> Optional.of(seconds(state.timing().startMicros()));
            case "LAST*STATECHANGE" -> Optional.of(seconds(state.lastChangeMicros()));
            case "*OUTPUT" -> Optional.of(safe(state.output().text()));
            case "LONG*OUTPUT" -> Optional.of(safe(state.output().longText()));
            case "*PERFDATA" -> Optional.of(safe(state.output().perfData()));
            case "*CHECKCOMMAND" ->
                Optional.of(object.command().map(CheckCommand::text).orElse(""));
            case "*NOTES" -> Optional.of(object.labels().notes());
            case "*NOTESURL" -> Optional.of(object.labels().notesUrl());
            case "*ACTIONURL" -> Optional.of(object.labels().actionUrl());
            case "*ACKAUTHOR", "*ACKCOMMENT", "*GROUPNAME", "*GROUPNAMES", "*ALIAS", "*ADDRESS", "*DISPLAYNAME" ->
                Optional.of("");
            default -> Optional.empty();
        };
    }

    private static String seconds(long micros) {
        return Long.toString(micros / 1_000_000);
    }

    private static String duration(long seconds) {
        return String.format("%dd %dh %dm %ds", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    }

    /** Without what a shell would take for more than text. */
    public static String safe(String output) {
        StringBuilder kept = new StringBuilder(output.length());
        for (int i = 0; i < output.length(); i++) {
            char c = output.charAt(i);
            if (NOT_FROM_OUTPUT.indexOf(c) < 0) {
                kept.append(c);
            }
        }
        return kept.toString();
    }
}
