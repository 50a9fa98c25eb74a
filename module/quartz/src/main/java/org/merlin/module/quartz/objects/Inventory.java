package org.merlin.module.quartz.objects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.commons.codec.digest.DigestUtils;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.ConfigStamp;

/**
 * All hosts and services: hosts bytewise by name, then services bytewise by {@code host;service}. Immutable.
 */
public final class Inventory {
    private final List<Checkable> all;
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<String, Integer> hostsByName = new HashMap<>();
    private final Map<Integer, int[]> servicesByHost;
    private final ConfigStamp stamp;
    private final List<ConfProblem> warnings;

    Inventory(List<Checkable> all, Map<Integer, int[]> servicesByHost, ConfigStamp stamp, List<ConfProblem> warnings) {
        this.all = List.copyOf(all);
        this.servicesByHost = servicesByHost;
        this.stamp = stamp;
        this.warnings = List.copyOf(warnings);
        for (Checkable object : all) {
            byName.put(object.name().name(), object.index());
            if (object.isHost()) {
                hostsByName.put(object.name().host(), object.index());
            }
        }
    }

    /**
     * Reads an object file.
     *
     * @throws IOException if it cannot be read
     * @throws ConfException if it cannot be used; tells everything that is wrong with it
     */
    public static Inventory read(Path file) throws IOException, ConfException {
        byte[] bytes = Files.readAllBytes(file);
        long mtimeSeconds = Files.getLastModifiedTime(file).toMillis() / 1000;
        return read(file.getFileName().toString(), bytes, new ConfigStamp(DigestUtils.sha1Hex(bytes), mtimeSeconds));
    }

    static Inventory read(String file, byte[] bytes, ConfigStamp stamp) throws ConfException {
        Problems problems = new Problems(file);
        Definitions definitions = new Definitions(problems);
        BlockReader.read(bytes, problems, definitions::add);
        List<Checkable> all = new Resolver(definitions, problems).resolve();
        problems.throwIfAny();
        return new Inventory(all, Resolver.servicesByHost(all), stamp, problems.warnings());
    }

    /** Hosts first, then services; an object's place here is its index everywhere. */
    public List<Checkable> all() {
        return all;
    }

    public Checkable get(int index) {
        return all.get(index);
    }

    public int size() {
        return all.size();
    }

    /** Place of an object; empty if there is none of this name. */
    public OptionalInt find(MonitoredObject name) {
        return found(byName.get(name.name()));
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

    public int hosts() {
        return hostsByName.size();
    }

    public int services() {
        return all.size() - hostsByName.size();
    }

    /** Hash and time of the file that was read. */
    public ConfigStamp stamp() {
        return stamp;
    }

    /** What was odd about the file and did not matter. */
    public List<ConfProblem> warnings() {
        return warnings;
    }
}
