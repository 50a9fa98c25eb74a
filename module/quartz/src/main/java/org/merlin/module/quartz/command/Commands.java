package org.merlin.module.quartz.command;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merlin.module.hook.Attributes;
import org.merlin.module.quartz.check.PluginOutput;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;

/**
 * The external commands that this release knows, and how they are read: those of {@link CommandTable}, and those that set one
 * attribute, which {@link Attributes} lists. Confined to the core's thread.
 */
public final class Commands {
    private static final Pattern LINE =
            Pattern.compile("\\[(\\d{1,18})]\\s+([A-Z][A-Z0-9_]*)(?:;(.*))?", Pattern.DOTALL);

    private final Inventory inventory;
    private final CommandTarget target;
    private final Clock clock;
    private final CommandTable known = new CommandTable();
    private final SwitchCommands switches;

    public Commands(Inventory inventory, CommandTarget target, Clock clock) {
        this.inventory = inventory;
        this.target = target;
        this.clock = clock;
        this.switches = new SwitchCommands(inventory, target);
        known.add("PROCESS_SERVICE_CHECK_RESULT", 4, a -> passive(a, passiveService(a), a.text(2), 3, a.text(3)));
        known.add("PROCESS_HOST_CHECK_RESULT", 3, a -> passive(a, passiveHost(a), a.text(1), 2, a.text(2)));
        addChecks();
        switches.addTo(known);
        new NoteCommands(inventory, target).addTo(known);
        known.add("SAVE_STATE_INFORMATION", 1, a -> target.save());
    }

    private void addChecks() {
        for (boolean forced : new boolean[] {true, false}) {
            String schedule = forced ? "SCHEDULE_FORCED_" : "SCHEDULE_";
            known.add(schedule + "SVC_CHECK", 3, a -> target.checkAt(a.service(), a.millis(2), forced));
            known.add(schedule + "HOST_CHECK", 2, a -> target.checkAt(a.host(), a.millis(1), forced));
            known.add(schedule + "HOST_SVC_CHECKS", 2, a -> {
                long at = a.millis(1);
                for (int service : a.servicesOfHost()) {
                    target.checkAt(service, at, forced);
                }
            });
        }
    }

    /** Executes a line of the command pipe, after the module has been told. */
    public void given(String line) {
        Optional<ExternalCommand> command = parse(line);
        if (command.isEmpty()) {
            target.log("Warning: Malformed external command -> " + line);
            return;
        }
        target.given(command.get());
        run(command.get());
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

    private void run(ExternalCommand external) {
        Optional<CommandTable.Entry> command = known.find(external.name());
        Optional<Register> register = command.isPresent() ? Optional.empty() : Attributes.of(external);
        if (command.isEmpty() && register.isEmpty()) {
            target.log("Warning: Unrecognized external command -> " + external.name() + ";" + external.arguments()
                    + " (not known in this release)");
            return;
        }
        target.log("EXTERNAL COMMAND: " + external.name() + ";" + external.arguments());
        try {
            if (register.isPresent()) {
                switches.set(register.get());
            } else {
                String[] parts = external.arguments().split(";", command.get().arguments());
                command.get().action().run(new Arguments(inventory, parts, external.entrySeconds(), clock.millis()));
            }
        } catch (BadCommand e) {
            target.log("Error: External command failed -> " + external.name() + ";" + external.arguments() + " ("
                    + e.getMessage() + ")");
        }
    }

    private int passiveHost(Arguments arguments) throws BadCommand {
        if (inventory.findHost(arguments.text(0)).isEmpty()) {
            target.log("Warning:  Passive check result was received for host '" + arguments.text(0)
                    + "', but the host could not be found!");
        }
        return arguments.host();
    }

    private int passiveService(Arguments arguments) throws BadCommand {
        try {
            return arguments.service();
        } catch (BadCommand e) {
            boolean hostFound = inventory.findHost(arguments.text(0)).isPresent();
            target.log("Warning:  Passive check result was received for service '" + arguments.text(1) + "' on host '"
                    + arguments.text(0) + "', but the " + (hostFound ? "service" : "host") + " could not be found!");
            throw e;
        }
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
        Optional<String> refused = target.passive(
                index,
                new Finding(
                        Integer.parseInt(state.strip()),
                        CheckType.PASSIVE,
                        PluginOutput.parse(unescape(output)),
                        at,
                        at,
                        latency,
                        0));
        if (refused.isPresent()) {
            throw new BadCommand(refused.get());
        }
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
