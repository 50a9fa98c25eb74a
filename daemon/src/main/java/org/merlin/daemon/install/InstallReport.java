package org.merlin.daemon.install;

import java.util.List;

/**
 * What was found and done; its names in snake case are stable.
 *
 * @param action install or uninstall
 * @param status exit status: 0, 1, 75 or 78
 * @param changed whether the file was changed, or would be without {@code dryRun}
 * @param done what was done, each in a sentence
 * @param problems why nothing was done
 * @param warnings what it was done in spite of
 * @param backup the copy of the file as it was before the first change; empty if there is none
 * @param next commands that have the scheduler take notice; empty if nothing changed
 */
public record InstallReport(
        String action,
        int status,
        String scheduler,
        String config,
        String module,
        String merlinConf,
        boolean dryRun,
        boolean changed,
        List<LineChange> changes,
        List<String> done,
        List<String> problems,
        List<String> warnings,
        String backup,
        List<String> next) {
    public InstallReport {
        changes = List.copyOf(changes);
        done = List.copyOf(done);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        next = List.copyOf(next);
    }
}
