package org.merlin.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

/** A scheduler with a thread of its own that only does what a test and its module ask. */
final class FakeScheduler implements SchedulerPort, AutoCloseable {
    final List<String> applied = new CopyOnWriteArrayList<>();
    /** Texts by id; what was deleted is still there. */
    final Map<Long, String> comments = new ConcurrentHashMap<>();

    final List<String> history = new CopyOnWriteArrayList<>();
    final List<Integer> soon = new CopyOnWriteArrayList<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<ExternalCommand> executed = new CopyOnWriteArrayList<>();
    volatile Consumer<CheckResult> whenApplied = result -> {};
    volatile boolean frozen;

    private final LoadedObjects objects;
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "scheduler");
    private volatile BrokerModule module;
    private volatile boolean stopped;

    FakeScheduler(LoadedObjects objects) {
        this.objects = objects;
        thread.setDaemon(true);
    }

    /** Two hosts with {@code services} services each; the second host is in hostgroup {@code remote}. */
    static LoadedObjects twoHosts(int services) {
        List<LoadedObjects.Entry> entries = new ArrayList<>();
        for (String host : List.of("alpha", "beta")) {
            List<String> groups = host.equals("beta") ? List.of("remote") : List.of("local");
            entries.add(new LoadedObjects.Entry(MonitoredObject.ofHost(host), groups));
            for (int i = 0; i < services; i++) {
                entries.add(new LoadedObjects.Entry(MonitoredObject.ofService(host, "s" + i), groups));
            }
        }
        return new LoadedObjects(entries, ConfigStamp.UNKNOWN);
    }

    void runWith(BrokerModule newModule) {
        module = newModule;
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                Runnable next = work.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    next.run();
                }
                while (next == null && !frozen && module.onTurn(System.nanoTime())) {
                    Thread.onSpinWait();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    void onThread(Runnable task) {
        work.add(task);
    }

    @Override
    public void wake() {
        work.add(() -> {
            while (!frozen && module.onTurn(System.nanoTime())) {
                Thread.onSpinWait();
            }
        });
    }

    @Override
    public String description() {
        return "fake 1";
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
        applied.add(index + ":" + revision + ":" + result.output().text());
        whenApplied.accept(result);
    }

    @Override
    public void history(int index, CheckResult result) {
        history.add(index + ":" + result.output().text());
    }

    @Override
    public void runSoon(int index) {
        soon.add(index);
    }

    @Override
    public void execute(ExternalCommand command) {
        executed.add(command);
    }

    @Override
    public CheckResult.NotificationCount count(int index) {
        return CheckResult.NotificationCount.NONE;
    }

    @Override
    public void count(int index, CheckResult.NotificationCount count) {
        asked.add("count " + index + " " + count.number());
    }

    @Override
    public void tellContacts(int index, int notifiedOn) {
        asked.add("tell " + index);
    }

    @Override
    public long addComment(int index, Comment comment) {
        long id = 1 + comments.size();
        comments.put(id, comment.text());
        return id;
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        return OptionalLong.empty();
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return true;
    }

    @Override
    public void deleteComment(int index, long id) {
        asked.add("delete comment " + id);
    }

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        return 0;
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return OptionalLong.empty();
    }

    @Override
    public void deleteDowntime(int index, long id) {
        asked.add("delete downtime " + id);
    }

    @Override
    public boolean isAcknowledged(int index) {
        return false;
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {
        asked.add("acknowledge " + index);
    }

    @Override
    public void removeAcknowledgement(int index) {
        asked.add("remove acknowledgement " + index);
    }

    @Override
    public void set(Register register) {
        asked.add("set " + register.attribute() + " " + register.value());
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }
}
