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
 * @param reaction what is done about its states
 * @param hostgroups the groups of the host, or of the service's host
 * @param parents places of the hosts behind which a host lies
 */
public record Checkable(
        int index,
        MonitoredObject name,
        int host,
        Optional<CheckCommand> command,
        CheckPlan plan,
        Reaction reaction,
        Labels labels,
        List<String> hostgroups,
        List<Integer> parents) {
    public Checkable {
        hostgroups = List.copyOf(hostgroups);
        parents = List.copyOf(parents);
    }

    public Checkable with(CheckPlan other) {
        return new Checkable(index, name, host, command, other, reaction, labels, hostgroups, parents);
    }

    public Checkable with(Reaction other) {
        return new Checkable(index, name, host, command, plan, other, labels, hostgroups, parents);
    }

    public Checkable with(Labels other) {
        return new Checkable(index, name, host, command, plan, reaction, other, hostgroups, parents);
    }

    public Checkable withCommand(Optional<CheckCommand> other) {
        return new Checkable(index, name, host, other, plan, reaction, labels, hostgroups, parents);
    }

    public boolean isHost() {
        return name.isHost();
    }
}
