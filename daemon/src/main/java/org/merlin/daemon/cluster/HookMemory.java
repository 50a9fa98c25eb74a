package org.merlin.daemon.cluster;

import java.util.List;
import java.util.Map;
import org.merlin.confsync.hooks.RecentRuns.Run;
import org.merlin.confsync.hooks.RecentRuns.Stop;

/** Keeps over a restart what commands did of late: a push may restart who would notice that it goes in a circle. */
public interface HookMemory {
    /** Forgets all at each restart. */
    HookMemory NONE = new HookMemory() {
        @Override
        public Map<String, Kept> load() {
            return Map.of();
        }

        @Override
        public void save(Map<String, Kept> byNode) {}
    };

    /** What was done to one node, oldest first. */
    record Kept(List<Run> runs, List<Stop> stops) {
        public Kept {
            runs = List.copyOf(runs);
            stops = List.copyOf(stops);
        }
    }

    /** By node's name; empty at the very first start. */
    Map<String, Kept> load();

    /** Keeps all of it instead of what was kept before; returns at once and writes later. */
    void save(Map<String, Kept> byNode);
}
