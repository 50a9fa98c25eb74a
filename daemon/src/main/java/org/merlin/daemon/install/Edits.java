package org.merlin.daemon.install;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes to a text's lines, all by the line numbers that it has now. One thread. */
final class Edits {
    private final List<String> lines;
    private final List<LineChange> changes = new ArrayList<>();

    Edits(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    /** Puts {@code added} where {@code count} lines from {@code index} were; what is added to one place keeps its order. */
    void replace(int index, int count, List<String> added) {
        changes.add(new LineChange(index + 1, lines.subList(index, index + count), added));
    }

    /** From the top down. */
    List<LineChange> changes() {
        return changes.stream()
                .sorted(Comparator.comparingInt(LineChange::line))
                .toList();
    }

    List<String> applied() {
        List<String> result = new ArrayList<>(lines);
        List<LineChange> sorted = changes();
        for (int i = sorted.size() - 1; i >= 0; i--) {
            LineChange change = sorted.get(i);
            int from = change.line() - 1;
            result.subList(from, from + change.removed().size()).clear();
            result.addAll(from, change.added());
        }
        return result;
    }
}
