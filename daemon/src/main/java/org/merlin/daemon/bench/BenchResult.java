package org.merlin.daemon.bench;

import java.util.List;

/** What a measurement found; its components in snake case are stable keys. */
public interface BenchResult {
    /** Whether everything arrived, once and in order. */
    boolean ok();

    /** Why figures are missing; empty if all is well. */
    List<String> problems();

    /** The figures in lines for people. */
    List<String> lines();
}
