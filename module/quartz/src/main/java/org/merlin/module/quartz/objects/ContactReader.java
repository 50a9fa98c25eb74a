package org.merlin.module.quartz.objects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.merlin.module.quartz.objects.Block.Attribute;

/** Reads contacts and their groups. Confined to the reading thread. */
final class ContactReader {
    private static final int MOST_ADDRESSES = 6;

    private final Definitions definitions;
    private final Commandlines commands;
    private final Values values;
    private final Problems problems;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Set<String>> membersOf = new LinkedHashMap<>();
    /** Most objects name one of a few sets of contacts. */
    private final Map<String, List<Integer>> known = new HashMap<>();

    ContactReader(Definitions definitions, Commandlines commands, Values values, Problems problems) {
        this.definitions = definitions;
        this.commands = commands;
        this.values = values;
        this.problems = problems;
    }

    /** All contacts by name. */
    List<Contact> read() {
        Map<String, Block> sorted = new TreeMap<>(definitions.contacts);
        sorted.keySet().forEach(name -> places.put(name, places.size()));
        readGroups();
        List<Contact> contacts = new ArrayList<>();
        sorted.forEach((name, block) -> contacts.add(contact(name, block)));
        return contacts;
    }

    /** The contacts that a block names, and those of the groups that it names, as places. */
    List<Integer> contactsOf(Block block) {
        String contacts = block.text("contacts", "");
        String groups = block.text("contact_groups", "");
        return known.computeIfAbsent(contacts + "\n" + groups, key -> {
            Set<Integer> found = new LinkedHashSet<>();
            for (String name : list(contacts)) {
                add(name, block.lineOf("contacts"), found);
            }
            for (String group : list(groups)) {
                if (!membersOf.containsKey(group)) {
                    problems.unknown(block.lineOf("contact_groups"), "contactgroup", group, membersOf.keySet());
                }
                membersOf.getOrDefault(group, Set.of()).forEach(name -> found.add(places.get(name)));
            }
            return List.copyOf(found);
        });
    }

    private void add(String name, int line, Set<Integer> to) {
        Integer place = places.get(name);
        if (place == null) {
            problems.unknown(line, "contact", name, places.keySet());
        } else {
            to.add(place);
        }
    }

    private static List<String> list(String text) {
        return text.equals("null") ? List.of() : Resolver.commaList(text);
    }

    private void readGroups() {
        definitions.contactgroups.keySet().forEach(group -> membersOf.put(group, new LinkedHashSet<>()));
        definitions.contactgroups.forEach(
                (group, block) -> collect(group, membersOf.get(group), new LinkedHashSet<>()));
        definitions.contacts.forEach((name, block) -> {
            for (String group : list(block.text("contactgroups", ""))) {
                if (membersOf.containsKey(group)) {
                    membersOf.get(group).add(name);
                } else {
                    problems.warn(block.lineOf("contactgroups"), "unknown contactgroup '" + group + "' is ignored");
                }
            }
        });
    }

    private void collect(String group, Set<String> members, Set<String> seen) {
        Block block = definitions.contactgroups.get(group);
        if (!seen.add(group)) {
            return;
        }
        for (String name : list(block.text("members", ""))) {
            if (places.containsKey(name)) {
                members.add(name);
            } else {
                problems.unknown(block.lineOf("members"), "contact", name, places.keySet());
            }
        }
        for (String inner : list(block.text("contactgroup_members", ""))) {
            if (definitions.contactgroups.containsKey(inner)) {
                collect(inner, members, seen);
            } else {
                problems.unknown(
                        block.lineOf("contactgroup_members"),
                        "contactgroup",
                        inner,
                        definitions.contactgroups.keySet());
            }
        }
    }

    private Contact contact(String name, Block block) {
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= MOST_ADDRESSES; i++) {
            addresses.add(block.text("address" + i, ""));
        }
        Map<String, String> custom = new HashMap<>();
        for (Attribute attribute : block.attributes()) {
            if (attribute.name().startsWith("_")) {
                custom.put(attribute.name().substring(1).toUpperCase(Locale.ROOT), attribute.value());
            }
        }
        return new Contact(
                name,
                block.text("alias", name),
                block.text("email", ""),
                block.text("pager", ""),
                addresses,
                custom,
                membersOf.entrySet().stream()
                        .filter(group -> group.getValue().contains(name))
                        .map(Map.Entry::getKey)
                        .toList(),
                wishes(block, true),
                wishes(block, false));
    }

    private Contact.Wishes wishes(Block block, boolean hosts) {
        String kind = hosts ? "host_notification" : "service_notification";
        if (block.get(kind + "_commands").isEmpty()) {
            problems.warn(
                    block.line(), "contact '" + block.text("contact_name", "") + "' has no " + kind + "_commands");
        }
        List<CheckCommand> calls = new ArrayList<>();
        for (String call : list(block.text(kind + "_commands", ""))) {
            Optional<CheckCommand> command = commands.find(call);
            if (command.isPresent()) {
                calls.add(command.get());
            } else {
                problems.unknown(
                        block.lineOf(kind + "_commands"),
                        "command",
                        CheckCommand.split(call).get(0),
                        definitions.commands.keySet());
            }
        }
        return new Contact.Wishes(
                values.flag(block, kind + "s_enabled"),
                values.period(block, kind + "_period"),
                values.options(block, kind + "_options", hosts),
                calls);
    }
}
