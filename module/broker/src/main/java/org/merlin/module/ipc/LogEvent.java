package org.merlin.module.ipc;

/** Everything that an operator may search the module's log for. Ids never change and are never reused; HOWTO lists them. */
public enum LogEvent {
    MODULE_STARTED("MRL-2000", "module of {} runs in {}: {} hosts, {} services, epoch {}, daemon at {}"),
    MODULE_STOPPED("MRL-2001", "module stopped, {} events are left for the next start"),
    CONNECTED("MRL-2010", "connected to the daemon at {}, {} events wait for it"),
    DISCONNECTED("MRL-2011", "the daemon is away: {}; {} events wait for it"),
    DIAL_FAILED("MRL-2012", "cannot reach the daemon at {}: {}; trying again"),
    REFUSED("MRL-2013", "the daemon refuses this module: {}"),
    RING_OF_ONE("MRL-2020", "no daemon for {} ms: this node now runs every check that it may"),
    RING_OF_DAEMON("MRL-2021", "who runs what is told by the daemon: {}"),
    RING_FILE("MRL-2022", "cannot use {}: {}; all configured nodes count as active until the daemon tells better"),
    CONF_READ("MRL-2024", "{} was read anew: {}"),
    MEMORY_LINES("MRL-2023", "{} lines of what was remembered of comments, downtimes and the like make no sense"),
    OUTBOX_FILE("MRL-2030", "cannot write {}: {}; events that wait for the daemon are in memory alone"),
    OUTBOX_DROPPED("MRL-2031", "outbox full: dropped {} of the oldest events, {} since the start"),
    DAEMON_AHEAD(
            "MRL-2032",
            "others have more of epoch {} than this scheduler made: this machine was set back, a new epoch begins"),
    GAP("MRL-2040", "{} events of {} are lost for good, after {} up to {}"),
    UNKNOWN_OBJECT("MRL-2041", "skipped a result of an object that this scheduler has not loaded: {}"),
    OWN_BUG("MRL-2099", "our own fault in {}"),
    DETACHED("MRL-2098", "{} faults of our own in a row: the scheduler goes on alone, as if it had no module");

    private final String id;
    private final String format;

    LogEvent(String id, String format) {
        this.id = id;
        this.format = format;
    }

    /** What to search for, e.g. {@code MRL-2010}. */
    public String id() {
        return id;
    }

    /** SLF4J format of the line, id included. */
    String format() {
        return id + " " + format;
    }
}
