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
