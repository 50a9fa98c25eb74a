package org.merlin.module.quartz.objects;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;

/**
 * Collects what is wrong with files: at most {@link #MOST}, then a last line says that there is more. Lines are counted through all
 * files, in the order in which they are read; {@link #begin} says where each begins.
 */
final class Problems {
    static final int MOST = 1000;

    /** A problem at a line of all files together. */
    private record Found(int line, ConfProblem problem) {}

    /** By the number of lines before it. */
    private final TreeMap<Integer, String> files = new TreeMap<>();

    private final List<Found> found = new ArrayList<>();
    private boolean more;
    private boolean fatal;

    /** The lines that follow are a file's. */
    void begin(String file, int linesBefore) {
        files.put(linesBefore, file);
    }

    void error(int line, String text) {
        fatal = true;
        add(line, true, text);
    }

    /** A name that nothing has; with the one that was probably meant. */
    void unknown(int line, String type, String name, Set<String> known) {
        error(line, "unknown " + type + " '" + name + "'" + Spelling.hint(name, known));
    }

    void warn(int line, String text) {
        add(line, false, text);
    }

    private void add(int line, boolean error, String text) {
        if (found.size() < MOST) {
            Map.Entry<Integer, String> file = fileOf(line);
            found.add(new Found(line, new ConfProblem(file.getValue(), line - file.getKey(), error, text)));
        } else {
            more = true;
        }
    }

    private Map.Entry<Integer, String> fileOf(int line) {
        return files.lowerEntry(line);
    }

    /** How a problem in one line speaks of another: {@code line 7}, or {@code line 7 of hosts.cfg}. */
    String place(int line, int seenFrom) {
        Map.Entry<Integer, String> file = fileOf(line);
        String words = "line " + (line - file.getKey());
        return file.equals(fileOf(seenFrom)) ? words : words + " of " + file.getValue();
    }

    List<ConfProblem> warnings() {
        return found.stream()
                .map(Found::problem)
                .filter(problem -> !problem.error())
                .toList();
    }

    void throwIfAny() throws ConfException {
        if (fatal) {
            List<ConfProblem> sorted = new ArrayList<>(found.stream()
                    .sorted(Comparator.comparingInt(Found::line))
                    .map(Found::problem)
                    .toList());
            if (more) {
                String last = files.lastEntry().getValue();
                sorted.add(new ConfProblem(last, 0, true, "more than " + MOST + " problems; the rest is not shown"));
            }
            throw new ConfException(sorted);
        }
    }
}
