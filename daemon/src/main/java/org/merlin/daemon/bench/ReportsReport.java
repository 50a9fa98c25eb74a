package org.merlin.daemon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.merlin.daemon.sink.sql.SqlReport;

/**
 * How long the documented queries take on a history that was made up.
 *
 * @param makeSeconds for making and writing it
 * @param rows of each table
 * @param mebibytes on disk: of each table's rows and indexes, or of an embedded database's file
 */
public record ReportsReport(
        String database,
        int hosts,
        int services,
        int days,
        long seed,
        double makeSeconds,
        Map<String, Long> rows,
        Map<String, Double> mebibytes,
        Map<String, Query> queries,
        Purge purge,
        String jdk,
        int cores)
        implements BenchResult {
    /**
     * A query.
     *
     * @param medianMs of all runs
     * @param firstMs of the first one
     * @param rows of its answer
     * @param plan what MariaDB's EXPLAIN says; empty of an embedded database
     */
    public record Query(double medianMs, double firstMs, int rows, List<SqlReport.Step> plan) {}

    /**
     * Removing a month.
     *
     * @param alone how long a writer's transactions took before it began
     * @param beside the same, meanwhile
     */
    public record Purge(Map<String, Long> rows, double seconds, BesideWriter.Waits alone, BesideWriter.Waits beside) {}

    @Override
    public boolean ok() {
        return true;
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(BenchReport.line(
                "%d days of %d hosts with %d services each, made in %.0f s", days, hosts, services, makeSeconds));
        rows.forEach((table, count) -> lines.add(BenchReport.line("  %s: %d rows", table, count)));
        mebibytes.forEach((name, size) -> lines.add(BenchReport.line("  %s: %.1f MiB", name, size)));
        queries.forEach((name, query) -> lines.add(BenchReport.line(
                "%s: %.1f ms, at first %.1f ms; %d rows", name, query.medianMs(), query.firstMs(), query.rows())));
        lines.add(BenchReport.line("removing the first month: %.1f s %s", purge.seconds(), purge.rows()));
        lines.add(BenchReport.line(
                "a writer's transaction of 100 rows, p50 / p99 / max: before %.1f / %.1f / %.1f ms, meanwhile %.1f / %.1f / %.1f ms",
                purge.alone().p50Ms(),
                purge.alone().p99Ms(),
                purge.alone().maxMs(),
                purge.beside().p50Ms(),
                purge.beside().p99Ms(),
                purge.beside().maxMs()));
        return lines;
    }
}
