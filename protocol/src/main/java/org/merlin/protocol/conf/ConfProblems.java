package org.merlin.protocol.conf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Takes what is wrong with one file, up to a bound. Confined to one thread. */
final class ConfProblems {
    /** Most problems that are kept; of more only their number is told. */
    static final int MOST = 1000;
    /** Longest piece of the file that a problem repeats, in characters. */
    private static final int LONGEST_QUOTE = 60;

    private final String file;
    private final List<ConfProblem> problems = new ArrayList<>();
    private boolean failed;
    private long untold;

    /**
     * Begins with none.
     *
     * @param file its name as the operator gave it
     */
    ConfProblems(String file) {
        this.file = file;
    }

    void error(int line, String text) {
        failed = true;
        add(new ConfProblem(file, line, true, text));
    }

    void warn(int line, String text) {
        add(new ConfProblem(file, line, false, text));
    }

    private void add(ConfProblem problem) {
        if (problems.size() < MOST) {
            problems.add(problem);
        } else {
            untold++;
        }
    }

    /** Whether one of them is an error. */
    boolean failed() {
        return failed;
    }

    /** All of them by line, those of one line as they were found; at the end how many more there were. */
    List<ConfProblem> sorted() {
        List<ConfProblem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt(ConfProblem::line));
        if (untold > 0) {
            sorted.add(new ConfProblem(file, 0, failed, "and " + untold + " more problems"));
        }
        return sorted;
    }

    /** A piece of the file in quotes, cut where it is long. */
    static String quoted(String text) {
        return "'" + (text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...") + "'";
    }
}
