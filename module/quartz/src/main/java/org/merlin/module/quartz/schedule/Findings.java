package org.merlin.module.quartz.schedule;

import org.merlin.module.quartz.state.Finding;

/** Takes what checks found, on the workers' threads. May wait, so that workers do not outrun it. */
@FunctionalInterface
public interface Findings {
    /**
     * Takes a finding.
     *
     * @param name of the object: it may be gone by now, or have another place
     * @param dueMillis when the check was due
     */
    void found(String name, Finding finding, long dueMillis);
}
