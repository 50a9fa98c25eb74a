package org.merlin.module.quartz.objects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.module.quartz.objects.NotificationPlan.Escalation;

/** Reads what is done about an object's states: notifications, event handler, flap detection. Confined to the reading thread. */
final class ReactionReader {
    private static final double USUAL_NOTIFICATION_INTERVAL = 30;
    private static final double USUAL_LOW_FLAP_THRESHOLD = 20;
    private static final double USUAL_HIGH_FLAP_THRESHOLD = 30;

    private final ContactReader contacts;
    private final Commandlines commands;
    private final Values values;
    private final Problems problems;
    /** By {@code host} or {@code host;service}. */
    private final Map<String, List<Block>> escalations = new HashMap<>();

    ReactionReader(ContactReader contacts, Commandlines commands, Values values, Problems problems) {
        this.contacts = contacts;
        this.commands = commands;
        this.values = values;
        this.problems = problems;
    }

    /** Notes that a block escalates what an object's contacts are told. */
    void escalate(String object, Block block) {
        escalations.computeIfAbsent(object, name -> new ArrayList<>()).add(block);
    }

    Reaction host(String name, Block block) {
        return reaction(name, block, block, true);
    }

    /** Reads a service, which has from its host what it does not say itself. */
    Reaction service(String name, Block block, Block host) {
        return reaction(name, block, host, false);
    }

    private Reaction reaction(String name, Block block, Block host, boolean isHost) {
        boolean own =
                block.get("contacts").isPresent() || block.get("contact_groups").isPresent();
        NotificationPlan plan = new NotificationPlan(
                values.flag(block, "notifications_enabled"),
                values.number(
                        from(block, host, "notification_interval"),
                        "notification_interval",
                        USUAL_NOTIFICATION_INTERVAL),
                values.number(block, "first_notification_delay", 0),
                values.period(from(block, host, "notification_period"), "notification_period"),
                values.options(block, "notification_options", isHost),
                contacts.contactsOf(own ? block : host),
                List.of());
        double low = values.number(block, "low_flap_threshold", 0);
        double high = values.number(block, "high_flap_threshold", 0);
        return new Reaction(
                plan.withEscalations(escalations(name, isHost)),
                handler(block),
                values.flag(block, "event_handler_enabled"),
                new FlapPlan(
                        values.flag(block, "flap_detection_enabled"),
                        low > 0 ? low : USUAL_LOW_FLAP_THRESHOLD,
                        high > 0 ? high : USUAL_HIGH_FLAP_THRESHOLD,
                        values.options(block, "flap_detection_options", isHost)),
                values.flag(block, "is_volatile", false));
    }

    private static Block from(Block block, Block host, String attribute) {
        return block.get(attribute).isPresent() ? block : host;
    }

    private Optional<CheckCommand> handler(Block block) {
        String call = block.text("event_handler", "");
        Optional<CheckCommand> command = call.isEmpty() ? Optional.empty() : commands.find(call);
        if (!call.isEmpty() && command.isEmpty()) {
            problems.error(
                    block.lineOf("event_handler"),
                    "unknown command '" + CheckCommand.split(call).get(0) + "'");
        }
        return command;
    }

    private List<Escalation> escalations(String name, boolean isHost) {
        List<Escalation> read = new ArrayList<>();
        for (Block block : escalations.getOrDefault(name, List.of())) {
            read.add(new Escalation(
                    (int) values.number(block, "first_notification", 0),
                    (int) values.number(block, "last_notification", 0),
                    values.number(block, "notification_interval", -1),
                    values.period(block, "escalation_period"),
                    values.options(block, "escalation_options", isHost),
                    contacts.contactsOf(block)));
        }
        return read;
    }
}
