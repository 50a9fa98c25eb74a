package org.merlin.tests.benchmarks;

import java.util.concurrent.TimeUnit;
import org.merlin.daemon.cluster.FlowByHand;
import org.merlin.protocol.wire.Chunk;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the daemon's loop pay to take a chunk of a hundred results and to give it to all nodes that are owed it? Per chunk; links
 * take everything at once and acknowledge it, the log is in memory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PassOnBenchmark {
    @Param({"1", "3", "100"})
    private int nodes;

    private FlowByHand flow;
    private Chunk chunk;
    private long after;

    @Setup
    public void build() {
        flow = new FlowByHand(Events.STREAM, nodes);
        chunk = Events.chunk(0, 100, 200);
    }

    /** The packets' own sequences stay those of the first chunk: nothing here looks at them. */
    @Benchmark
    public long passOn() {
        Chunk next = new Chunk(Events.STREAM, 0, after, after + 100, 100, chunk.packets());
        after += 100;
        return flow.take(next);
    }
}
