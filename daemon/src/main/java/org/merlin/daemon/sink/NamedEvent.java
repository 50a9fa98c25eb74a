package org.merlin.daemon.sink;

import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventName;

/**
 * An event out of the log.
 *
 * @param micros when it happened, microseconds since 1970
 * @param revision of its object
 */
public record NamedEvent(EventName name, long micros, int revision, Event event) {}
