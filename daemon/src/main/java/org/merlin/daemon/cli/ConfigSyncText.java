package org.merlin.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import org.merlin.daemon.status.ConfigView;

/** What {@code mon node status} says of the commands that bring object files to a node, or from it; nothing where none ever ran. */
final class ConfigSyncText {
    private static final int OUTPUT_LINES = 5;

    private ConfigSyncText() {}

    static List<String> lines(ConfigView config) {
        List<String> lines = new ArrayList<>();
        ConfigView.Hook hook = config.hook();
        if (!hook.running().isEmpty()) {
            lines.add("Sync: " + hook.running() + " running for " + NodeStatusText.duration(hook.runningSeconds()));
        }
        if (!hook.stopped().isEmpty()) {
            lines.add("Sync: " + Colours.bad(hook.stopped()));
        }
        if (!hook.waits().isEmpty()) {
            lines.add("Sync: " + hook.waits());
        }
        if (!hook.last().kind().isEmpty()) {
            addLast(lines, hook.last(), config.inSync());
        }
        return lines;
    }

    private static void addLast(List<String> lines, ConfigView.Last last, boolean inSync) {
        String result = last.ok() ? last.result() : Colours.bad(last.result());
        lines.add("Sync: last " + last.kind() + " " + result + ", " + NodeStatusText.duration(last.secondsAgo())
                + " ago");
        if (!last.ok() || !inSync) {
            List<String> output = last.output().lines().toList();
            output.subList(Math.max(0, output.size() - OUTPUT_LINES), output.size())
                    .forEach(line -> lines.add("  | " + line));
        }
    }
}
