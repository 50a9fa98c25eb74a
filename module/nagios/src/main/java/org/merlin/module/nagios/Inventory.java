package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merlin.module.hook.NameTable;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.oconf.ConfigFiles;

/**
 * The hosts and services that the scheduler has loaded, and where they are in its memory. Found by walking its lists once, which
 * at the same time holds the layout against the scheduler's own counts. Immutable.
 */
final class Inventory {
    private static final int HOSTS = 2;
    private static final int SERVICES = 5;
    private static final int MAX_GROUPS = 10_000;

    private final LoadedObjects loaded;
    private final long[] addresses;
    private final int hosts;
    private final int[] hostOfId;
    private final int[] serviceOfId;
    private final NameTable names;

    /** The layout does not fit this scheduler. */
    static final class UnfitException extends Exception {
        private static final long serialVersionUID = 1L;

        UnfitException(String message) {
            super(message);
        }
    }

    private Inventory(LoadedObjects loaded, long[] addresses, int hosts, int[] hostOfId, int[] serviceOfId) {
        this.loaded = loaded;
        this.addresses = addresses;
        this.hosts = hosts;
        this.hostOfId = hostOfId;
        this.serviceOfId = serviceOfId;
        names = new NameTable(addresses.length, this::name);
    }

    /**
     * Walks the lists; after the objects are loaded.
     *
     * @throws UnfitException if what is found contradicts itself, saying how
     */
    static Inventory walk(Layout layout) throws UnfitException {
        try {
            return new Walk(layout).all();
        } catch (Memory64.WildPointerException | IllegalArgumentException e) {
            throw new UnfitException(e.getMessage());
        }
    }

    /** One walk over both lists. */
    private static final class Walk {
        private final Layout layout;
        private final Memory64 memory = Memory64.still();
        private final List<LoadedObjects.Entry> entries = new ArrayList<>();
        private final List<Long> addresses = new ArrayList<>();
        private final Map<Long, LoadedObjects.Entry> hosts = new HashMap<>();
        /** Services of many hosts have the same description: one text is enough. */
        private final Map<String, String> texts = new HashMap<>();

        Walk(Layout layout) {
            this.layout = layout;
        }

        Inventory all() throws UnfitException {
            int hostCount = count(HOSTS);
            int serviceCount = count(SERVICES);
            int[] hostOfId = new int[hostCount];
            int[] serviceOfId = new int[serviceCount];
            Arrays.fill(hostOfId, -1);
            Arrays.fill(serviceOfId, -1);
            list("host_list", "host", hostCount, hostOfId);
            list("service_list", "service", serviceCount, serviceOfId);
            Path file = Path.of(memory.text(memory.pointer(symbol("config_file")))
                    .orElseThrow(() -> new UnfitException("the scheduler names no configuration file")));
            return new Inventory(
                    new LoadedObjects(entries, ConfigFiles.stampOf(file)),
                    addresses.stream().mapToLong(Long::longValue).toArray(),
                    hostCount,
                    hostOfId,
                    serviceOfId);
        }

        private int count(int kind) throws UnfitException {
            return memory.number(symbol("num_objects") + (long) kind * Integer.BYTES);
        }

        private static long symbol(String name) throws UnfitException {
            long address = Shim.symbol(name);
            if (address == 0) {
                throw new UnfitException("the scheduler has no " + name);
            }
            return address;
        }

        private void list(String head, String type, int expected, int[] ofId) throws UnfitException {
            Plausible plausible = new Plausible(layout, type);
            int found = 0;
            long at = memory.pointer(symbol(head));
            while (at != 0) {
                if (found++ == expected) {
                    throw new UnfitException(head + " has more than the " + expected + " objects that were counted");
                }
                ByteBuffer object =
                        memory.bytes(at, layout.at(type + ".sizeof")); // a system call for all of its fields
                Read read = Read.of(object, type, layout);
                int id = read.id;
                if (id < 0 || id >= expected || ofId[id] >= 0) {
                    throw new UnfitException(head + ": the object at place " + found + " has the id " + id);
                }
                ofId[id] = entries.size();
                plausible.check(object, memory);
                entries.add(entry(type, at, read));
                addresses.add(at);
                at = read.next;
            }
            if (found != expected) {
                throw new UnfitException(head + " has " + found + " objects, the scheduler counts " + expected);
            }
        }

        /** What the walk needs of an object. */
        private record Read(int id, long next, long name, long description, long host, long hostgroups) {
            static Read of(ByteBuffer object, String type, Layout layout) {
                boolean host = type.equals("host");
                return new Read(
                        object.getInt(layout.at(type + ".id")),
                        object.getLong(layout.at(type + ".next")),
                        object.getLong(layout.at(type + ".name")),
                        host ? 0 : object.getLong(layout.at("service.description")),
                        host ? 0 : object.getLong(layout.at("service.host_ptr")),
                        host ? object.getLong(layout.at("host.hostgroups_ptr")) : 0);
            }
        }

        private LoadedObjects.Entry entry(String type, long at, Read read) throws UnfitException {
            String host = text(read.name);
            if (type.equals("host")) {
                LoadedObjects.Entry entry =
                        new LoadedObjects.Entry(MonitoredObject.ofHost(host), groups(read.hostgroups));
                hosts.put(at, entry);
                return entry;
            }
            String description = texts.computeIfAbsent(text(read.description), text -> text);
            LoadedObjects.Entry its = hosts.get(read.host);
            if (its == null || !its.object().host().equals(host)) {
                throw new UnfitException("the service " + host + ";" + description + " does not point at its host");
            }
            return new LoadedObjects.Entry(
                    MonitoredObject.ofService(its.object().host(), description), its.hostgroups());
        }

        private String text(long at) throws UnfitException {
            return memory.text(at)
                    .filter(text -> !text.isEmpty())
                    .orElseThrow(() -> new UnfitException("an object has no name"));
        }

        /** A list of pairs: the group, and the next pair. */
        private List<String> groups(long first) throws UnfitException {
            List<String> names = new ArrayList<>();
            long at = first;
            while (at != 0) {
                if (names.size() == MAX_GROUPS) {
                    throw new UnfitException("a host in more than " + MAX_GROUPS + " hostgroups");
                }
                names.add(text(memory.pointer(memory.pointer(at) + layout.at("hostgroup.group_name"))));
                at = memory.pointer(at + Long.BYTES);
            }
            return names;
        }
    }

    LoadedObjects loaded() {
        return loaded;
    }

    long address(int index) {
        return addresses[index];
    }

    boolean isHost(int index) {
        return index < hosts;
    }

    /** Index of an object by the scheduler's id; -1 if there is none. */
    int indexOf(boolean host, int id) {
        int[] ofId = host ? hostOfId : serviceOfId;
        return id >= 0 && id < ofId.length ? ofId[id] : -1;
    }

    /** Index of an object by its name, {@code host} or {@code host;service}; -1 if there is none. */
    int indexOf(String name) {
        return names.find(name);
    }

    MonitoredObject name(int index) {
        return loaded.entries().get(index).object();
    }

    int size() {
        return addresses.length;
    }
}
