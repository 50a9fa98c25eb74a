package org.merlin.daemon.status;

import java.util.List;

/**
 * What came of reading merlin.conf anew; what the admin socket answers to {@code reload}. Names of the fields are stable: scripts read
 * them (in snake case).
 *
 * @param schema version of this form, 1; fields are only ever added
 * @param applied whether the daemon goes by the file as it is now; else by what it had read before
 * @param problems warnings, and if it is not applied errors, each with file and line
 * @param added names of the nodes that are new
 * @param changed names of the nodes that are other than before
 * @param removed names of the nodes that are gone
 * @param droppedEvents how many events were still owed to those
 */
public record ReloadView(
        int schema,
        boolean applied,
        List<String> problems,
        List<String> added,
        List<String> changed,
        List<String> removed,
        long droppedEvents) {
    public ReloadView {
        problems = List.copyOf(problems);
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** Nothing was applied. */
    public static ReloadView refused(List<String> problems) {
        return new ReloadView(1, false, problems, List.of(), List.of(), List.of(), 0);
    }

    /** In one line, for the log. */
    public String inWords() {
        StringBuilder words = new StringBuilder();
        add(words, "added", added);
        add(words, "changed", changed);
        add(words, "removed", removed);
        if (words.isEmpty()) {
            return "no other nodes than before";
        }
        return words + (droppedEvents > 0 ? ", with " + droppedEvents + " events that were owed to them" : "");
    }

    private static void add(StringBuilder words, String what, List<String> nodes) {
        if (!nodes.isEmpty()) {
            words.append(words.isEmpty() ? "" : "; ").append(what).append(' ').append(String.join(", ", nodes));
        }
    }
}
