package org.merlin.daemon.sink;

import java.util.List;

/** The tables that rows are written to, with their columns in the order of a row's values. The first {@code keys} of them name a row. */
public enum Table {
    /** One row an event that reports count, as the C original has it, and the event's name. */
    REPORT(
            "report_data",
            4,
            Clash.KEEP,
            "origin",
            "epoch",
            "sequence",
            "part",
            "timestamp",
            "happened",
            "event_type",
            "host_name",
            "service_description",
            "state",
            "hard",
            "retry",
            "downtime_depth",
            "output",
            "long_output"),
    /** One row a contact that was told by one command. */
    NOTIFICATION(
            "notification",
            3,
            Clash.KEEP,
            "origin",
            "epoch",
            "sequence",
            "notification_type",
            "start_time",
            "start_time_usec",
            "end_time",
            "end_time_usec",
            "contact_name",
            "host_name",
            "service_description",
            "command_name",
            "reason_type",
            "state",
            "output",
            "ack_author",
            "ack_data",
            "escalated"),
    /** The newest state of each host and service; a host's description is empty. */
    STATE(
            "object_state",
            2,
            Clash.NEWER,
            "host_name",
            "service_description",
            "node",
            "state",
            "state_type",
            "attempt",
            "max_attempts",
            "check_type",
            "last_state",
            "last_hard_state",
            "last_check",
            "next_check",
            "last_state_change",
            "last_hard_state_change",
            "latency",
            "execution_time",
            "is_flapping",
            "percent_state_change",
            "notifications",
            "last_notification",
            "output",
            "long_output",
            "perf_data",
            "revision"),
    /** Comments that are there. */
    COMMENT(
            "comment",
            3,
            Clash.KEEP,
            "origin",
            "epoch",
            "sequence",
            "host_name",
            "service_description",
            "entry_time",
            "author",
            "text",
            "persistent",
            "expires"),
    /** Downtimes that are to come or run; phase 0 and 1. */
    DOWNTIME(
            "downtime",
            3,
            Clash.KEEP,
            "origin",
            "epoch",
            "sequence",
            "host_name",
            "service_description",
            "entry_time",
            "author",
            "text",
            "start_time",
            "end_time",
            "fixed",
            "duration",
            "phase"),
    /** Acknowledgements that hold, or were taken back. */
    ACKNOWLEDGEMENT(
            "acknowledgement",
            2,
            Clash.NEWER,
            "host_name",
            "service_description",
            "is_set",
            "sticky",
            "persistent",
            "author",
            "text",
            "entry_time",
            "expires",
            "revision"),
    /** Names of comments and downtimes that were deleted; a name may be deleted before it comes. */
    DELETED("deleted", 4, Clash.KEEP, "kind", "origin", "epoch", "sequence", "deleted_at"),
    /** Performance data, one row a result, as the plugin gave them. */
    PERFDATA(
            "perfdata",
            3,
            Clash.KEEP,
            "origin",
            "epoch",
            "sequence",
            "timestamp",
            "host_name",
            "service_description",
            "perfdata"),
    /** What nodes are there and what their schedulers are about. */
    PROGRAM("program_status", 1, Clash.REPLACE, "node", "state", "reason", "writer", "updated"),
    /** When nodes came and went, as their writer saw it. */
    NODE_HISTORY("node_history", 3, Clash.KEEP, "node", "happened", "state", "reason", "seen_by"),
    /** Which generation of the object configuration each node runs or ran. */
    GENERATION("oconf_generation", 2, Clash.KEEP, "hash", "node", "since", "author", "note"),
    /** How far each scheduler's run was written. */
    PROGRESS("sink_progress", 2, Clash.REPLACE, "origin", "epoch", "sequence");

    /** What happens where a row of that name is there. */
    public enum Clash {
        /** The one that is there stays: it tells the same. */
        KEEP,
        /** The one with the higher revision, the last column, stays. */
        NEWER,
        REPLACE
    }

    private final String title;
    private final int keys;
    private final Clash clash;
    private final List<String> columns;

    Table(String title, int keys, Clash clash, String... columns) {
        this.title = title;
        this.keys = keys;
        this.clash = clash;
        this.columns = List.of(columns);
    }

    /** Its name in SQL. */
    public String title() {
        return title;
    }

    /** How many of the first columns name a row. */
    public int keys() {
        return keys;
    }

    public Clash clash() {
        return clash;
    }

    public List<String> columns() {
        return columns;
    }
}
