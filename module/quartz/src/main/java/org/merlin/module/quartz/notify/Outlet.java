package org.merlin.module.quartz.notify;

/** Where commands are run and lines are logged. Neither waits. */
public interface Outlet {
    /**
     * Runs a command line soon.
     *
     * @param what for the log, if it fails
     */
    void run(String what, String line);

    /** Writes a line into the log. */
    void log(String line);
}
