package org.merlin.module.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.node.ConfigStamp;

/** A scheduler that has objects and counts results, and has nothing else. */
final class BenchPort implements SchedulerPort {
    private final LoadedObjects objects;
    private final Tally tally;
    private final AtomicBoolean woken = new AtomicBoolean(true);
    private volatile Thread thread = Thread.currentThread();
    private BooleanSupplier item = () -> false;

    /**
     * Makes the objects.
     *
     * @param services how many, all on one host; the same on all nodes
     */
    BenchPort(int services, Tally tally) {
        this.tally = tally;
        List<LoadedObjects.Entry> entries = new ArrayList<>();
        entries.add(new LoadedObjects.Entry(MonitoredObject.ofHost("host"), List.of()));
        for (int i = 0; i < services; i++) {
            entries.add(new LoadedObjects.Entry(MonitoredObject.ofService("host", "service " + i), List.of()));
        }
        objects = new LoadedObjects(entries, new ConfigStamp("0".repeat(40), 1));
    }

    /** Names the thread that {@link #wake} wakes. */
    void thread(Thread scheduler) {
        thread = scheduler;
    }

    /** Names what tells items of the state table from events. */
    void items(BooleanSupplier appliesItem) {
        item = appliesItem;
    }

    /** Whether a turn is wanted, since the last call. */
    boolean takeWake() {
        return woken.get() && woken.getAndSet(false);
    }

    @Override
    public void wake() {
        if (!woken.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public String description() {
        return "bench 1";
    }

    @Override
    public int checkTimeoutSeconds() {
        return 60;
    }

    @Override
    public LoadedObjects objects() {
        return objects;
    }

    @Override
    public void apply(int index, CheckResult result, int revision, boolean aloud) {
        tally.take(result.history().eventId(), result.history().lastEventId(), item.getAsBoolean());
    }

    @Override
    public void history(int index, CheckResult result) {
        tally.take(result.history().eventId(), result.history().lastEventId(), item.getAsBoolean());
    }

    @Override
    public void runSoon(int index) {}

    @Override
    public void execute(ExternalCommand command) {}

    @Override
    public CheckResult.NotificationCount count(int index) {
        return CheckResult.NotificationCount.NONE;
    }

    @Override
    public void count(int index, CheckResult.NotificationCount count) {}

    @Override
    public void tellContacts(int index, int notifiedOn) {}

    @Override
    public long addComment(int index, Comment comment) {
        return 0;
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        return OptionalLong.empty();
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return false;
    }

    @Override
    public void deleteComment(int index, long id) {}

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        return 0;
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return OptionalLong.empty();
    }

    @Override
    public void deleteDowntime(int index, long id) {}

    @Override
    public boolean isAcknowledged(int index) {
        return false;
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {}

    @Override
    public void removeAcknowledgement(int index) {}

    @Override
    public void set(Register register) {}
}
