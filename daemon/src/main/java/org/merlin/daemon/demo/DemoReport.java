package org.merlin.daemon.demo;

import java.util.List;

/**
 * The final report of a demo; its names in snake case are stable.
 *
 * @param ok whether everything was as promised
 * @param secondsWithoutRunner longest time that a check that was due ran nowhere
 * @param runTwice runs of a check by two nodes outside handovers
 * @param problems what was not as promised, each in a sentence
 * @param seconds how long it ran after it had settled
 */
public record DemoReport(
        boolean ok,
        double seconds,
        double secondsWithoutRunner,
        long runTwice,
        List<NodeReport> nodes,
        List<String> problems) {

    /**
     * One node.
     *
     * @param checksRun checks that its scheduler started
     * @param resultsReceived results of other nodes that were handed to its scheduler's module
     * @param resultsApplied those that went into the scheduler's state or history
     * @param duplicates results that were applied twice
     * @param gaps events that were named as lost
     * @param alive whether its scheduler ran at the end
     */
    public record NodeReport(
            String name,
            long checksRun,
            long resultsReceived,
            long resultsApplied,
            long duplicates,
            long gaps,
            boolean alive) {}
}
