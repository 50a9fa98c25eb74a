package org.merlin.daemon.cli;

import java.util.List;
import java.util.Locale;
import org.merlin.daemon.status.BacklogView;

/** What waits for nodes, in words. */
final class BacklogText {
    private BacklogText() {}

    static String line(BacklogView.Backlog backlog) {
        String waits = backlog.events() == 0
                ? "empty"
                : String.format(
                        Locale.ROOT,
                        "%d events, %d bytes (%.0f%% of its bound), oldest %s old",
                        backlog.events(),
                        backlog.bytes(),
                        100.0 * backlog.bytes() / Math.max(1, backlog.maxBytes()),
                        NodeStatusText.duration(backlog.oldestSeconds()));
        return String.format(
                Locale.ROOT,
                "%s %s (%s): %s%s",
                backlog.type(),
                backlog.name(),
                backlog.connected() ? "connected" : "away",
                waits,
                backlog.dropped() == 0 ? "" : ", " + Colours.bad(backlog.dropped() + " dropped"));
    }

    static String line(BacklogView.Log log) {
        return String.format(
                Locale.ROOT,
                "log: %d events, %d of %d bytes, %d bytes free on its disk%s",
                log.events(),
                log.bytes(),
                log.maxBytes(),
                log.freeBytes(),
                log.roomy() ? "" : ", " + Colours.bad("takes nothing"));
    }

    /** Exit status by whether anything was dropped. */
    static int status(List<BacklogView.Backlog> backlogs) {
        return backlogs.stream().allMatch(backlog -> backlog.dropped() == 0) ? ExitStatus.OK : ExitStatus.WARNING;
    }
}
