package org.merlin.tests.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.Reporter;
import org.merlin.module.ipc.SenderByHand;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.slot.SlotTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the module pay to take a result from the scheduler? On the scheduler's thread: number, encode, hand over. On the
 * sender's: queue, pack into chunks, let go of what is acknowledged. By the bytes of a result's texts.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventTakeBenchmark {
    private static final int OBJECTS = 10_000;
    /** So many are taken before the sender is called. */
    private static final int BATCH = 100;

    @Param({"0", "200", "16000"})
    private int textBytes;

    private SenderByHand sender;
    private Reporter reporter;
    private CheckResult result;
    private int next;

    @Setup
    public void build() throws IOException {
        SlotTable slots = Events.slots(OBJECTS);
        sender = new SenderByHand(Events.STREAM);
        reporter = new Reporter(Events.STREAM, slots, new ObjectIndex(slots), sender.handoff());
        result = Events.result(textBytes);
    }

    @TearDown
    public void close() throws IOException {
        sender.close();
    }

    /** Per event; what was handed over is thrown away. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int schedulersThread() {
        report();
        return sender.drain().size();
    }

    /** Per event, both threads' work together. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long bothThreads() {
        report();
        return sender.send(reporter.sequence());
    }

    private void report() {
        for (int i = 0; i < BATCH; i++) {
            next = (next + 1) % OBJECTS;
            reporter.result(next, result, 7);
        }
    }
}
