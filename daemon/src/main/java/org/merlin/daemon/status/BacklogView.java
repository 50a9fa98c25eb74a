package org.merlin.daemon.status;

import java.util.List;

/**
 * What waits for whom, and its bounds; what the admin socket answers to {@code backlog}. Names of the fields are stable: scripts
 * read them (in snake case).
 *
 * @param schema version of this form, 1; fields are only ever added
 * @param name of the node that answers
 */
public record BacklogView(int schema, String name, Log log, List<Backlog> backlogs) {

    /**
     * The event log that holds all of it.
     *
     * @param events from its first position to its end
     * @param maxBytes bound of the log as a whole
     * @param freeBytes free space on its disk
     * @param roomy whether it takes events
     */
    public record Log(long events, long bytes, long maxBytes, long freeBytes, boolean roomy) {}

    /**
     * What waits for one node.
     *
     * @param type as seen from here: {@code local} (our own scheduler), {@code peer}, {@code master}, {@code poller}
     * @param connected whether it is there to take it
     * @param dropped how many events were dropped since its backlog was made
     * @param gaps what was dropped and it has not been told yet
     */
    public record Backlog(
            String name,
            String type,
            boolean connected,
            long events,
            long bytes,
            double oldestSeconds,
            long dropped,
            long maxBytes,
            double maxAgeSeconds,
            long minFreeBytes,
            List<Gap> gaps) {}

    /** Events of a stream after a sequence up to another; {@code origin} is a node's name, or its number in hex. */
    public record Gap(String origin, long epoch, long after, long upTo) {}

    /**
     * What came of dropping.
     *
     * @param error empty if all went well
     * @param finished false if it goes on after this answer
     */
    public record Dropped(String name, String error, long dropped, boolean finished) {}

    /**
     * A part of what waits.
     *
     * @param error empty if all went well
     * @param next position to ask for next
     * @param finished whether there is nothing behind these
     */
    public record Page(String error, long next, boolean finished, List<Event> events) {}

    /**
     * One event.
     *
     * @param time when it happened, seconds since 1970
     * @param host empty where it concerns no host
     * @param state of a result, -1 of anything else
     * @param text output, comment or command
     * @param packet all of it as it travels, in base64
     */
    public record Event(
            String origin,
            long epoch,
            long sequence,
            double time,
            String type,
            long revision,
            String host,
            String service,
            int state,
            String text,
            String packet) {}
}
