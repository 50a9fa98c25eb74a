package org.merlin.module.quartz;

import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.merlin.module.Broker;
import org.merlin.module.Memory;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.time.NanoClock;

/** A module by hand: says what it is told to, and remembers what it hears. */
final class FakeBroker implements Broker, BrokerFactory {
    /** What it was told, in order. */
    final List<CheckResult> results = new CopyOnWriteArrayList<>();

    final List<ExternalCommand> commands = new CopyOnWriteArrayList<>();
    /** All but results and commands. */
    final Queue<Event> heard = new ConcurrentLinkedQueue<>();

    final Queue<String> gone = new ConcurrentLinkedQueue<>();
    volatile boolean loaded;
    /** Whether contacts are told, and event handlers run, by other nodes. */
    volatile boolean othersTell;

    final Set<String> leftToOthers = ConcurrentHashMap.newKeySet();
    final AtomicInteger asked = new AtomicInteger();
    private final Queue<Consumer<SchedulerPort>> turns = new ConcurrentLinkedQueue<>();
    volatile SchedulerPort port;
    volatile Memory memory;
    volatile int[] revisions;
    volatile boolean closed;
    /** What the others were told when it was closed, in order. */
    final Queue<String> farewells = new ConcurrentLinkedQueue<>();

    @Override
    public Broker start(
            MerlinConf conf,
            SchedulerPort scheduler,
            Memory before,
            int[] revisionsByIndex,
            Clock wall,
            NanoClock clock) {
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
    public boolean mayNotify(int index, int reason) {
        return !othersTell;
    }

    @Override
    public boolean mayHandle(int index) {
        return !othersTell;
    }

    @Override
    public void onNotification(int index, Notification notification) {
        heard.add(notification);
    }

    @Override
    public void onContactNotification(int index, ContactNotification notification) {
        heard.add(notification);
    }

    @Override
    public void onComment(int index, long id, CommentKind kind, Comment comment) {
        heard.add(comment);
    }

    @Override
    public void onCommentGone(long id, boolean byCommand) {
        gone.add("comment " + id + (byCommand ? " by command" : ""));
    }

    @Override
    public void onDowntime(int index, long id, Downtime downtime, long triggeredBy) {
        heard.add(downtime);
    }

    @Override
    public void onDowntimeGone(long id, boolean byCommand) {
        gone.add("downtime " + id + (byCommand ? " by command" : ""));
    }

    @Override
    public void onAcknowledgement(int index, Acknowledgement acknowledgement) {
        heard.add(acknowledgement);
    }

    @Override
    public void onAcknowledgementRemoved(int index, long entrySeconds) {
        gone.add("acknowledgement of " + index);
    }

    @Override
    public void onSet(Register register) {
        heard.add(register);
    }

    @Override
    public void onLoaded() {
        loaded = true;
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
    public Supplier<Memory> memory() {
        return () -> memory;
    }

    @Override
    public void close(String why) {
        farewells.add(why);
        closed = true;
    }
}
