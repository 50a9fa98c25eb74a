package org.merlin.confsync.objects;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cuts a poller's part out of a flat object file: the hosts of its hostgroups with their services, and what these name:
 * commands, timeperiods, contacts and contactgroups, parents that are in the part. Hostgroups are reduced to hosts of the part.
 * (Dependencies, escalations and servicegroups follow with configuration sync.) Pure.
 */
public final class PollerConfig {
    private static final Set<String> WHOLE = Set.of("timeperiod", "command");

    private final ObjectFile whole;
    private final Set<String> hosts;

    private PollerConfig(ObjectFile whole, Set<String> hosts) {
        this.whole = whole;
        this.hosts = hosts;
    }

    /**
     * Cuts.
     *
     * @param hostgroups of the poller; unknown ones hold no host
     */
    public static ObjectFile cut(ObjectFile whole, List<String> hostgroups) {
        return new PollerConfig(whole, hostsOf(whole, hostgroups)).part();
    }

    /** Names of the hosts that are in one of these hostgroups, by the groups' members or by the hosts' own attribute. */
    public static Set<String> hostsOf(ObjectFile whole, List<String> hostgroups) {
        Set<String> hosts = new LinkedHashSet<>();
        for (ObjectBlock group : whole.of("hostgroup")) {
            if (hostgroups.contains(group.get("hostgroup_name"))) {
                hosts.addAll(group.names("members"));
            }
        }
        for (ObjectBlock host : whole.of("host")) {
            if (host.names("hostgroups").stream().anyMatch(hostgroups::contains)) {
                hosts.add(host.get("host_name"));
            }
        }
        return hosts;
    }

    private ObjectFile part() {
        List<ObjectBlock> monitored = new ArrayList<>();
        for (ObjectBlock block : whole.blocks()) {
            switch (block.type()) {
                case "host" -> host(block, monitored);
                case "service" -> service(block, monitored);
                case "hostgroup" -> hostgroup(block, monitored);
                default -> {}
            }
        }
        Set<String> contactgroups = named(monitored, "contact_groups");
        Set<String> contacts = named(monitored, "contacts");
        whole.of("contactgroup").stream()
                .filter(group -> contactgroups.contains(group.get("contactgroup_name")))
                .forEach(group -> contacts.addAll(group.names("members")));
        List<ObjectBlock> people = whole.blocks().stream()
                .filter(block -> block.type().equals("contact") && contacts.contains(block.get("contact_name"))
                        || block.type().equals("contactgroup")
                                && contactgroups.contains(block.get("contactgroup_name")))
                .toList();
        List<ObjectBlock> naming = new ArrayList<>(monitored);
        naming.addAll(people);
        List<ObjectBlock> part = new ArrayList<>(needed(naming));
        part.addAll(people);
        part.addAll(monitored);
        return new ObjectFile(part);
    }

    private void host(ObjectBlock host, List<ObjectBlock> into) {
        if (hosts.contains(host.get("host_name"))) {
            into.add(host.with(Map.of("parents", reduced(host.names("parents")))));
        }
    }

    private void service(ObjectBlock service, List<ObjectBlock> into) {
        String kept = reduced(service.names("host_name"));
        if (!kept.isEmpty()) {
            into.add(service.with(Map.of("host_name", kept)));
        }
    }

    private void hostgroup(ObjectBlock group, List<ObjectBlock> into) {
        String name = group.get("hostgroup_name");
        String members = reduced(group.names("members"));
        boolean namedByHost = whole.of("host").stream()
                .anyMatch(host -> hosts.contains(host.get("host_name"))
                        && host.names("hostgroups").contains(name));
        if (!members.isEmpty() || namedByHost) {
            into.add(group.with(Map.of("members", members)));
        }
    }

    private String reduced(List<String> names) {
        return names.stream().filter(hosts::contains).collect(Collectors.joining(","));
    }

    private static Set<String> named(List<ObjectBlock> blocks, String attribute) {
        return blocks.stream()
                .flatMap(block -> block.names(attribute).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Commands and timeperiods that these blocks name, timeperiods with those that they exclude. */
    private List<ObjectBlock> needed(List<ObjectBlock> naming) {
        Set<String> commands = new LinkedHashSet<>();
        Set<String> periods = new LinkedHashSet<>();
        for (ObjectBlock block : naming) {
            block.attributes().forEach((attribute, value) -> {
                if (attribute.endsWith("_command")
                        || attribute.endsWith("_commands")
                        || attribute.equals("event_handler")) {
                    ObjectBlock.split(value).forEach(command -> commands.add(command.split("!")[0]));
                } else if (attribute.endsWith("_period")) {
                    periods.add(value);
                }
            });
        }
        boolean grown = true;
        while (grown) {
            grown = false;
            for (ObjectBlock period : whole.of("timeperiod")) {
                if (periods.contains(period.get("timeperiod_name"))) {
                    grown |= periods.addAll(period.names("exclude"));
                }
            }
        }
        return whole.blocks().stream()
                .filter(block -> WHOLE.contains(block.type()))
                .filter(block ->
                        commands.contains(block.get("command_name")) || periods.contains(block.get("timeperiod_name")))
                .toList();
    }
}
