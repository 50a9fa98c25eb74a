package org.merlin.daemon.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.conf.MerlinConf;

/**
 * In what a configuration differs from the one before it, as far as other nodes go. A node that has another role now is a new one: what it
 * is owed is something else.
 *
 * @param added in the order of the new one
 * @param changed as they are in the new one
 * @param removed as they were in the old one
 */
public record NodeChanges(List<MerlinConf.Node> added, List<MerlinConf.Node> changed, List<MerlinConf.Node> removed) {
    public NodeChanges {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** Compares two configurations of the same node. */
    public static NodeChanges between(MerlinConf before, MerlinConf now) {
        Map<String, MerlinConf.Node> old = new LinkedHashMap<>();
        before.nodes().forEach(node -> old.put(node.name(), node));
        List<MerlinConf.Node> added = new ArrayList<>();
        List<MerlinConf.Node> changed = new ArrayList<>();
        List<MerlinConf.Node> removed = new ArrayList<>();
        for (MerlinConf.Node node : now.nodes()) {
            MerlinConf.Node was = old.remove(node.name());
            if (was == null) {
                added.add(node);
            } else if (was.role() != node.role()) {
                removed.add(was);
                added.add(node);
            } else if (!was.equals(node)) {
                changed.add(node);
            }
        }
        removed.addAll(old.values());
        return new NodeChanges(added, changed, removed);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
}
