package org.merlin.module.quartz;

import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.merlin.module.hook.Attributes;
import org.merlin.module.quartz.notify.Program;
import org.merlin.module.quartz.objects.CheckCommand;
import org.merlin.module.quartz.objects.CheckPlan;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Contact;
import org.merlin.module.quartz.objects.Contact.Wishes;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.objects.Reaction;
import org.merlin.module.quartz.objects.Timeperiod;
import org.merlin.module.quartz.state.Board;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Register.Subject;

/**
 * Switches and sets attributes while the scheduler runs, as {@link Attributes} names them, and remembers them for the next run: they
 * come before what the object file says. Confined to the core's thread.
 */
final class Settings {
    private static final String VARIABLE = "variable:";
    /** Switches of checks: the agenda keeps them. */
    private static final Set<String> OF_AGENDA = Set.of(Attributes.CHECKS, Attributes.HOST_CHECKS);

    private final Inventory inventory;
    private final Board board;
    private final Program program;
    private final Agenda agenda;
    private final Aftermath aftermath;
    private final Clock clock;
    private final Map<String, Register> kept = new LinkedHashMap<>();
    /** Nothing is scheduled and nobody told yet. */
    private boolean restoring;

    Settings(Inventory inventory, Board board, Program program, Agenda agenda, Aftermath aftermath, Clock clock) {
        this.inventory = inventory;
        this.board = board;
        this.program = program;
        this.agenda = agenda;
        this.aftermath = aftermath;
        this.clock = clock;
    }

    /** A value or name that makes no sense. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    /** What was set by commands and is not the agenda's to keep. */
    List<Register> kept() {
        return List.copyOf(kept.values());
    }

    /** Sets again what an earlier run had; what makes no sense any more is forgotten. Before the first check is due. */
    void restore(List<Register> earlier) {
        restoring = true;
        for (Register register : earlier) {
            try {
                put(register);
                kept.put(register.place(), register);
            } catch (Refused e) {
                // the object file has changed: that object, command or timeperiod is gone
            }
        }
        restoring = false;
    }

    /**
     * Sets an attribute.
     *
     * @return why that cannot be; empty if it is done
     */
    Optional<String> set(Register register) {
        try {
            put(register);
        } catch (Refused e) {
            return Optional.of(e.getMessage());
        }
        if (!OF_AGENDA.contains(register.attribute())) {
            kept.put(register.place(), register);
        }
        board.changed();
        return Optional.empty();
    }

    private void put(Register register) throws Refused {
        switch (register.subject()) {
            case PROGRAM -> putProgram(register);
            case CONTACT -> putContact(register);
            case HOST, SERVICE -> putObject(register);
        }
    }

    private void putProgram(Register register) throws Refused {
        boolean on = isOn(register);
        switch (register.attribute()) {
            case Attributes.NOTIFICATIONS -> program.switchNotifications(on);
            case Attributes.EVENT_HANDLER -> program.switchHandlers(on);
            case Attributes.PASSIVE_CHECKS -> program.switchPassive(false, on);
            case Attributes.PASSIVE_HOST_CHECKS -> program.switchPassive(true, on);
            case Attributes.CHECKS -> agenda.switchAll(false, on, board::get, clock.millis());
            case Attributes.HOST_CHECKS -> agenda.switchAll(true, on, board::get, clock.millis());
            case Attributes.FLAP_DETECTION -> {
                program.switchFlapDetection(on);
                for (int index = 0; !on && !restoring && index < inventory.size(); index++) {
                    aftermath.flapDetectionSwitched(index);
                }
            }
            default -> throw unknown(register);
        }
    }

    private static boolean isOn(Register register) {
        return register.value().equals("1");
    }

    private static Refused unknown(Register register) {
        return new Refused("'" + register.attribute() + "' cannot be set in this release");
    }

    private void putContact(Register register) throws Refused {
        OptionalInt place = inventory.findContact(register.name());
        if (place.isEmpty()) {
            throw new Refused("there is no contact '" + register.name() + "'");
        }
        Contact contact = inventory.contact(place.getAsInt());
        String attribute = register.attribute();
        if (attribute.startsWith(VARIABLE)) {
            inventory.replace(contact.withCustom(with(contact.custom(), register)));
            return;
        }
        boolean ofHosts = attribute.startsWith("host_");
        Wishes wishes = contact.wishes(ofHosts);
        Wishes other = switch (attribute) {
            case Attributes.HOST_NOTIFICATIONS, Attributes.SERVICE_NOTIFICATIONS -> wishes.withEnabled(isOn(register));
            case "host_notification_period", "service_notification_period" ->
                new Wishes(wishes.enabled(), period(register), wishes.options(), wishes.commands());
            default -> throw unknown(register);
        };
        inventory.replace(contact.withWishes(ofHosts, other));
    }

    private static Map<String, String> with(Map<String, String> before, Register register) {
        Map<String, String> custom = new HashMap<>(before);
        String name = register.attribute().substring(VARIABLE.length());
        custom.put((name.startsWith("_") ? name.substring(1) : name).toUpperCase(Locale.ROOT), register.value());
        return custom;
    }

    private void putObject(Register register) throws Refused {
        OptionalInt found = register.subject() == Subject.HOST
                ? inventory.findHost(register.name())
                : register.name().isEmpty() || register.service().isEmpty()
                        ? OptionalInt.empty()
                        : inventory.find(MonitoredObject.ofService(register.name(), register.service()));
        if (found.isEmpty()) {
            throw new Refused(
                    register.subject() == Subject.HOST
                            ? "there is no host '" + register.name() + "'"
                            : "there is no service '" + register.service() + "' on host '" + register.name() + "'");
        }
        int index = found.getAsInt();
        if (register.attribute().equals(Attributes.CHECKS)) {
            agenda.switchChecks(index, isOn(register), board.get(index), clock.millis());
            return;
        }
        boolean wasRegular = agenda.isRegular(index);
        Checkable before = inventory.get(index);
        Checkable now = changed(before, register);
        inventory.replace(now);
        if (restoring) {
            return;
        }
        if (!now.plan().equals(before.plan()) || !now.command().equals(before.command())) {
            agenda.planChanged(index, wasRegular, board.get(index), clock.millis());
        }
        aftermath.flapDetectionSwitched(index);
    }

    private Checkable changed(Checkable object, Register register) throws Refused {
        CheckPlan plan = object.plan();
        Reaction reaction = object.reaction();
        boolean on = isOn(register);
        return switch (register.attribute()) {
            case Attributes.PASSIVE_CHECKS -> object.with(plan.withPassive(on));
            case Attributes.NOTIFICATIONS ->
                object.with(reaction.with(reaction.notifications().withEnabled(on)));
            case Attributes.EVENT_HANDLER -> object.with(reaction.withHandled(on));
            case Attributes.FLAP_DETECTION ->
                object.with(reaction.with(reaction.flaps().withEnabled(on)));
            case "check_command" -> object.withCommand(Optional.of(command(register)));
            case "event_handler_command" ->
                object.with(reaction.withHandler(
                        register.value().isEmpty() ? Optional.empty() : Optional.of(command(register))));
            case "check_interval" -> object.with(plan.withIntervals(number(register), plan.retryInterval()));
            case "retry_interval" -> object.with(plan.withIntervals(plan.checkInterval(), number(register)));
            case "max_attempts" -> object.with(plan.withMaxAttempts((int) Math.max(1, number(register))));
            case "check_period" -> object.with(plan.withPeriod(period(register)));
            case "notification_period" ->
                object.with(reaction.with(reaction.notifications().withPeriod(period(register))));
            default -> {
                if (!register.attribute().startsWith(VARIABLE)) {
                    throw unknown(register);
                }
                yield object.with(
                        object.labels().withCustom(with(object.labels().custom(), register)));
            }
        };
    }

    private CheckCommand command(Register register) throws Refused {
        return inventory
                .command(register.value())
                .orElseThrow(() ->
                        new Refused("there is no command '" + register.value().split("!", 2)[0] + "'"));
    }

    private Timeperiod period(Register register) throws Refused {
        return inventory
                .timeperiod(register.value())
                .orElseThrow(() -> new Refused("there is no timeperiod '" + register.value() + "'"));
    }

    private static double number(Register register) throws Refused {
        if (!register.value().strip().matches("\\d{1,9}(\\.\\d*)?")) {
            throw new Refused("'" + register.value() + "' is no number from 0");
        }
        return Double.parseDouble(register.value().strip());
    }
}
