package org.merlin.module.quartz.objects;

import java.util.List;
import java.util.Optional;
import org.merlin.protocol.event.MonitoredObject;

/**
 * A host or a service as the object file describes it.
 *
 * @param index its place in {@link Inventory#all()}
 * @param host place of its host; its own for a host
 * @param command how it is checked, if it can be
 * @param hostgroups the groups of the host, or of the service's host
 * @param parents places of the hosts behind which a host lies
 */
public record Checkable(
        int index,
        MonitoredObject name,
        int host,
        Optional<CheckCommand> command,
        CheckPlan plan,
        Labels labels,
        List<String> hostgroups,
        List<Integer> parents) {
    public Checkable {
        hostgroups = List.copyOf(hostgroups);
        parents = List.copyOf(parents);
    }

    public boolean isHost() {
        return name.isHost();
    }
}
