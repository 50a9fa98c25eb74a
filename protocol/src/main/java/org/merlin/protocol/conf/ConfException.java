package org.merlin.protocol.conf;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration file that cannot be used, with all its problems at once. */
public final class ConfException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfProblem> problems;

    public ConfException(List<ConfProblem> problems) {
        super(problems.stream().map(ConfProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Errors and warnings in the order of their lines. */
    public List<ConfProblem> problems() {
        return problems;
    }
}
