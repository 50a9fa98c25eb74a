package org.merlin.module.quartz.objects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.merlin.module.quartz.objects.Block.Attribute;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.NameOrder;

/** Joins the blocks of a file: names become the things that they name. Confined to the reading thread. */
final class Resolver {
    /** The attributes of hosts and services that are used. */
    static final Set<String> USED = Set.of(
            "accept_passive_checks",
            "action_url",
            "active_checks_enabled",
            "address",
            "alias",
            "check_command",
            "check_interval",
            "check_period",
            "contact_groups",
            "contacts",
            "display_name",
            "event_handler",
            "event_handler_enabled",
            "first_notification_delay",
            "flap_detection_enabled",
            "flap_detection_options",
            "high_flap_threshold",
            "host_name",
            "hostgroup_name",
            "hostgroups",
            "is_volatile",
            "low_flap_threshold",
            "max_check_attempts",
            "normal_check_interval",
            "notes",
            "notes_url",
            "notification_interval",
            "notification_options",
            "notification_period",
            "notifications_enabled",
            "parents",
            "passive_checks_enabled",
            "retry_check_interval",
            "retry_interval",
            "service_description",
            "servicegroups");

    /** Macros of a resource file, which we do not read. */
    private static final Pattern NO_VALUE = Pattern.compile("\\$USER(?!1\\$)\\d{1,3}\\$");

    /** The bound that a name has in packets. */
    private static final int NAME_CHARS = 255;

    private final Definitions definitions;
    private final Problems problems;
    private final Commandlines commands;
    private final PlanReader plans;
    private final ContactReader contactReader;
    private final ReactionReader reactions;
    private final Map<String, Timeperiod> timeperiods = new HashMap<>();
    private final Map<String, Set<String>> groupsOfHost = new HashMap<>();
    private final Map<String, Set<String>> hostsOfGroup = new LinkedHashMap<>();
    private final Map<String, Integer> hostIndex = new HashMap<>();

    Resolver(Definitions definitions, Problems problems) {
        this.definitions = definitions;
        this.problems = problems;
        this.commands = new Commandlines(definitions.commands);
        Values values = new Values(timeperiods, problems);
        this.plans = new PlanReader(values, problems);
        this.contactReader = new ContactReader(definitions, commands, values, problems);
        this.reactions = new ReactionReader(contactReader, commands, values, problems);
    }

    /**
     * What an object file says.
     *
     * @param hostgroups places of hosts by group
     * @param servicegroups places of services by group
     */
    record Resolved(
            List<Checkable> objects,
            List<Contact> contacts,
            Map<String, int[]> hostgroups,
            Map<String, int[]> servicegroups,
            Commandlines commands,
            Map<String, Timeperiod> timeperiods) {}

    Resolved resolve() {
        readTimeperiods();
        checkCommands();
        readHostgroups();
        List<Contact> contacts = contactReader.read();
        List<Checkable> all = new ArrayList<>();
        Map<String, Block> hosts = new TreeMap<>(NameOrder.BYTEWISE);
        hosts.putAll(definitions.hosts);
        hosts.keySet().forEach(name -> hostIndex.put(name, hostIndex.size()));
        readEscalations();
        hosts.forEach((name, block) -> all.add(host(name, block)));
        refuseCircles(all);
        Map<String, ServiceOf> services = expandServices();
        Map<String, Integer> serviceIndex = new HashMap<>();
        services.forEach((name, of) -> {
            serviceIndex.put(name, all.size());
            all.add(service(all.size(), of));
        });
        Map<String, int[]> hostgroups = new HashMap<>();
        hostsOfGroup.forEach((group, members) ->
                hostgroups.put(group, members.stream().mapToInt(hostIndex::get).toArray()));
        return new Resolved(
                all, contacts, hostgroups, servicegroups(services, serviceIndex), commands, Map.copyOf(timeperiods));
    }

    private Map<String, int[]> servicegroups(Map<String, ServiceOf> services, Map<String, Integer> serviceIndex) {
        Map<String, Set<Integer>> members = new HashMap<>();
        definitions.servicegroups.forEach((group, block) -> {
            Set<Integer> found = members.computeIfAbsent(group, name -> new LinkedHashSet<>());
            List<String> names = commaList(block.text("members", ""));
            for (int i = 0; i + 1 < names.size(); i += 2) {
                String name = names.get(i) + ";" + names.get(i + 1);
                if (serviceIndex.containsKey(name)) {
                    found.add(serviceIndex.get(name));
                } else {
                    problems.error(
                            block.lineOf("members"),
                            "there is no service '" + names.get(i + 1) + "' on host '" + names.get(i) + "'");
                }
            }
        });
        services.forEach((name, of) -> {
            for (String group : commaList(of.block().text("servicegroups", ""))) {
                if (members.containsKey(group)) {
                    members.get(group).add(serviceIndex.get(name));
                } else {
                    problems.warn(
                            of.block().lineOf("servicegroups"), "unknown servicegroup '" + group + "' is ignored");
                }
            }
        });
        Map<String, int[]> places = new HashMap<>();
        members.forEach((group, found) ->
                places.put(group, found.stream().mapToInt(Integer::intValue).toArray()));
        return places;
    }

    private void readEscalations() {
        for (Block block : definitions.escalations) {
            String description = block.text("service_description", "");
            if (block.type().equals("serviceescalation") && description.isEmpty()) {
                problems.error(block.line(), "this serviceescalation has no service_description");
            }
            for (String host : hostsOf(block)) {
                for (String service : block.type().equals("hostescalation") ? List.of("") : commaList(description)) {
                    reactions.escalate(service.isEmpty() ? host : host + ";" + service, block);
                }
            }
        }
    }

    static Map<Integer, int[]> servicesByHost(List<Checkable> all) {
        Map<Integer, List<Integer>> lists = new HashMap<>();
        for (Checkable object : all) {
            if (!object.isHost()) {
                lists.computeIfAbsent(object.host(), host -> new ArrayList<>()).add(object.index());
            }
        }
        Map<Integer, int[]> arrays = new HashMap<>();
        lists.forEach((host, services) ->
                arrays.put(host, services.stream().mapToInt(Integer::intValue).toArray()));
        return arrays;
    }

    private void readTimeperiods() {
        definitions.timeperiods.forEach((name, block) -> timeperiods.put(name, Timeperiod.read(name, block, problems)));
        definitions.timeperiods.forEach((name, block) -> block.get("exclude").ifPresent(exclude -> {
            for (String other : commaList(exclude.value())) {
                Timeperiod excluded = timeperiods.get(other);
                if (excluded == null) {
                    problems.unknown(exclude.line(), "timeperiod", other, timeperiods.keySet());
                } else if (excludes(excluded, timeperiods.get(name), new HashSet<>())) {
                    problems.error(exclude.line(), "timeperiod '" + name + "' excludes itself through '" + other + "'");
                } else {
                    timeperiods.get(name).exclude(excluded);
                }
            }
        }));
    }

    private static boolean excludes(Timeperiod from, Timeperiod wanted, Set<Timeperiod> seen) {
        return from == wanted
                || seen.add(from) && from.excluded().stream().anyMatch(other -> excludes(other, wanted, seen));
    }

    private void checkCommands() {
        definitions.commands.forEach((name, block) -> {
            String line = block.text("command_line", "");
            if (line.isEmpty()) {
                problems.error(block.line(), "command '" + name + "' has no command_line");
            }
            NO_VALUE.matcher(line)
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .forEach(macro -> problems.warn(
                            block.lineOf("command_line"),
                            macro + " is empty here, and only $USER1$ is not: it is the folder of the plugins"));
        });
    }

    private void readHostgroups() {
        definitions.hostgroups.forEach((group, block) -> {
            hostsOfGroup.put(group, new LinkedHashSet<>());
            block.get("members")
                    .ifPresent(
                            members -> commaList(members.value()).forEach(host -> join(host, group, members.line())));
        });
        definitions.hosts.forEach((host, block) -> block.get("hostgroups")
                .ifPresent(groups -> commaList(groups.value()).forEach(group -> join(host, group, groups.line()))));
    }

    private void join(String host, String group, int line) {
        if (!definitions.hosts.containsKey(host)) {
            problems.unknown(line, "host", host, definitions.hosts.keySet());
        } else if (!definitions.hostgroups.containsKey(group)) {
            problems.unknown(line, "hostgroup", group, definitions.hostgroups.keySet());
        } else {
            groupsOfHost.computeIfAbsent(host, h -> new LinkedHashSet<>()).add(group);
            hostsOfGroup.get(group).add(host);
        }
    }

    private Checkable host(String name, Block block) {
        int index = hostIndex.get(name);
        checkName(name, "host_name", block);
        List<Integer> parents = new ArrayList<>();
        block.get("parents").ifPresent(attribute -> {
            for (String parent : commaList(attribute.value())) {
                Integer place = hostIndex.get(parent);
                if (place == null) {
                    problems.unknown(attribute.line(), "host", parent, hostIndex.keySet());
                } else {
                    parents.add(place);
                }
            }
        });
        Labels labels = labels(block, name, block.text("alias", name), block.text("address", name));
        return new Checkable(
                index,
                MonitoredObject.ofHost(name),
                index,
                command(block),
                plans.read(block),
                reactions.host(name, block),
                labels,
                groups(name),
                parents);
    }

    private void checkName(String name, String attribute, Block block) {
        if (name.indexOf(';') >= 0) {
            problems.error(
                    block.lineOf(attribute),
                    attribute + " '" + name + "' holds a ';', which separates host and service");
        }
        if (name.length() > NAME_CHARS) {
            problems.error(
                    block.lineOf(attribute),
                    attribute + " has " + name.length() + " characters; the bound is " + NAME_CHARS);
        }
    }

    private void refuseCircles(List<Checkable> hosts) {
        int[] seen = new int[hosts.size()]; // 0 not yet, 1 on the way, 2 done
        for (Checkable host : hosts) {
            walk(host, hosts, seen);
        }
    }

    private void walk(Checkable host, List<Checkable> hosts, int[] seen) {
        if (seen[host.index()] != 0) {
            return;
        }
        seen[host.index()] = 1;
        for (int parent : host.parents()) {
            if (seen[parent] == 1) {
                problems.error(
                        definitions.hosts.get(host.name().host()).lineOf("parents"),
                        "host '" + host.name() + "' is its own parent through '"
                                + hosts.get(parent).name() + "'");
            } else {
                walk(hosts.get(parent), hosts, seen);
            }
        }
        seen[host.index()] = 2;
    }

    /** A service block, and the one host of its that is meant. */
    private record ServiceOf(String host, String description, Block block) {}

    private Map<String, ServiceOf> expandServices() {
        Map<String, ServiceOf> services = new TreeMap<>(NameOrder.BYTEWISE);
        for (Block block : definitions.services) {
            String description = block.text("service_description", "");
            if (description.isEmpty()) {
                problems.error(block.line(), "this service has no service_description");
                continue;
            }
            checkName(description, "service_description", block);
            Set<String> hosts = hostsOf(block);
            if (hosts.isEmpty()) {
                problems.error(
                        block.line(),
                        "service '" + description + "' is on no host; host_name or hostgroup_name say where");
            }
            for (String host : hosts) {
                ServiceOf former =
                        services.putIfAbsent(host + ";" + description, new ServiceOf(host, description, block));
                if (former != null) {
                    problems.error(
                            block.line(),
                            "service '" + description + "' on host '" + host + "' is there twice, first in "
                                    + problems.place(former.block().line(), block.line()));
                }
            }
        }
        services.values().removeIf(service -> !hostIndex.containsKey(service.host()));
        return services;
    }

    private Set<String> hostsOf(Block block) {
        Set<String> hosts = new LinkedHashSet<>();
        block.get("host_name").ifPresent(names -> {
            for (String host : commaList(names.value())) {
                if (!hostIndex.containsKey(host)) {
                    problems.unknown(names.line(), "host", host, hostIndex.keySet());
                }
                hosts.add(host);
            }
        });
        block.get("hostgroup_name").ifPresent(groups -> {
            for (String group : commaList(groups.value())) {
                if (!hostsOfGroup.containsKey(group)) {
                    problems.unknown(groups.line(), "hostgroup", group, hostsOfGroup.keySet());
                }
                hosts.addAll(hostsOfGroup.getOrDefault(group, Set.of()));
            }
        });
        return hosts;
    }

    private Checkable service(int index, ServiceOf of) {
        Optional<CheckCommand> command = command(of.block());
        CheckPlan plan = plans.read(of.block());
        if (command.isEmpty()
                && plan.active()
                && of.block().get("check_command").isEmpty()) {
            problems.error(
                    of.block().line(),
                    "service '" + of.description()
                            + "' has no check_command; with active_checks_enabled 0 it needs none");
        }
        return new Checkable(
                index,
                MonitoredObject.ofService(of.host(), of.description()),
                hostIndex.get(of.host()),
                command,
                plan,
                reactions.service(of.host() + ";" + of.description(), of.block(), definitions.hosts.get(of.host())),
                labels(of.block(), of.description(), "", ""),
                groups(of.host()),
                List.of());
    }

    private List<String> groups(String host) {
        return List.copyOf(groupsOfHost.getOrDefault(host, Set.of()));
    }

    private static Labels labels(Block block, String name, String alias, String address) {
        Map<String, String> custom = new HashMap<>();
        for (Attribute attribute : block.attributes()) {
            if (attribute.name().startsWith("_")) {
                custom.put(attribute.name().substring(1).toUpperCase(Locale.ROOT), attribute.value());
            }
        }
        return new Labels(
                block.text("display_name", name),
                alias,
                address,
                block.text("notes", ""),
                block.text("notes_url", ""),
                block.text("action_url", ""),
                custom);
    }

    private Optional<CheckCommand> command(Block block) {
        Optional<Attribute> attribute =
                block.get("check_command").filter(a -> !a.value().isEmpty());
        if (attribute.isEmpty()) {
            return Optional.empty();
        }
        Optional<CheckCommand> command = commands.find(attribute.get().value());
        if (command.isEmpty()) {
            problems.unknown(
                    attribute.get().line(),
                    "command",
                    CheckCommand.split(attribute.get().value()).get(0),
                    definitions.commands.keySet());
        }
        return command;
    }

    static List<String> commaList(String text) {
        List<String> names = new ArrayList<>();
        for (String name : text.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }
}
