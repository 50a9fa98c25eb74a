package org.merlin.daemon.bench;

import java.util.List;

/**
 * How checks are shared.
 *
 * @param tableSeconds to number all objects, once at each load of a configuration
 * @param seconds of the decisions
 * @param decisionsPerSecond whether a check is this node's
 * @param shareOfFirst checks of the first peer, as its own rule has it
 * @param shareLeast fewest checks of a peer
 * @param shareMost most checks of one
 * @param movedWithoutOne checks that another peer runs when the last one goes
 */
public record AssignReport(
        int services,
        int hosts,
        int peers,
        double tableSeconds,
        double seconds,
        double decisionsPerSecond,
        long shareOfFirst,
        long shareLeast,
        long shareMost,
        long movedWithoutOne) {
    /** The figures in lines for people. */
    public List<String> lines() {
        return List.of(
                BenchReport.line(
                        "%d hosts and %d services are numbered in %.3f s, once at each load",
                        hosts, services, tableSeconds),
                BenchReport.line("%.0f decisions/s", decisionsPerSecond),
                BenchReport.line("shares of %d peers: %d to %d checks", peers, shareLeast, shareMost),
                BenchReport.line("without the last peer %d checks move", movedWithoutOne));
    }
}
