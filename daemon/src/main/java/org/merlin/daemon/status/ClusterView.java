package org.merlin.daemon.status;

import java.util.List;
import java.util.Objects;

/**
 * The cluster as one node sees it; what the admin socket answers to {@code nodes}.
 *
 * @param schema version of this form, 1; fields are only ever added
 * @param name of the node that answers
 * @param verdict 0 all active, 1 one away or out of sync, 2 work unassigned, our own scheduler or all others away
 * @param sentence the verdict in words
 * @param handover whether checks may run twice at the moment
 * @param hosts how many hosts our scheduler has loaded
 * @param unassigned how many checks nobody runs
 */
public record ClusterView(
        int schema,
        String name,
        int verdict,
        String sentence,
        boolean handover,
        long hosts,
        long services,
        long unassigned,
        List<RingState> rings,
        Log log,
        List<NodeView> nodes) {

    /**
     * The ring of one peer group.
     *
     * @param lists whether its members have loaded the same: "same", "different" while not all lists are known, "by hash" once they are
     */
    public record RingState(
            String title, List<String> ring, boolean agreed, List<List<String>> kept, boolean handover, String lists) {
        public RingState {
            lists = Objects.requireNonNullElse(lists, "same"); // of a daemon that does not say
        }
    }

    /**
     * The event log and what went through it since the daemon started.
     *
     * @param gaps events that were missed for good
     * @param stateItems how much the state table knows
     * @param stateBytes memory that it takes
     * @param mending gaps that others are being asked to mend
     */
    public record Log(
            long events,
            long bytes,
            long taken,
            long duplicates,
            long gaps,
            boolean roomy,
            long stateItems,
            long stateBytes,
            long mending) {}
}
