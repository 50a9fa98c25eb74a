package org.merlin.daemon.status;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
 * @param databases that this node writes, or stands by to write
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
        List<Database> databases,
        List<NodeView> nodes) {
    private static final double LATE_SECONDS = 60;

    public ClusterView {
        databases = Objects.requireNonNullElse(databases, List.of()); // of a daemon that does not say
    }

    /** The same with its databases; one that is away or a minute behind is a warning. */
    public ClusterView with(List<Database> all) {
        String troubles = all.stream()
                .map(Database::trouble)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        String words = Stream.of(verdict == 0 && !troubles.isEmpty() ? "" : sentence, troubles)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return new ClusterView(
                schema,
                name,
                troubles.isEmpty() ? verdict : Math.max(1, verdict),
                words,
                handover,
                hosts,
                services,
                unassigned,
                rings,
                log,
                all,
                nodes);
    }

    /**
     * A database, and how far it is behind.
     *
     * @param title which one, without password
     * @param state "writing", "standby", "away" or "starting"
     * @param writer node that writes it, as far as is known; else empty
     * @param lagEvents events that are not written yet, an upper bound
     * @param lagSeconds how long ago the oldest of these happened
     * @param problem why it is away; else empty
     */
    public record Database(
            String title, String state, String writer, long lagEvents, double lagSeconds, String problem) {
        private String trouble() {
            if (state.equals("away")) {
                return "the database is away";
            }
            boolean late = state.equals("writing") && lagSeconds >= LATE_SECONDS;
            return late ? String.format(Locale.ROOT, "the database is %.0f s behind", lagSeconds) : "";
        }
    }

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
