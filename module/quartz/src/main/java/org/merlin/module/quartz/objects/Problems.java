package org.merlin.module.quartz.objects;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;

/** Collects what is wrong with a file: at most {@link #MOST}, then a last line says that there is more. */
final class Problems {
    static final int MOST = 1000;

    private final String file;
    private final List<ConfProblem> found = new ArrayList<>();
    private boolean more;
    private boolean fatal;

    Problems(String file) {
        this.file = file;
    }

    void error(int line, String text) {
        fatal = true;
        add(new ConfProblem(file, line, true, text));
    }

    /** A name that nothing has; with the one that was probably meant. */
    void unknown(int line, String type, String name, Set<String> known) {
        error(line, "unknown " + type + " '" + name + "'" + Spelling.hint(name, known));
    }

    void warn(int line, String text) {
        add(new ConfProblem(file, line, false, text));
    }

    private void add(ConfProblem problem) {
        if (found.size() < MOST) {
            found.add(problem);
        } else {
            more = true;
        }
    }

    List<ConfProblem> warnings() {
        return found.stream().filter(problem -> !problem.error()).toList();
    }

    void throwIfAny() throws ConfException {
        if (fatal) {
            List<ConfProblem> sorted = new ArrayList<>(found);
            sorted.sort(Comparator.comparingInt(ConfProblem::line));
            if (more) {
                sorted.add(new ConfProblem(file, 0, true, "more than " + MOST + " problems; the rest is not shown"));
            }
            throw new ConfException(sorted);
        }
    }
}
