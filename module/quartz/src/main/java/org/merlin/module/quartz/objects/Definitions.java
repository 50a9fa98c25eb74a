package org.merlin.module.quartz.objects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merlin.module.quartz.objects.Block.Attribute;

/** The blocks of a file by type and name, each looked at alone. Confined to the reading thread. */
final class Definitions {
    private static final Set<String> IGNORED_TYPES =
            Set.of("hostdependency", "servicedependency", "hostextinfo", "serviceextinfo", "module");
    private static final Set<String> READ_TYPES = Set.of(
            "host",
            "service",
            "command",
            "hostgroup",
            "servicegroup",
            "timeperiod",
            "contact",
            "contactgroup",
            "hostescalation",
            "serviceescalation");
    private static final Set<String> TEMPLATE_WORDS = Set.of("use", "register", "name");
    private static final Set<String> KNOWN = Set.of(
            "2d_coords",
            "3d_coords",
            "accept_passive_checks",
            "action_url",
            "active_checks_enabled",
            "address",
            "alias",
            "check_command",
            "check_freshness",
            "check_interval",
            "check_period",
            "check_timeout",
            "contact_groups",
            "contacts",
            "display_name",
            "event_handler",
            "event_handler_enabled",
            "failure_prediction_enabled",
            "failure_prediction_options",
            "first_notification_delay",
            "flap_detection_enabled",
            "flap_detection_options",
            "freshness_threshold",
            "high_flap_threshold",
            "host_name",
            "hostgroup_name",
            "hostgroups",
            "hourly_value",
            "icon_image",
            "icon_image_alt",
            "importance",
            "initial_state",
            "is_volatile",
            "low_flap_threshold",
            "max_check_attempts",
            "minimum_importance",
            "minimum_value",
            "normal_check_interval",
            "notes",
            "notes_url",
            "notification_interval",
            "notification_options",
            "notification_period",
            "notifications_enabled",
            "obsess",
            "obsess_over_host",
            "obsess_over_service",
            "parallelize_check",
            "parents",
            "passive_checks_enabled",
            "process_perf_data",
            "retain_nonstatus_information",
            "retain_status_information",
            "retry_check_interval",
            "retry_interval",
            "service_description",
            "servicegroups",
            "stalking_options",
            "statusmap_image",
            "vrml_image");

    private final Problems problems;
    private final Map<String, String> pool = new HashMap<>();

    final Map<String, Block> commands = new LinkedHashMap<>();
    final Map<String, Block> timeperiods = new LinkedHashMap<>();
    final Map<String, Block> hostgroups = new LinkedHashMap<>();
    final Map<String, Block> servicegroups = new LinkedHashMap<>();
    final Map<String, Block> contacts = new LinkedHashMap<>();
    final Map<String, Block> contactgroups = new LinkedHashMap<>();
    final List<Block> escalations = new ArrayList<>();
    final Map<String, Block> hosts = new LinkedHashMap<>();
    final List<Block> services = new ArrayList<>();

    Definitions(Problems problems) {
        this.problems = problems;
    }

    void add(Block block) {
        if (IGNORED_TYPES.contains(block.type())) {
            return;
        }
        if (!READ_TYPES.contains(block.type())) {
            problems.error(
                    block.line(),
                    "unknown object type '" + block.type() + "'" + Spelling.hint(block.type(), READ_TYPES));
            return;
        }
        if (isTemplate(block)) {
            return;
        }
        switch (block.type()) {
            case "command" -> addNamed(commands, block, "command_name");
            case "timeperiod" -> addNamed(timeperiods, block, "timeperiod_name");
            case "hostgroup" -> addNamed(hostgroups, block, "hostgroup_name");
            case "servicegroup" -> addNamed(servicegroups, block, "servicegroup_name");
            case "contact" -> addNamed(contacts, block, "contact_name");
            case "contactgroup" -> addNamed(contactgroups, block, "contactgroup_name");
            case "hostescalation", "serviceescalation" -> escalations.add(block);
            case "host" -> addNamed(hosts, kept(block), "host_name");
            default -> services.add(kept(block));
        }
    }

    private boolean isTemplate(Block block) {
        for (Attribute attribute : block.attributes()) {
            if (TEMPLATE_WORDS.contains(attribute.name())) {
                problems.error(
                        attribute.line(),
                        "'" + attribute.name()
                                + "' belongs to templates, which are not read here: give the expanded file"
                                + " that Nagios writes (objects.cache)");
                return true;
            }
        }
        return false;
    }

    private void addNamed(Map<String, Block> into, Block block, String nameAttribute) {
        String name = block.text(nameAttribute, "");
        if (name.isEmpty()) {
            problems.error(block.line(), "this " + block.type() + " has no " + nameAttribute);
            return;
        }
        Block former = into.putIfAbsent(name, block);
        if (former != null) {
            problems.error(
                    block.line(),
                    block.type() + " '" + name + "' is there twice, first in "
                            + problems.place(former.line(), block.line()));
        }
    }

    /** The block with nothing but what is used later: files of many services would fill the heap otherwise. */
    private Block kept(Block block) {
        Block kept = new Block(block.type(), block.line());
        for (Attribute attribute : block.attributes()) {
            if (Resolver.USED.contains(attribute.name()) || attribute.name().startsWith("_")) {
                kept.put(new Attribute(pooled(attribute.name()), pooled(attribute.value()), attribute.line()));
            } else if (!KNOWN.contains(attribute.name())) {
                problems.warn(
                        attribute.line(),
                        "unknown attribute '" + attribute.name() + "' of a " + block.type() + " is ignored"
                                + Spelling.hint(attribute.name(), KNOWN));
            }
        }
        return kept;
    }

    private String pooled(String text) {
        return pool.computeIfAbsent(text, same -> same);
    }
}
