package org.merlin.module.quartz.command;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merlin.module.quartz.check.PluginOutput;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;

/** The external commands that this release knows, and how they are read. Confined to the core's thread. */
public final class Commands {
    private static final Pattern LINE =
            Pattern.compile("\\[(\\d{1,18})]\\s+([A-Z][A-Z0-9_]*)(?:;(.*))?", Pattern.DOTALL);

    private final Inventory inventory;
    private final CommandTarget target;
    private final Clock clock;
    private final Map<String, Command> known = new HashMap<>();

    /** What a command does with its arguments; {@link BadCommand} if they are wrong. */
    @FunctionalInterface
    private interface Action {
        void run(Arguments arguments) throws BadCommand;
    }

    /** A command; the other nodes are told of a shared one, unless what it does travels by itself. */
    private record Command(boolean shared, int arguments, Action action) {}

    private static final class BadCommand extends Exception {
        private static final long serialVersionUID = 1L;

        BadCommand(String why) {
            super(why);
        }
    }

    /** The arguments of one command. */
    private record Arguments(String[] parts, long entrySeconds) {
        String text(int place) {
            return place < parts.length ? parts[place] : "";
        }
    }

    public Commands(Inventory inventory, CommandTarget target, Clock clock) {
        this.inventory = inventory;
        this.target = target;
        this.clock = clock;
        addResults();
        addChecks();
        addSwitches();
        known.put("SAVE_STATE_INFORMATION", new Command(false, 1, arguments -> target.save()));
    }

    private void addResults() {
        known.put(
                "PROCESS_SERVICE_CHECK_RESULT",
                new Command(false, 4, a -> passive(a, passiveService(a), a.text(2), 3, a.text(3))));
        known.put(
                "PROCESS_HOST_CHECK_RESULT",
                new Command(false, 3, a -> passive(a, passiveHost(a), a.text(1), 2, a.text(2))));
    }

    private void addChecks() {
        for (boolean forced : new boolean[] {true, false}) {
            String schedule = forced ? "SCHEDULE_FORCED_" : "SCHEDULE_";
            known.put(
                    schedule + "SVC_CHECK",
                    new Command(true, 3, a -> target.checkAt(service(a), millis(a.text(2)), forced)));
            known.put(
                    schedule + "HOST_CHECK",
                    new Command(true, 2, a -> target.checkAt(host(a), millis(a.text(1)), forced)));
            known.put(schedule + "HOST_SVC_CHECKS", new Command(true, 2, a -> {
                long at = millis(a.text(1));
                for (int service : inventory.servicesOf(host(a))) {
                    target.checkAt(service, at, forced);
                }
            }));
        }
    }

    private void addSwitches() {
        for (boolean on : new boolean[] {true, false}) {
            String enable = on ? "ENABLE_" : "DISABLE_";
            known.put(enable + "SVC_CHECK", new Command(true, 2, a -> target.switchChecks(service(a), on)));
            known.put(enable + "HOST_CHECK", new Command(true, 1, a -> target.switchChecks(host(a), on)));
            known.put(enable + "HOST_SVC_CHECKS", new Command(true, 1, a -> {
                for (int service : inventory.servicesOf(host(a))) {
                    target.switchChecks(service, on);
                }
            }));
            String start = on ? "START_" : "STOP_";
            known.put(start + "EXECUTING_SVC_CHECKS", new Command(false, 1, a -> target.switchAllChecks(false, on)));
            known.put(start + "EXECUTING_HOST_CHECKS", new Command(false, 1, a -> target.switchAllChecks(true, on)));
        }
    }

    /** Executes a line of the command pipe, and tells the other nodes where it concerns them. */
    public void given(String line) {
        Optional<ExternalCommand> command = parse(line);
        if (command.isEmpty()) {
            target.log("Warning: Malformed external command -> " + line);
        } else if (run(command.get()) && known.get(command.get().name()).shared()) {
            target.share(command.get());
        }
    }

    /** Executes a command that another node was given. */
    public void execute(ExternalCommand command) {
        run(command);
    }

    /** Reads {@code [seconds] NAME;arguments}. */
    static Optional<ExternalCommand> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String arguments = matcher.group(3) == null ? "" : matcher.group(3);
        return Optional.of(new ExternalCommand(matcher.group(2), arguments, Long.parseLong(matcher.group(1))));
    }

    private boolean run(ExternalCommand external) {
        Command command = known.get(external.name());
        if (command == null) {
            target.log("Warning: Unrecognized external command -> " + external.name() + ";" + external.arguments()
                    + " (not known in this release)");
            return false;
        }
        target.log("EXTERNAL COMMAND: " + external.name() + ";" + external.arguments());
        try {
            command.action()
                    .run(new Arguments(external.arguments().split(";", command.arguments()), external.entrySeconds()));
            return true;
        } catch (BadCommand e) {
            target.log("Error: External command failed -> " + external.name() + ";" + external.arguments() + " ("
                    + e.getMessage() + ")");
            return false;
        }
    }

    private int host(Arguments arguments) throws BadCommand {
        OptionalInt host = inventory.findHost(arguments.text(0));
        if (host.isEmpty()) {
            throw new BadCommand("there is no host '" + arguments.text(0) + "'");
        }
        return host.getAsInt();
    }

    private int service(Arguments arguments) throws BadCommand {
        String description = arguments.text(1);
        int host = host(arguments);
        OptionalInt service = description.isEmpty()
                ? OptionalInt.empty()
                : inventory.find(
                        MonitoredObject.ofService(inventory.get(host).name().host(), description));
        if (service.isEmpty()) {
            throw new BadCommand("there is no service '" + description + "' on host '" + arguments.text(0) + "'");
        }
        return service.getAsInt();
    }

    private int passiveHost(Arguments arguments) throws BadCommand {
        if (inventory.findHost(arguments.text(0)).isEmpty()) {
            target.log("Warning:  Passive check result was received for host '" + arguments.text(0)
                    + "', but the host could not be found!");
        }
        return host(arguments);
    }

    private int passiveService(Arguments arguments) throws BadCommand {
        try {
            return service(arguments);
        } catch (BadCommand e) {
            boolean hostFound = inventory.findHost(arguments.text(0)).isPresent();
            target.log("Warning:  Passive check result was received for service '" + arguments.text(1) + "' on host '"
                    + arguments.text(0) + "', but the " + (hostFound ? "service" : "host") + " could not be found!");
            throw e;
        }
    }

    private long millis(String seconds) throws BadCommand {
        if (seconds.isBlank()) {
            return clock.millis();
        }
        // some front ends hand in 1700000000.0
        if (!seconds.strip().matches("\\d{1,12}(\\.\\d*)?")) {
            throw new BadCommand("'" + seconds + "' is no time in seconds");
        }
        return TimeUnit.SECONDS.toMillis(Long.parseLong(seconds.strip().replaceFirst("\\..*", "")));
    }

    private void passive(Arguments arguments, int index, String state, int highest, String output) throws BadCommand {
        if (!state.strip().matches("[0-" + highest + "]")) {
            throw new BadCommand("'" + state + "' is no state; 0 to " + highest + " are");
        }
        if (!inventory.get(index).plan().passive()) {
            throw new BadCommand("passive results are switched off for "
                    + inventory.get(index).name());
        }
        long at = TimeUnit.SECONDS.toMicros(arguments.entrySeconds());
        long latency = Math.max(0, TimeUnit.MILLISECONDS.toMicros(clock.millis()) - at);
        target.passive(
                index,
                new Finding(
                        Integer.parseInt(state.strip()),
                        CheckType.PASSIVE,
                        PluginOutput.parse(unescape(output)),
                        at,
                        at,
                        latency,
                        0));
    }

    /** A command is one line: {@code \n} in it stands for a line feed, and {@code \\} for a backslash. */
    static String unescape(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (next == 'n' || next == '\\') {
                plain.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
