package org.merlin.module.quartz;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.merlin.module.Broker;
import org.merlin.module.Memory;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.time.NanoClock;

/** A module by hand: says what it is told to, and remembers what it hears. */
final class FakeBroker implements Broker, BrokerFactory {
    /** What it was told, in order. */
    final List<CheckResult> results = new CopyOnWriteArrayList<>();

    final List<ExternalCommand> commands = new CopyOnWriteArrayList<>();
    final Set<String> leftToOthers = ConcurrentHashMap.newKeySet();
    final AtomicInteger asked = new AtomicInteger();
    private final Queue<Consumer<SchedulerPort>> turns = new ConcurrentLinkedQueue<>();
    volatile SchedulerPort port;
    volatile Memory memory;
    volatile int[] revisions;
    volatile boolean closed;

    @Override
    public Broker start(
            MerlinConf conf, SchedulerPort scheduler, Memory before, int[] revisionsByIndex, NanoClock clock) {
        port = scheduler;
        memory = before;
        revisions = revisionsByIndex.clone();
        return this;
    }

    /** Does something on the scheduler's own thread, as if other nodes had sent it. */
    void inTurn(Consumer<SchedulerPort> action) {
        turns.add(action);
        port.wake();
    }

    List<CheckResult> resultsOf(String name) {
        return results.stream()
                .filter(result -> result.object().name().equals(name))
                .toList();
    }

    @Override
    public boolean mayRun(int index) {
        asked.incrementAndGet();
        return !leftToOthers.contains(
                port.objects().entries().get(index).object().name());
    }

    @Override
    public int onResult(int index, CheckResult result) {
        results.add(result);
        return ++revisions[index];
    }

    @Override
    public void onCommand(ExternalCommand command) {
        commands.add(command);
    }

    @Override
    public boolean onTurn(long nowNanos) {
        Consumer<SchedulerPort> action = turns.poll();
        if (action != null) {
            action.accept(port);
        }
        return !turns.isEmpty();
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public void close() {
        closed = true;
    }
}
