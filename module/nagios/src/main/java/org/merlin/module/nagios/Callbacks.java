package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.merlin.module.Broker;
import org.merlin.module.hook.Attributes;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Register.Subject;

/**
 * Reads what the scheduler's callbacks bring and tells the module. What a callback brings lies at byte 16 of the event buffer, in
 * the form that Nagios 4 and Naemon share. On the scheduler's own thread.
 */
final class Callbacks {
    private static final int DATA = 16;
    private static final int TEXT_BYTES = 64 * 1024;

    // kinds
    private static final int EVENT_HANDLER = 4;
    private static final int NOTIFICATION = 5;
    private static final int SERVICE_CHECK = 6;
    private static final int HOST_CHECK = 7;
    private static final int COMMENT = 8;
    private static final int DOWNTIME = 9;
    private static final int ADAPTIVE_PROGRAM = 14;
    private static final int ADAPTIVE_HOST = 15;
    private static final int ADAPTIVE_SERVICE = 16;
    private static final int COMMAND = 17;
    private static final int CONTACT_METHOD = 21;
    private static final int ACKNOWLEDGEMENT = 22;
    private static final int ADAPTIVE_CONTACT = 25;

    // types
    private static final int HANDLER_START = 500;
    private static final int NOTIFICATION_START = 600;
    private static final int NOTIFICATION_END = 601;
    private static final int METHOD_END = 605;
    private static final int COMMENT_ADD = 900;
    private static final int COMMENT_DELETE = 901;
    private static final int DOWNTIME_ADD = 1100;
    private static final int DOWNTIME_DELETE = 1101;
    private static final int COMMAND_START = 1400;
    private static final int ACKNOWLEDGEMENT_ADD = 1700;

    private static final Set<String> REMOVES_ACKNOWLEDGEMENT =
            Set.of("REMOVE_HOST_ACKNOWLEDGEMENT", "REMOVE_SVC_ACKNOWLEDGEMENT");
    private static final Set<String> SETS_COUNT = Set.of(
            "DELAY_HOST_NOTIFICATION",
            "DELAY_SVC_NOTIFICATION",
            "SET_HOST_NOTIFICATION_NUMBER",
            "SET_SVC_NOTIFICATION_NUMBER");

    /** Bits of modified attributes: switches below, from here on settings and freshness checks. */
    private static final int FIRST_SETTING = 256;

    private final ByteBuffer events;
    private final Layout layout;
    private final Inventory inventory;
    private final NagiosPort port;
    private final Broker module;
    private final ObjectReader reader;
    private final Memory64 memory = new Memory64();
    private final ByteBuffer text = Shim.direct(TEXT_BYTES);
    /** What the scheduler is executing. */
    private Optional<ExternalCommand> command = Optional.empty();

    Callbacks(ByteBuffer events, Layout layout, Inventory inventory, NagiosPort port, Broker module) {
        this.events = events;
        this.layout = layout;
        this.inventory = inventory;
        this.port = port;
        this.module = module;
        this.reader = new ObjectReader(events, layout);
    }

    /** Takes what lies in the buffer; returns whether the scheduler is not to go on with it. */
    boolean on(int kind, int type) {
        switch (kind) {
            case SERVICE_CHECK, HOST_CHECK -> onProcessed(kind == HOST_CHECK);
            case NOTIFICATION -> {
                return onNotification(type);
            }
            case EVENT_HANDLER -> {
                int index = index(32 + 8, 32 + 16);
                return type == HANDLER_START && index >= 0 && !module.mayHandle(index);
            }
            case COMMENT -> onComment(type);
            case DOWNTIME -> onDowntime(type);
            case COMMAND -> onCommand(type);
            case CONTACT_METHOD -> onContactMethod(type);
            case ACKNOWLEDGEMENT -> onAcknowledgement(type);
            case ADAPTIVE_HOST, ADAPTIVE_SERVICE -> onSwitched(kind == ADAPTIVE_HOST);
            case ADAPTIVE_CONTACT -> onContactSwitched();
            case ADAPTIVE_PROGRAM -> onProgramSwitched();
            default -> {}
        }
        return false;
    }

    // --- reading ----------------------------------------------------------------------------------------------------

    private int number(int offset) {
        return events.getInt(DATA + offset);
    }

    private long wide(int offset) {
        return events.getLong(DATA + offset);
    }

    private String text(int offset) {
        return textAt(wide(offset));
    }

    private String textAt(long address) {
        if (address == 0) {
            return "";
        }
        byte[] bytes = new byte[Shim.text(address, text)];
        text.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long micros(int offset) {
        return wide(offset) * 1_000_000 + wide(offset + 8);
    }

    /** Index of the object whose host and service are named there; -1 for none. */
    private int index(int host, int service) {
        String description = text(service);
        return inventory.indexOf(description.isEmpty() ? text(host) : text(host) + ";" + description);
    }

    // --- results and notifications ----------------------------------------------------------------------------------

    private void onProcessed(boolean host) {
        int index = inventory.indexOf(host, reader.id(host));
        if (index >= 0 && !port.applying()) {
            module.onResult(index, reader.result(inventory.name(index)));
        }
    }

    private boolean onNotification(int type) {
        int reason = number(88);
        int index = index(72, 80);
        if (index < 0) {
            return false;
        }
        if (type == NOTIFICATION_START && !module.mayNotify(index, reason)) {
            if (reason == Notification.NORMAL) {
                port.uncount(index);
            }
            return true;
        }
        if (type == NOTIFICATION_END && number(124) > 0) {
            module.onNotification(
                    index,
                    new Notification(
                            inventory.name(index),
                            reason,
                            number(92),
                            number(124),
                            port.count(index),
                            Problem.NONE,
                            text(104),
                            text(112)));
        }
        return false;
    }

    private void onContactMethod(int type) {
        int index = type == METHOD_END ? index(72, 80) : -1;
        if (index >= 0) {
            module.onContactNotification(
                    index,
                    new ContactNotification(
                            inventory.name(index),
                            text(88),
                            text(96),
                            number(112),
                            number(116),
                            text(120),
                            text(128),
                            text(136),
                            micros(40),
                            micros(56)));
        }
    }

    // --- comments, downtimes, acknowledgements ----------------------------------------------------------------------

    private boolean isDeleting(String what) {
        return command.isPresent()
                && command.get().name().startsWith("DEL_")
                && command.get().name().contains(what);
    }

    private void onComment(int type) {
        if (type == COMMENT_DELETE) {
            module.onCommentGone(wide(104), isDeleting("COMMENT"));
        }
        int index = type == COMMENT_ADD ? index(40, 48) : -1;
        if (index >= 0) {
            module.onComment(
                    index,
                    wide(104),
                    Broker.CommentKind.of(number(88)),
                    new Comment(
                            inventory.name(index),
                            wide(56),
                            text(64),
                            text(72),
                            number(80) != 0,
                            number(84),
                            number(92) == 0 ? 0 : wide(96)));
        }
    }

    private void onDowntime(int type) {
        if (type == DOWNTIME_DELETE) {
            module.onDowntimeGone(wide(120), isDeleting("DOWNTIME"));
        }
        int index = type == DOWNTIME_ADD ? index(40, 48) : -1;
        if (index >= 0) {
            Downtime downtime = new Downtime(
                    inventory.name(index),
                    wide(56),
                    text(64),
                    text(72),
                    wide(80),
                    wide(88),
                    number(96) != 0,
                    wide(104),
                    EventName.NONE);
            module.onDowntime(index, wide(120), downtime, wide(112));
        }
    }

    private void onAcknowledgement(int type) {
        int index = type == ACKNOWLEDGEMENT_ADD && !port.applying() ? index(40, 48) : -1;
        if (index >= 0) {
            module.onAcknowledgement(
                    index,
                    new Acknowledgement(
                            inventory.name(index),
                            true,
                            0,
                            0,
                            number(80) != 0,
                            number(84) != 0,
                            number(88) != 0,
                            text(64),
                            text(72),
                            wide(16),
                            layout.hasExpiringAcknowledgements() ? wide(104) : 0));
        }
    }

    // --- commands and switches --------------------------------------------------------------------------------------

    private void onCommand(int type) {
        if (port.applying()) {
            return;
        }
        ExternalCommand given = new ExternalCommand(text(48), text(56), wide(40));
        if (type == COMMAND_START) {
            command = Optional.of(given);
            module.onCommand(given);
            return;
        }
        command = Optional.empty();
        Attributes.of(given).filter(Callbacks::isSilent).ifPresent(module::onSet);
        if (REMOVES_ACKNOWLEDGEMENT.contains(given.name())) {
            int index = ofArguments(given);
            if (index >= 0) {
                module.onAcknowledgementRemoved(index, given.entrySeconds());
            }
        } else if (SETS_COUNT.contains(given.name())) {
            int index = ofArguments(given);
            if (index >= 0) {
                module.onNotification(
                        index,
                        new Notification(
                                inventory.name(index),
                                Notification.NORMAL,
                                0,
                                0,
                                port.count(index),
                                Problem.NONE,
                                "",
                                ""));
            }
        }
    }

    /** Attributes of whose change Nagios tells nothing but the command. */
    private static boolean isSilent(Register register) {
        return register.attribute().startsWith("variable:")
                || register.attribute().startsWith("modified");
    }

    private int ofArguments(ExternalCommand given) {
        String[] words = given.arguments().split(";", 3);
        boolean service = given.name().contains("_SVC_") && words.length > 1;
        return inventory.indexOf(service ? words[0] + ";" + words[1] : words[0]);
    }

    /** What a command set that is no switch in an object: told as the command gave it. */
    private void onSetting(long attributes) {
        if (attributes >= FIRST_SETTING) {
            command.flatMap(Attributes::of)
                    .filter(register -> !isSilent(register))
                    .ifPresent(module::onSet);
        }
    }

    private void onSwitched(boolean host) {
        long object = wide(56);
        int index = inventory.indexOf(host, memory.number(object));
        long attributes = wide(40);
        if (index < 0 || port.applying()) {
            return;
        }
        String type = host ? "host." : "service.";
        switched(index, type, attributes, 1, Attributes.NOTIFICATIONS, "notifications_enabled");
        switched(index, type, attributes, 2, Attributes.CHECKS, "checks_enabled");
        switched(index, type, attributes, 4, Attributes.PASSIVE_CHECKS, "accept_passive_checks");
        switched(index, type, attributes, 8, Attributes.EVENT_HANDLER, "event_handler_enabled");
        switched(index, type, attributes, 16, Attributes.FLAP_DETECTION, "flap_detection_enabled");
        switched(index, type, attributes, 128, Attributes.OBSESSING, "obsess");
        onSetting(attributes);
    }

    private void switched(int index, String type, long attributes, int bit, String attribute, String field) {
        if ((attributes & bit) != 0) {
            int value = memory.number(inventory.address(index) + layout.at(type + field));
            module.onSet(Register.of(inventory.name(index), attribute, value == 0 ? "0" : "1"));
        }
    }

    private void onContactSwitched() {
        if (port.applying()) {
            return;
        }
        long contact = wide(88);
        String name = textAt(memory.pointer(contact + layout.at("contact.name")));
        contact(contact, name, wide(56), Attributes.HOST_NOTIFICATIONS, "contact.host_notifications_enabled");
        contact(contact, name, wide(72), Attributes.SERVICE_NOTIFICATIONS, "contact.service_notifications_enabled");
        onSetting(wide(40) | wide(56) | wide(72));
    }

    private void contact(long contact, String name, long attributes, String attribute, String field) {
        if ((attributes & 1) != 0) {
            int value = memory.number(contact + layout.at(field));
            module.onSet(new Register(Subject.CONTACT, name, "", attribute, value == 0 ? "0" : "1"));
        }
    }

    private void onProgramSwitched() {
        if (port.applying()) {
            return;
        }
        long hosts = wide(40);
        long services = wide(56);
        program(services, 1, Attributes.NOTIFICATIONS, "enable_notifications");
        program(services, 2, Attributes.CHECKS, "execute_service_checks");
        program(services, 4, Attributes.PASSIVE_CHECKS, "accept_passive_service_checks");
        program(services, 8, Attributes.EVENT_HANDLER, "enable_event_handlers");
        program(services, 16, Attributes.FLAP_DETECTION, "enable_flap_detection");
        program(services, 64, Attributes.PERFORMANCE_DATA, "process_performance_data");
        program(services, 128, Attributes.OBSESSING, "obsess_over_services");
        program(hosts, 2, Attributes.HOST_CHECKS, "execute_host_checks");
        program(hosts, 4, Attributes.PASSIVE_HOST_CHECKS, "accept_passive_host_checks");
        program(hosts, 128, Attributes.OBSESSING_HOSTS, "obsess_over_hosts");
        onSetting(hosts | services);
    }

    private void program(long attributes, int bit, String attribute, String symbol) {
        long address = (attributes & bit) == 0 ? 0 : Shim.symbol(symbol);
        if (address != 0) {
            String value = memory.number(address) == 0 ? "0" : "1";
            module.onSet(new Register(Subject.PROGRAM, "", "", attribute, value));
        }
    }
}
