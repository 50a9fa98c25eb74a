package org.merlin.module.quartz.command;

import org.merlin.module.quartz.state.Finding;
import org.merlin.protocol.event.ExternalCommand;

/** What commands can do to the scheduler. The core's thread. */
public interface CommandTarget {
    /** Takes a result that somebody hands in. */
    void passive(int index, Finding finding);

    /**
     * Moves an object's next check.
     *
     * @param forced whether it runs even if the object is not checked at that time, or at all
     */
    void checkAt(int index, long atMillis, boolean forced);

    /** Switches the regular checks of an object. */
    void switchChecks(int index, boolean on);

    /** Switches all regular checks of hosts, or of services. */
    void switchAllChecks(boolean hosts, boolean on);

    /** Writes the retention file now. */
    void save();

    /** Tells the other nodes. */
    void share(ExternalCommand command);

    /** Writes a line into the log. */
    void log(String line);
}
