package org.merlin.daemon.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * How fast changes of state come into a database.
 *
 * @param seconds from the first event until the last was committed
 * @param eventsPerSecond the same as a rate
 * @param rowsPerSecond rows of history and state that were written; of an object that changed often in one transaction the state counts once
 * @param upsertsPerSecond the part of these that is current state
 * @param lagSeconds largest age of what was not written yet
 * @param cpuSecondsPerMillion of all processes, the database among them
 * @param missing events that have no row of history afterwards
 */
public record DatabaseReport(
        String database,
        long events,
        long rate,
        int services,
        double seconds,
        double eventsPerSecond,
        double rowsPerSecond,
        double upsertsPerSecond,
        double lagSeconds,
        double cpuSecondsPerMillion,
        Map<String, Double> cpuByProcess,
        long missing,
        String jdk,
        int cores,
        @JsonIgnore List<String> problems)
        implements BenchResult {
    @Override
    public boolean ok() {
        return problems.isEmpty();
    }

    @Override
    public List<String> lines() {
        return List.of(
                BenchReport.line(
                        "%d changes of %d services in %.1f s: %.0f/s", events, services, seconds, eventsPerSecond),
                BenchReport.line("%.0f rows/s, of them %.0f upserts/s", rowsPerSecond, upsertsPerSecond),
                BenchReport.line("behind by at most %.1f s", lagSeconds),
                BenchReport.line("CPU: %.1f s per million events %s", cpuSecondsPerMillion, cpuByProcess));
    }
}
