package org.merlin.tests.simulation;

/** A promise was broken; says which, by which checker, and when. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String checker;

    Violation(String checker, String what) {
        super(checker + ": " + what);
        this.checker = checker;
    }

    String checker() {
        return checker;
    }
}
