package org.merlin.daemon.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/** A process that counts what it is given. */
public final class Counter {
    /** For so long nothing may come before it is said that nothing more does. */
    static final long STALL_SECONDS = 20;

    private final BenchProcess process;

    /**
     * What it counted since it was last cleared.
     *
     * @param received events, each once
     * @param firstNanos when the first came, by the machine's monotonic clock
     * @param lastNanos when the last came
     */
    public record Tally(long received, long duplicated, long outOfOrder, long firstNanos, long lastNanos) {}

    public Counter(BenchProcess process) {
        this.process = process;
    }

    /** Waits for so many since it was last cleared, or until nothing more comes; returns how many. */
    public long await(long events) throws IOException {
        return Long.parseLong(process.ask("await " + events + " " + STALL_SECONDS));
    }

    public void clear() throws IOException {
        process.ask("clear");
    }

    /** What it counted; latencies go to a file as {@link Latencies} reads them. */
    public Tally report(Path latencies) throws IOException {
        JsonNode tally = new ObjectMapper().readTree(process.ask("report " + latencies));
        return new Tally(
                tally.get("received").asLong(),
                tally.get("duplicated").asLong(),
                tally.get("out_of_order").asLong(),
                tally.get("first_nanos").asLong(),
                tally.get("last_nanos").asLong());
    }
}
