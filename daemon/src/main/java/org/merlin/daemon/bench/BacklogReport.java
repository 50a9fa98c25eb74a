package org.merlin.daemon.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;

/**
 * What a replay was like.
 *
 * @param measured the replay: its events and seconds are those of the node that was away, its latency is that of another node's live
 *     events meanwhile, its CPU that of all processes
 * @param idleLatencyMs latency of that other node's events just before the replay
 * @param fillEventsPerSecond how fast the events were taken while the node was away
 * @param diskBytesPerEvent what an event takes of the log
 * @param anonymousGrowthMb by how much the sender's daemon's anonymous memory grew while it took them, in 2^20 bytes
 */
public record BacklogReport(
        @JsonUnwrapped BenchReport measured,
        BenchReport.Latency idleLatencyMs,
        double fillEventsPerSecond,
        double diskBytesPerEvent,
        double anonymousGrowthMb)
        implements BenchResult {
    @Override
    public boolean ok() {
        return measured.ok();
    }

    @Override
    public List<String> problems() {
        return measured.problems();
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>(measured.lines());
        lines.set(2, "latency of another node's live events meanwhile: " + measured.latencyMs());
        lines.add(3, "the same before the replay: " + idleLatencyMs);
        lines.add(
                4,
                BenchReport.line(
                        "backlog: filled with %.0f/s, %.1f bytes of disk per event, %.1f MiB more anonymous memory",
                        fillEventsPerSecond, diskBytesPerEvent, anonymousGrowthMb));
        return lines;
    }
}
