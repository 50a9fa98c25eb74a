package org.merlin.daemon.ops;

/** Everything that an operator may search the daemon's log for. Ids never change and are never reused; HOWTO lists them. */
public enum LogEvent {
    DAEMON_READY("MRL-1000", "{} is ready: module socket {}, nodes at {}, {} nodes configured, {} events in the log"),
    NODE_STATUS("MRL-1001", "{}: {} -> {} on {}: {}"),
    RING_CHANGED("MRL-1002", "{}: ring is now {} (was {})"),
    RING_AGREED("MRL-1003", "{}: all of {} agree on who runs what"),
    HANDOVER_OVER("MRL-1004", "{}: handover over, old rings are no longer honoured"),
    CONF_WARNING("MRL-1005", "{}"),
    DRAINED("MRL-1006", "{}, by {}"),
    DRAIN_DENIED("MRL-1007", "{} asked us to be drained, and is a poller of ours: it may not"),
    KEPT_OUT("MRL-1008", "{} went {} times or more in ten minutes: it is taken back into the ring after {} s of quiet"),
    MINORITY("MRL-1009", "{}"),
    MODULE_ACTIVE("MRL-1010", "module connected: {}, {} hosts, {} services, epoch {}"),
    MODULE_GONE("MRL-1011", "module gone: {}"),
    MODULE_HANGS("MRL-1012", "the scheduler's own thread does not answer; other nodes are told"),
    MODULE_REFUSED("MRL-1013", "a second module was turned away: {}"),
    LINK_REFUSED("MRL-1020", "link with {} refused: {}"),
    LINK_REPLACED("MRL-1021", "{}: one link of two was closed: {}"),
    NAME_WRONG("MRL-1023", "{} is no node of ours: {}"),
    DIAL_FAILED("MRL-1024", "{}: cannot connect to {}: {}; trying again"),
    SELECTION_LEARNT("MRL-1025", "{} says that our hostgroups are {}"),
    CLUSTER_DISAGREES("MRL-1031", "{}: {}"),
    EVENTS_DENIED("MRL-1040", "{} sent events that it may not bring: {}"),
    GAP("MRL-1041", "{}: {} events of {} are lost for good, after {} up to {}"),
    WENT_BACK("MRL-1042", "{}: repeating {} after {}"),
    PASSES_ON("MRL-1043", "{} gets from this node the events of: {}"),
    MENDING("MRL-1044", "{} events of {} that {} no longer has: {}"),
    FRESH_START("MRL-1045", "this node was new: it took {} items of the state table of {}"),
    EPOCH_BEHIND("MRL-1046", "{} has more of this scheduler's run than it has said: it goes on in a new epoch"),
    LOG_FULL("MRL-1050", "the event log cannot take more: {}"),
    LOG_ROOM("MRL-1051", "the event log has room again"),
    LOG_READ("MRL-1052", "read {} events in {} records from the log in {} ms"),
    BACKLOG_DROPPED("MRL-1053", "{}: the {} oldest events of its backlog were dropped, {} in all: {}"),
    CHECKPOINT_FAILED("MRL-1054", "the event log's checkpoint cannot be written: {}; nothing of the log is deleted"),
    CHECKPOINT_BAD("MRL-1055", "the event log's checkpoint cannot be used and is ignored: {}; the whole log is read"),
    LOG_CUT("MRL-1056", "the event log ends at position {}, its checkpoint was written at {}: {} events are lost"),
    STATE_BAD("MRL-1057", "the kept state table cannot be used: {}; what the log lacks of it is asked of a neighbour"),
    STATE_FAILED("MRL-1058", "the state table cannot be written: {}; the log keeps what belongs to it"),
    SOCKET_REFUSED("MRL-1060", "connection to {} refused: {}"),
    CONF_APPLIED("MRL-1070", "{} was read anew: {}"),
    CONF_REFUSED("MRL-1071", "merlin.conf was read anew and is not applied, what was read before goes on: {}"),
    AUTO_DELETED("MRL-1072", "{}: {}"),
    HOOK_STARTED("MRL-1080", "CSYNC: {} runs: {}"),
    HOOK_DONE("MRL-1081", "CSYNC: {} finished successfully after {} s"),
    HOOK_FAILED("MRL-1082", "CSYNC: {} {}"),
    HOOK_CIRCLE("MRL-1083", "CSYNC: {}"),
    FETCH_DENIED("MRL-1084", "CSYNC_FETCH: {} asks us to fetch its object configuration: {}"),
    CONFIG_RUN("MRL-1090", "object configuration: this node runs generation {}"),
    CONFIG_REFUSED("MRL-1091", "object configuration: generation {}"),
    CONFIG_APART("MRL-1092", "object configuration: {}"),
    CONFIG_EDITED("MRL-1093", "object configuration: generation {}"),
    CONFIG_TROUBLE("MRL-1094", "object configuration: {}"),
    SINK_WRITES("MRL-1100", "{}: this node writes it, as {}"),
    SINK_AWAY("MRL-1101", "{} is away, what is to be written waits in the log: {}"),
    SINK_OVERTAKEN("MRL-1102", "{}: another node writes it by now; nothing of ours was written after it began"),
    SINK_SET_ASIDE("MRL-1103", "event {} is set aside, the database does not take it: {}"),
    SINK_LOST("MRL-1104", "{}: {} events were not written: they are in no log any more"),
    SINK_SERVER("MRL-1105", "{}: {}"),
    SINK_GIVES_WAY("MRL-1109", "{}: our log has {} of the next events not any more; another node may write them first"),
    OWN_BUG("MRL-1099", "our own fault in {}: the daemon ends and should be restarted");

    private final String id;
    private final String format;

    LogEvent(String id, String format) {
        this.id = id;
        this.format = format;
    }

    /** What to search for, e.g. {@code MRL-1001}. */
    public String id() {
        return id;
    }

    /** SLF4J format of the line, id included. */
    String format() {
        return id + " " + format;
    }
}
