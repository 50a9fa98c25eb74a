package org.merlin.tests.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.merlin.module.hook.Precheck;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;
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

/** What does the scheduler's thread pay for the decision whether a check that is due runs here? A third of them do. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PrecheckBenchmark {
    @Param({"100", "10000", "160000"})
    private int objects;

    private Precheck precheck;
    private int next;

    @Setup
    public void build() {
        SlotTable slots = Events.slots(objects);
        RunnerRule rule = new RunnerRule(
                "luke", RingView.settled(PeerRing.of(List.of("leia", "luke", "yoda"))), Map.of(), Map.of());
        precheck = new Precheck(slots, rule, new Precheck.Expiry(60, 30), System::nanoTime);
    }

    /** What was left to others has its result before it is due again, as it is where all is well. */
    @Benchmark
    public boolean decide() {
        int index = next++ % objects;
        boolean ours = precheck.mayRun(index);
        if (!ours) {
            precheck.onResult(index);
        }
        return ours;
    }
}
