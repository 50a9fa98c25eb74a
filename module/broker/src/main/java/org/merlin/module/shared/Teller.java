package org.merlin.module.shared;

import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventName;

/** Tells other nodes. Never waits. */
public interface Teller {
    /**
     * Tells those who are concerned with an object.
     *
     * @param index of the object
     * @param revision of what is told, see {@link Version}
     * @return the event's name
     */
    EventName tell(int index, Event event, int revision, long timeMicros);

    /**
     * Tells those whom a thing concerns that is no host or service.
     *
     * @param masters whether masters are told, beside peers and all pollers
     */
    EventName tellAll(long key, Event event, int revision, long timeMicros, boolean masters);

    /** Origin of this node. */
    long origin();
}
