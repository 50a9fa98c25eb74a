package org.merlin.module.quartz.objects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.RandomAccess;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.ConfigStamp;

/**
 * All hosts and services: hosts bytewise by name, then services bytewise by {@code host;service}; and the contacts. Which there are
 * never changes; how one of them is checked or told about does, by {@link #replace}. Read on any thread, replaced on the core's.
 */
public final class Inventory {
    private final AtomicReferenceArray<Checkable> objects;
    private final AtomicReferenceArray<Contact> contacts;
    private final Map<String, Integer> contactsByName = new HashMap<>();
    private final Map<String, int[]> hostgroups;
    private final Map<String, int[]> servicegroups;
    private final Commandlines commands;
    private final Map<String, Timeperiod> timeperiods;
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<String, Integer> hostsByName = new HashMap<>();
    private final Map<Integer, int[]> servicesByHost;
    private final ConfigStamp stamp;
    private final List<ConfProblem> warnings;

    private Inventory(Resolver.Resolved resolved, ConfigStamp stamp, List<ConfProblem> warnings) {
        this.objects = new AtomicReferenceArray<>(resolved.objects().toArray(new Checkable[0]));
        this.contacts = new AtomicReferenceArray<>(resolved.contacts().toArray(new Contact[0]));
        this.servicesByHost = Resolver.servicesByHost(resolved.objects());
        this.hostgroups = resolved.hostgroups();
        this.servicegroups = resolved.servicegroups();
        this.commands = resolved.commands();
        this.timeperiods = resolved.timeperiods();
        this.stamp = stamp;
        this.warnings = List.copyOf(warnings);
        for (Checkable object : resolved.objects()) {
            byName.put(object.name().name(), object.index());
            if (object.isHost()) {
                hostsByName.put(object.name().host(), object.index());
            }
        }
        for (int i = 0; i < contacts.length(); i++) {
            contactsByName.put(contacts.get(i).name(), i);
        }
    }

    /**
     * Reads an object file, or all {@code *.cfg} below a folder as one configuration.
     *
     * @throws IOException if there is neither, or one of them cannot be read
     * @throws ConfException if it cannot be used; tells everything that is wrong with it
     */
    public static Inventory read(Path place) throws IOException, ConfException {
        Problems problems = new Problems();
        Definitions definitions = new Definitions(problems);
        MessageDigest sha1 = DigestUtils.getSha1Digest();
        long newestSeconds = 0;
        int lines = 0;
        for (ObjectFiles.Source source : ObjectFiles.find(place)) {
            newestSeconds = Math.max(
                    newestSeconds, Files.getLastModifiedTime(source.path()).toMillis() / 1000);
            byte[] bytes = Files.readAllBytes(source.path());
            sha1.update(bytes);
            problems.begin(source.name(), lines);
            lines = BlockReader.read(bytes, lines, problems, definitions::add);
        }
        return resolve(definitions, problems, new ConfigStamp(Hex.encodeHexString(sha1.digest()), newestSeconds));
    }

    static Inventory read(String file, byte[] bytes) throws ConfException {
        Problems problems = new Problems();
        Definitions definitions = new Definitions(problems);
        problems.begin(file, 0);
        BlockReader.read(bytes, 0, problems, definitions::add);
        return resolve(definitions, problems, ConfigStamp.UNKNOWN);
    }

    private static Inventory resolve(Definitions definitions, Problems problems, ConfigStamp stamp)
            throws ConfException {
        Resolver.Resolved resolved = new Resolver(definitions, problems).resolve();
        problems.throwIfAny();
        return new Inventory(resolved, stamp, problems.warnings());
    }

    /** Nothing at all, known by no stamp. */
    public static Inventory empty() {
        Problems none = new Problems();
        return new Inventory(new Resolver(new Definitions(none), none).resolve(), ConfigStamp.UNKNOWN, List.of());
    }

    /** Hosts first, then services; an object's place here is its index everywhere. */
    public List<Checkable> all() {
        return new View<>(objects);
    }

    /** All contacts by name; a contact's place here stands for it in plans. */
    public List<Contact> contacts() {
        return new View<>(contacts);
    }

    /** A list of what is there at each moment. */
    private static final class View<T> extends AbstractList<T> implements RandomAccess {
        private final AtomicReferenceArray<T> array;

        View(AtomicReferenceArray<T> array) {
            this.array = array;
        }

        @Override
        public T get(int index) {
            return array.get(index);
        }

        @Override
        public int size() {
            return array.length();
        }
    }

    public Checkable get(int index) {
        return objects.get(index);
    }

    public Contact contact(int place) {
        return contacts.get(place);
    }

    /** Puts another description in the place of an object's. */
    public void replace(Checkable object) {
        objects.set(object.index(), object);
    }

    /** Puts another description in the place of a contact's. */
    public void replace(Contact contact) {
        contacts.set(contactsByName.get(contact.name()), contact);
    }

    public int size() {
        return objects.length();
    }

    public OptionalInt findContact(String name) {
        return found(contactsByName.get(name));
    }

    /** Places of a group's hosts; empty if there is no such group. */
    public Optional<int[]> hostsOfGroup(String group) {
        return Optional.ofNullable(hostgroups.get(group)).map(int[]::clone);
    }

    /** Places of a group's services; empty if there is no such group. */
    public Optional<int[]> servicesOfGroup(String group) {
        return Optional.ofNullable(servicegroups.get(group)).map(int[]::clone);
    }

    /** A command called as {@code name!argument!argument}; empty if there is none of this name. */
    public Optional<CheckCommand> command(String call) {
        return commands.find(call);
    }

    public Optional<Timeperiod> timeperiod(String name) {
        return Optional.ofNullable(timeperiods.get(name));
    }

    /** Place of an object; empty if there is none of this name. */
    public OptionalInt find(MonitoredObject name) {
        return find(name.name());
    }

    /** The same, by {@code host} or {@code host;service}. */
    public OptionalInt find(String name) {
        return found(byName.get(name));
    }

    public OptionalInt findHost(String host) {
        return found(hostsByName.get(host));
    }

    private static OptionalInt found(Integer index) {
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** Places of a host's services. */
    public int[] servicesOf(int host) {
        return servicesByHost.getOrDefault(host, new int[0]).clone();
    }

    /** Places of all hosts that lie behind a host, at whatever depth; looks at all hosts. */
    public int[] hostsBehind(int top) {
        Map<Integer, List<Integer>> children = new HashMap<>();
        for (int host = 0; host < hosts(); host++) {
            for (int parent : get(host).parents()) {
                children.computeIfAbsent(parent, place -> new ArrayList<>()).add(host);
            }
        }
        Set<Integer> found = new LinkedHashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            for (int child : children.getOrDefault(open.remove(), List.of())) {
                if (found.add(child)) {
                    open.add(child);
                }
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    public int hosts() {
        return hostsByName.size();
    }

    public int services() {
        return size() - hostsByName.size();
    }

    /** Hash and time of the files that were read. */
    public ConfigStamp stamp() {
        return stamp;
    }

    /** What was odd about the files and did not matter. */
    public List<ConfProblem> warnings() {
        return warnings;
    }
}
