package org.merlin.module.quartz.notify;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.merlin.module.Broker;
import org.merlin.module.quartz.check.Macros;
import org.merlin.module.quartz.notify.NotificationRules.Situation;
import org.merlin.module.quartz.objects.CheckCommand;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Contact;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Board;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.quartz.state.StateWords;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.StateType;

/**
 * Tells contacts: asks the rules, then the module, has the contacts' commands run, and counts. Confined to the core's thread.
 */
public final class Notifier {
    private final Inventory inventory;
    private final Board board;
    private final Program program;
    private final Circumstances circumstances;
    private final NotificationRules rules;
    private final Macros macros;
    private final Outlet outlet;
    private final Clock clock;
    /** By object, what was notified of a problem whose recovery the module kept back. */
    private final Map<Integer, NotificationCount> owed = new HashMap<>();

    private Broker broker;

    /**
     * How a notification is sent.
     *
     * @param broadcast to all contacts, those of all escalations too
     * @param forced whatever rules, periods and wishes say
     * @param increment whether it counts
     */
    public record Manner(boolean broadcast, boolean forced, boolean increment) {
        public static final Manner PLAIN = new Manner(false, false, false);

        /** As the commands for custom notifications number it. */
        public static Manner of(long bits) {
            return new Manner((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
        }
    }

    public Notifier(
            Inventory inventory,
            Board board,
            Program program,
            Circumstances circumstances,
            NotificationRules rules,
            Macros macros,
            Outlet outlet,
            Clock clock) {
        this.inventory = inventory;
        this.board = board;
        this.program = program;
        this.circumstances = circumstances;
        this.rules = rules;
        this.macros = macros;
        this.outlet = outlet;
        this.clock = clock;
    }

    /** Asks and tells this module. Before the loop starts. */
    public void begin(Broker module) {
        broker = module;
    }

    /**
     * Tells contacts about an object's present state, if the rules want it.
     *
     * @param before what was notified of its problem; for a recovery, of the problem that is over
     */
    public void state(int index, NotificationCount before) {
        tell(index, Reason.NORMAL, Manner.PLAIN, before, "", "");
    }

    /**
     * The same, a little later or after a change of who does it.
     *
     * @param notifiedOn states that contacts know of already
     */
    public void again(int index, int notifiedOn) {
        NotificationCount count = board.get(index).notification();
        NotificationCount known = count.number() == 0 ? owed.getOrDefault(index, count) : count;
        state(
                index,
                new NotificationCount(
                        known.number(),
                        known.lastMicros(),
                        known.nextMicros(),
                        known.notifiedOn() | notifiedOn & ~1,
                        known.noMore()));
    }

    /** Tells contacts of something else than a state. */
    public void occasion(int index, Reason reason, String author, String text) {
        occasion(index, reason, Manner.PLAIN, author, text);
    }

    public void occasion(int index, Reason reason, Manner manner, String author, String text) {
        tell(index, reason, manner, board.get(index).notification(), author, text);
    }

    /** A new state: what was owed for the former one is out of date. */
    public void changed(int index) {
        owed.remove(index);
    }

    private void tell(int index, Reason reason, Manner manner, NotificationCount before, String author, String text) {
        Checkable object = inventory.get(index);
        Situation now = situation(object, before);
        long nowMillis = clock.millis();
        if (!manner.forced()
                && (!program.notifications()
                        || rules.refusal(reason, now, nowMillis).isPresent())) {
            return;
        }
        int state = now.state().state();
        int number = reason == Reason.NORMAL || manner.increment() ? before.number() + 1 : before.number();
        int escalatedBy = state == 0 ? before.number() : number;
        List<Contact> contacts =
                rules.recipients(now.plan(), state, escalatedBy, manner.broadcast(), nowMillis).stream()
                        .map(inventory::contact)
                        .filter(contact ->
                                manner.forced() || rules.wants(contact, reason, object.isHost(), now, nowMillis))
                        .toList();
        if (contacts.isEmpty()) {
            return;
        }
        if (!broker.mayNotify(index, reason.code())) {
            if (reason == Reason.NORMAL && state == 0) {
                owed.put(index, before);
            }
            return;
        }
        owed.remove(index);
        NotificationCount count = count(reason, manner, now, number, nowMillis);
        if (count != before) {
            boolean over = reason == Reason.NORMAL && state == 0;
            board.set(index, board.get(index).with(over ? NotificationCount.NONE : count));
        }
        Message message = new Message(
                object,
                now.state(),
                reason,
                author,
                text,
                macros(object, now.state(), reason, number, contacts, author, text),
                nowMillis);
        contacts.forEach(contact -> send(contact, message));
        broker.onNotification(
                index,
                new Notification(
                        object.name(), reason.code(), state, contacts.size(), count, Problem.NONE, author, text));
    }

    private Situation situation(Checkable object, NotificationCount count) {
        int index = object.index();
        boolean ofService = !object.isHost();
        ObjectState host = board.get(object.host());
        return new Situation(
                object.reaction().notifications(),
                board.get(index),
                count,
                object.reaction().isVolatile(),
                circumstances.isAcknowledged(index),
                circumstances.downtimes(index),
                ofService ? circumstances.downtimes(object.host()) : 0,
                ofService && host.state() != 0 && host.type() == StateType.HARD);
    }

    private NotificationCount count(Reason reason, Manner manner, Situation now, int number, long nowMillis) {
        NotificationCount before = now.count();
        if (reason == Reason.NORMAL) {
            return rules.counted(now, number, nowMillis);
        }
        return manner.increment()
                ? new NotificationCount(
                        number, before.lastMicros(), before.nextMicros(), before.notifiedOn(), before.noMore())
                : before;
    }

    /** What all contacts are told alike. */
    private record Message(
            Checkable object,
            ObjectState state,
            Reason reason,
            String author,
            String text,
            Map<String, String> macros,
            long nowMillis) {}

    private Map<String, String> macros(
            Checkable object,
            ObjectState state,
            Reason reason,
            int number,
            List<Contact> contacts,
            String author,
            String text) {
        Map<String, String> macros = new HashMap<>();
        macros.put("HOSTDOWNTIME", Integer.toString(circumstances.downtimes(object.host())));
        if (!object.isHost()) {
            macros.put("SERVICEDOWNTIME", Integer.toString(circumstances.downtimes(object.index())));
        }
        macros.put("NOTIFICATIONTYPE", reason.type(state.state()));
        macros.put("NOTIFICATIONNUMBER", Integer.toString(number));
        macros.put((object.isHost() ? "HOST" : "SERVICE") + "NOTIFICATIONNUMBER", Integer.toString(number));
        macros.put(
                "NOTIFICATIONRECIPIENTS",
                String.join(",", contacts.stream().map(Contact::name).toList()));
        macros.put("NOTIFICATIONAUTHOR", Macros.safe(author));
        macros.put("NOTIFICATIONAUTHORNAME", Macros.safe(author));
        macros.put("NOTIFICATIONAUTHORALIAS", Macros.safe(author));
        macros.put("NOTIFICATIONCOMMENT", Macros.safe(text));
        if (reason == Reason.ACKNOWLEDGED) {
            String kind = object.isHost() ? "HOST" : "SERVICE";
            macros.put(kind + "ACKAUTHOR", Macros.safe(author));
            macros.put(kind + "ACKCOMMENT", Macros.safe(text));
        }
        return macros;
    }

    private void send(Contact contact, Message message) {
        Map<String, String> all = new HashMap<>(message.macros());
        all.put("CONTACTNAME", contact.name());
        all.put("CONTACTALIAS", contact.alias());
        all.put("CONTACTEMAIL", contact.email());
        all.put("CONTACTPAGER", contact.pager());
        for (int i = 0; i < contact.addresses().size(); i++) {
            all.put("CONTACTADDRESS" + (i + 1), contact.addresses().get(i));
        }
        all.put("CONTACTGROUPNAME", contact.groups().stream().findFirst().orElse(""));
        all.put("CONTACTGROUPNAMES", String.join(",", contact.groups()));
        contact.custom().forEach((name, value) -> all.put("_CONTACT" + name, value));
        for (CheckCommand command : contact.wishes(message.object().isHost()).commands()) {
            send(contact, command, message, all);
        }
    }

    private void send(Contact contact, CheckCommand command, Message message, Map<String, String> all) {
        Checkable object = message.object();
        boolean host = object.isHost();
        int state = message.state().state();
        String output = message.state().output().text();
        boolean said = message.reason() == Reason.ACKNOWLEDGED || message.reason() == Reason.CUSTOM;
        String word = host ? StateWords.ofHost(state) : StateWords.ofService(state);
        outlet.log((host ? "HOST" : "SERVICE") + " NOTIFICATION: " + contact.name() + ";"
                + object.name().name() + ";" + message.reason().logged(word) + ";" + command.name() + ";" + output
                + (said ? ";" + message.author() + ";" + message.text() : ""));
        outlet.run(
                String.format(
                        Locale.ROOT,
                        "Contact '%s' %s notification command '%s'",
                        contact.name(),
                        host ? "host" : "service",
                        command.text()),
                macros.expand(command, object, all, message.nowMillis()));
        long micros = message.nowMillis() * 1000;
        broker.onContactNotification(
                object.index(),
                new ContactNotification(
                        object.name(),
                        contact.name(),
                        command.name(),
                        message.reason().code(),
                        state,
                        output,
                        message.author(),
                        message.text(),
                        micros,
                        micros));
    }

    /** Runs an object's event handler for what has just been found, if it has one and the module agrees. */
    public void handle(int index, StateType type, int attempt) {
        Checkable object = inventory.get(index);
        Optional<CheckCommand> handler = object.reaction().handler();
        if (!program.handlers() || !object.reaction().handled() || handler.isEmpty() || !broker.mayHandle(index)) {
            return;
        }
        boolean host = object.isHost();
        int state = board.get(index).state();
        String kind = host ? "HOST" : "SERVICE";
        outlet.log(kind + " EVENT HANDLER: " + object.name().name() + ";"
                + (host ? StateWords.ofHost(state) : StateWords.ofService(state)) + ";" + type + ";" + attempt + ";"
                + handler.get().name());
        Map<String, String> more = Map.of(kind + "STATETYPE", type.name(), kind + "ATTEMPT", Integer.toString(attempt));
        outlet.run(
                kind + " event handler of " + object.name() + " '"
                        + handler.get().text() + "'",
                macros.expand(handler.get(), object, more, clock.millis()));
    }
}
