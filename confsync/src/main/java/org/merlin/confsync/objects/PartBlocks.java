package org.merlin.confsync.objects;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects the blocks of one part. Confined to one thread, used once. */
final class PartBlocks {
    private final Catalogue catalogue;
    private final Set<String> hosts;
    private final List<Kept> monitored = new ArrayList<>();
    private final Set<Kept> others = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Needs> needs = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> commands = new TreeSet<>();
    private final Set<String> timeperiods = new TreeSet<>();
    private final Set<String> contacts = new TreeSet<>();
    private final Set<String> contactgroups = new TreeSet<>();

    PartBlocks(Catalogue catalogue, Set<String> hosts) {
        this.catalogue = catalogue;
        this.hosts = hosts;
    }

    /** All, in the order in which they are written. */
    List<Kept> all(Set<String> always) {
        commands.addAll(always);
        monitored();
        needs.forEach(this::require);
        people();
        exclusions();
        List<Kept> blocks = new ArrayList<>();
        present(Kind.COMMAND, commands, blocks);
        present(Kind.TIMEPERIOD, timeperiods, blocks);
        present(Kind.CONTACT, contacts, blocks);
        present(Kind.CONTACTGROUP, contactgroups, blocks);
        blocks.addAll(reduced(Kind.HOSTGROUP));
        blocks.addAll(reduced(Kind.SERVICEGROUP));
        blocks.addAll(monitored);
        blocks.addAll(sortedOthers());
        return blocks;
    }

    private void monitored() {
        List<Kept> services = new ArrayList<>();
        for (String host : new TreeSet<>(hosts)) {
            monitored.add(catalogue.all(Kind.HOST).get(host));
            services.addAll(catalogue.services().getOrDefault(host, List.of()));
            catalogue.others().getOrDefault(host, List.of()).stream()
                    .filter(block -> block.isIn(hosts))
                    .forEach(others::add);
        }
        monitored.addAll(services);
        monitored.forEach(block -> needs.add(block.needs()));
        others.forEach(block -> needs.add(block.needs()));
    }

    private void require(Needs needed) {
        commands.addAll(needed.commands());
        timeperiods.addAll(needed.timeperiods());
        contacts.addAll(needed.contacts());
        contactgroups.addAll(needed.contactgroups());
    }

    private void people() {
        List<Kept> groups = new ArrayList<>();
        present(Kind.CONTACTGROUP, contactgroups, groups);
        groups.forEach(group -> contacts.addAll(group.related()));
        List<Kept> found = new ArrayList<>();
        present(Kind.CONTACT, contacts, found);
        found.forEach(contact -> require(contact.needs()));
    }

    private void exclusions() {
        Deque<String> open = new ArrayDeque<>(timeperiods);
        while (!open.isEmpty()) {
            Kept period = catalogue.all(Kind.TIMEPERIOD).get(open.remove());
            if (period != null) {
                period.needs().timeperiods().stream().filter(timeperiods::add).forEach(open::add);
            }
        }
    }

    private void present(Kind kind, Set<String> names, List<Kept> into) {
        Map<String, Kept> all = catalogue.all(kind);
        for (String name : names) {
            Kept block = all.get(name);
            if (block != null) {
                into.add(block);
            }
        }
    }

    private List<Kept> reduced(Kind kind) {
        return catalogue.all(kind).values().stream()
                .filter(group -> group.isIn(hosts))
                .toList();
    }

    /** They have no names: sorted by what they say. Two that say the same are one. */
    private List<Kept> sortedOthers() {
        Map<Kind, Map<String, Kept>> byText = new TreeMap<>();
        for (Kept block : others) {
            StringBuilder text = new StringBuilder();
            block.write(text, hosts);
            byText.computeIfAbsent(block.kind(), kind -> new TreeMap<>()).put(text.toString(), block);
        }
        List<Kept> sorted = new ArrayList<>();
        byText.values().forEach(blocks -> sorted.addAll(blocks.values()));
        return sorted;
    }
}
