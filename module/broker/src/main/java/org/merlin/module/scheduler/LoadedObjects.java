package org.merlin.module.scheduler;

import java.util.List;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.ConfigStamp;

/**
 * The objects as a scheduler has loaded them.
 *
 * @param entries hosts and services in any order; an entry's place here is its <em>index</em> in all calls between
 *     scheduler and module
 * @param stamp of the configuration files they were read from
 */
public record LoadedObjects(List<Entry> entries, ConfigStamp stamp) {
    public LoadedObjects {
        entries = List.copyOf(entries);
    }

    /** The objects themselves, by index. */
    public List<MonitoredObject> objects() {
        return entries.stream().map(Entry::object).toList();
    }

    /** By index, the groups of the host, or of the service's host. */
    public List<List<String>> hostgroups() {
        return entries.stream().map(Entry::hostgroups).toList();
    }

    /** How many are hosts. */
    public int hosts() {
        return (int) entries.stream().filter(entry -> entry.object().isHost()).count();
    }

    /**
     * A host or service.
     *
     * @param hostgroups the groups of the host, or of the service's host
     */
    public record Entry(MonitoredObject object, List<String> hostgroups) {
        public Entry {
            hostgroups = List.copyOf(hostgroups);
        }
    }
}
