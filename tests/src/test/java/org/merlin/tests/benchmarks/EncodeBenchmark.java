package org.merlin.tests.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.EventCodec;
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

/** What does it cost to write the body of a result? By the bytes of its texts: none, usual ones, and the most that there may be. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {
    @Param({"0", "200", "100000"})
    private int textBytes;

    private final EventCodec codec = new EventCodec();
    private CheckResult result;

    @Setup
    public void build() {
        result = Events.result(textBytes);
    }

    @Benchmark
    public ByteBuffer encode() {
        return codec.encode(result);
    }
}
