package org.merlin.module.quartz.notify;

/** What keeps contacts from being told, beside an object's state. The core's thread. */
public interface Circumstances {
    boolean isAcknowledged(int index);

    /** How many downtimes of the object are in effect. */
    int downtimes(int index);
}
