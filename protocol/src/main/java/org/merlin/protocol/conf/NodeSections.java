package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/** Reads the sections of other nodes, and checks them against each other. Confined to one thread. */
final class NodeSections {
    static final Map<String, NodeRole> ROLES = Map.of(
            "peer", NodeRole.PEER,
            "poller", NodeRole.POLLER,
            "slave", NodeRole.POLLER,
            "master", NodeRole.MASTER,
            "noc", NodeRole.MASTER);
    /** Bounded by what a certificate takes as its common name. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final Duration LONGEST_SILENCE = Duration.ofDays(365);

    static final String NAME_RULE = "1 to 64 letters, digits, dots, dashes and underscores";

    private final Sections sections;
    private final Defaults defaults;
    private final List<MerlinConf.Node> nodes = new ArrayList<>();
    private final Map<String, Integer> linesByName = new HashMap<>();
    private final Map<String, Integer> linesByAddress = new HashMap<>();
    private final Map<String, MerlinConf.Node> ownersByHostgroup = new HashMap<>();

    /**
     * What holds for a node that does not say otherwise.
     *
     * @param self name of this node
     */
    record Defaults(
            String self,
            int port,
            Duration dataTimeout,
            Duration pulseInterval,
            MerlinConf.ObjectConfig objectConfig,
            MerlinConf.Backlog backlog) {}

    private NodeSections(Sections sections, Defaults defaults) {
        this.sections = sections;
        this.defaults = defaults;
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Reads all nodes below a section, in their order. */
    static List<MerlinConf.Node> read(Sections sections, ConfSection root, Defaults defaults) {
        NodeSections reader = new NodeSections(sections, defaults);
        for (ConfSection section : root.sections()) {
            NodeRole role = ROLES.get(section.name());
            if (role != null) {
                reader.read(sections.values(section), role);
            }
        }
        return reader.withCommonTakeover();
    }

    private void read(ConfValues values, NodeRole role) {
        MerlinConf.Node node = node(values, role);
        ConfSection section = values.section();
        if (isName(section.title())) {
            checkName(values, node);
        }
        checkAddress(values, node);
        checkSelection(values, node);
        nodes.add(node);
    }

    private MerlinConf.Node node(ConfValues values, NodeRole role) {
        ConfSection section = values.section();
        if (section.title().isEmpty()) {
            values.error(
                    section.line(), "a " + section.name() + " without a name: write " + section.name() + " NAME {");
        } else if (!isName(section.title())) {
            values.error(section.line(), quoted(section.title()) + " is no node name: " + NAME_RULE);
        }
        MerlinConf.Node node = new MerlinConf.Node(
                section.title(),
                role,
                values.address("address", "host").orElse(section.title()),
                values.number("port", 1, 65_535, defaults.port()),
                values.flag("connect", true),
                DataTimeout.read(values, defaults.pulseInterval()).orElse(defaults.dataTimeout()),
                role == NodeRole.POLLER ? Selection.of(hostgroups(values)) : Selection.of(List.of()),
                role != NodeRole.POLLER || values.flag("takeover", true),
                role != NodeRole.POLLER || values.flag("notifies", true),
                sections.only(section, "object_config")
                        .map(ObjectConfigSection::readOwn)
                        .orElse(defaults.objectConfig()),
                BacklogSection.read(values, defaults.backlog()),
                role == NodeRole.POLLER ? autoDelete(values) : Duration.ZERO);
        values.retire(RetiredKey.OF_NODES);
        if (role != NodeRole.POLLER) {
            values.retire(RetiredKey.OF_POLLERS_ONLY);
        }
        if (role == NodeRole.PEER) {
            values.retire(RetiredKey.OF_PEERS);
        }
        sections.only(section, "sync")
                .ifPresent(sync -> sync.warn(
                        sync.section().line(),
                        "section 'sync' of a node does nothing in this release: write NAME = /PATH; for each path into section 'sync' of"
                                + " 'daemon', here and on each node that is to take it"));
        sections.finish(values, List.of("object_config", "sync"));
        return node;
    }

    private static Duration autoDelete(ConfValues values) {
        return values.duration("auto_delete", Duration.ZERO, LONGEST_SILENCE).orElse(Duration.ZERO);
    }

    private static List<String> hostgroups(ConfValues values) {
        List<String> hostgroups = values.names("hostgroup", "hostgroups");
        if (hostgroups.isEmpty()) {
            values.error(
                    values.section().line(),
                    "poller " + quoted(values.section().title()) + " has no hostgroup: write hostgroup = NAME, NAME;");
        }
        return hostgroups;
    }

    private void checkName(ConfValues values, MerlinConf.Node node) {
        int line = values.section().line();
        Integer before = linesByName.putIfAbsent(node.name(), line);
        if (before != null) {
            values.error(line, "node " + quoted(node.name()) + " is there twice, first in line " + before);
        }
        if (node.name().equals(defaults.self())) {
            values.error(line, "node " + quoted(node.name()) + " is this one (node_name): leave its section out here");
        }
    }

    private void checkAddress(ConfValues values, MerlinConf.Node node) {
        if (!node.connect() || !(values.has("address") || values.has("host"))) {
            return;
        }
        int line = values.section().line();
        Integer before = linesByAddress.putIfAbsent(node.address() + " " + node.port(), line);
        if (before != null) {
            values.warn(
                    line,
                    "node " + quoted(node.name()) + " has the same address and port as the one in line " + before);
        }
    }

    private void checkSelection(ConfValues values, MerlinConf.Node node) {
        for (String group : node.selection().hostgroups()) {
            MerlinConf.Node owner = ownersByHostgroup.putIfAbsent(group, node);
            if (owner == null) {
                continue;
            }
            if (!owner.selection().equals(node.selection())) {
                values.warn(
                        values.section().line(),
                        "hostgroup " + quoted(group) + " is also given to poller " + quoted(owner.name())
                                + ", whose list of hostgroups is another one: pollers share a group only with the same list");
            } else if (owner.takeover() != node.takeover()) {
                values.warn(
                        values.line("takeover"),
                        "pollers " + quoted(owner.name()) + " and " + quoted(node.name())
                                + " have the same hostgroups and disagree on takeover: yes counts for both");
                return;
            }
        }
    }

    /** One poller that may be taken over speaks for all of its selection. */
    private List<MerlinConf.Node> withCommonTakeover() {
        List<Selection> takenOver = nodes.stream()
                .filter(MerlinConf.Node::takeover)
                .map(MerlinConf.Node::selection)
                .distinct()
                .toList();
        return nodes.stream()
                .map(node -> node.takeover() || !takenOver.contains(node.selection()) ? node : takenOver(node))
                .toList();
    }

    private static MerlinConf.Node takenOver(MerlinConf.Node node) {
        return new MerlinConf.Node(
                node.name(),
                node.role(),
                node.address(),
                node.port(),
                node.connect(),
                node.dataTimeout(),
                node.selection(),
                true,
                node.notifies(),
                node.objectConfig(),
                node.backlog(),
                node.autoDelete());
    }
}
