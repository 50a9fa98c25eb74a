package org.merlin.daemon.oconf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.merlin.confsync.generation.Neighbour;
import org.merlin.confsync.generation.ObjectStore;
import org.merlin.confsync.generation.SyncEvent;
import org.merlin.confsync.generation.SyncMemory;
import org.merlin.confsync.generation.SyncView;
import org.merlin.confsync.generation.Syncer;
import org.merlin.confsync.generation.WorkingFolder;
import org.merlin.confsync.generation.WorkingFolders;
import org.merlin.daemon.cluster.ConfigPort;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * The sync's thread: hands it what the cluster loop hears and lets time pass. It reads and writes files, so the loop never waits for it.
 * Methods may be called from any thread.
 */
public final class ConfigKeeper implements ConfigPort, AutoCloseable {
    private static final long TICK_MILLIS = 200;
    private static final int TICKS_A_SECOND = 5;
    /** Packets that wait for the thread; what comes beyond that is dropped, and asked for again. */
    private static final int MAX_WAITING_BYTES = 8 << 20;

    private final ScheduledThreadPoolExecutor thread;
    private final NanoClock clock;
    private final Journal journal;
    private final SchedulerWorld world;
    private final Syncer syncer;
    private final AtomicInteger waitingBytes = new AtomicInteger();
    private Map<String, String> seenRuns = Map.of();
    private Watch watch = (node, generation) -> {};
    private int ticks;
    private int epoch;

    /** Carries packets to nodes. Any thread. */
    public interface Sender {
        void send(String node, int code, ByteBuffer body);
    }

    /** Hears which generation each node runs, when that becomes another one. On the sync's thread. */
    @FunctionalInterface
    public interface Watch {
        void onRuns(String node, SyncView.Entry generation);
    }

    private ConfigKeeper(
            ScheduledThreadPoolExecutor thread, NanoClock clock, Journal journal, SchedulerWorld world, Syncer syncer) {
        this.thread = thread;
        this.clock = clock;
        this.journal = journal;
        this.world = world;
        this.syncer = syncer;
    }

    /**
     * Opens what is kept below {@code state_dir/oconf}.
     *
     * @param sender carries packets to nodes
     * @throws IOException if that cannot be read or written, with what to do
     */
    public static ConfigKeeper open(MerlinConf conf, Sender sender, NanoClock clock, Journal journal)
            throws IOException {
        Path state = Files.createDirectories(conf.stateDir().resolve("oconf"));
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "merlin-oconf");
            made.setDaemon(true);
            return made;
        });
        WorkingFolder.Limits limits =
                new WorkingFolder.Limits(conf.oconf().maxFiles(), conf.oconf().maxBytes());
        ObjectStore store = new ObjectStore(state);
        WorkingFolders folder = folders(conf.oconf(), limits);
        SyncMemory memory = SyncMemory.read(state.resolve("memory"));
        ConfigKeeper[] made = new ConfigKeeper[1];
        SchedulerWorld world = new SchedulerWorld(
                conf, store, folder.objects(), state, task -> made[0].execute(task), sender, journal);
        Syncer syncer = new Syncer(conf.nodeName(), store, folder, memory, world, limits);
        made[0] = new ConfigKeeper(thread, clock, journal, world, syncer);
        return made[0];
    }

    private static WorkingFolders folders(MerlinConf.Oconf oconf, WorkingFolder.Limits limits) {
        FolderExchange exchange = new FolderExchange();
        WorkingFolders folders = new WorkingFolders(
                new WorkingFolder(oconf.dir(), exchange, limits, WorkingFolder.Holds.OBJECTS), limits);
        for (MerlinConf.SyncPath extra : oconf.extras()) {
            folders.add(
                    extra.name(),
                    new WorkingFolder(extra.path(), exchange, limits, WorkingFolder.Holds.EXTRAS),
                    extra.toPollers());
        }
        return folders;
    }

    /** Begins; before anything connects. */
    public void start(MerlinConf conf) {
        execute(() -> syncer.start(neighbours(conf), clock.nanos()));
        thread.scheduleWithFixedDelay(() -> guarded(this::onTick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Names who hears of what nodes run; before the start. */
    public void watch(Watch by) {
        watch = by;
    }

    private static List<Neighbour> neighbours(MerlinConf conf) {
        return conf.nodes().stream()
                .filter(node -> node.objectConfig().builtIn())
                .map(node ->
                        new Neighbour(node.name(), node.role(), node.selection().hostgroups()))
                .toList();
    }

    private void onTick() {
        world.onTick(clock.nanos());
        if (++ticks % TICKS_A_SECOND == 0) {
            syncer.onTick(clock.nanos());
            tellRuns();
        }
    }

    private void tellRuns() {
        Map<String, String> runs = syncer.runs();
        if (runs.equals(seenRuns)) {
            return;
        }
        runs.forEach((node, hash) -> {
            if (!hash.equals(seenRuns.get(node))) {
                watch.onRuns(node, entry(hash));
            }
        });
        seenRuns = runs;
    }

    private SyncView.Entry entry(String hash) {
        try {
            Optional<SyncView.Entry> known = syncer.generation(hash);
            if (known.isPresent()) {
                return known.get();
            }
        } catch (IOException e) {
            world.say(SyncEvent.TROUBLE, "generation " + hash + " cannot be read: " + e.getMessage());
        }
        return new SyncView.Entry(hash, "", "", 0, "", List.of(), "");
    }

    @Override
    public void onLink(String node) {
        execute(() -> syncer.onLink(node, clock.nanos()));
    }

    @Override
    public void onLinkGone(String node) {
        execute(() -> syncer.onLinkGone(node, clock.nanos()));
    }

    @Override
    public void onPacket(String node, int code, ByteBuffer body) {
        int bytes = body.remaining();
        if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES) {
            waitingBytes.addAndGet(-bytes);
            return;
        }
        ByteBuffer copy =
                ByteBuffer.allocate(body.remaining()).put(body.duplicate()).flip();
        execute(() -> {
            waitingBytes.addAndGet(-bytes);
            try {
                syncer.onMessage(node, code, copy, clock.nanos());
            } catch (MalformedPacketException e) {
                journal.warnLimited(LogEvent.LINK_REFUSED, node, "control packet " + code + ": " + e.getMessage());
            }
        });
    }

    @Override
    public void onModule(Optional<Run> run) {
        execute(() -> {
            boolean reloading = world.reloading();
            world.onModule(run, clock.nanos());
            int now = run.map(present -> present.info().epoch()).orElse(0);
            if (now != 0 && now != epoch && !reloading) {
                syncer.onScheduler();
            }
            epoch = now == 0 ? epoch : now;
        });
    }

    @Override
    public void onFetch(String node) {
        execute(syncer::fetch);
    }

    @Override
    public void onConf(MerlinConf conf) {
        execute(() -> syncer.setNodes(neighbours(conf)));
    }

    /** Asks the sync something, on its thread. */
    void ask(Consumer<Syncer> question) {
        execute(() -> question.accept(syncer));
    }

    private void execute(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            // the daemon ends
        }
    }

    /** A fault of ours in here costs the configuration's sync a step, and monitoring nothing. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) { // the thread's last resort
            journal.bug("the configuration's sync", e);
            world.say(SyncEvent.TROUBLE, "our own fault: " + e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        world.close();
    }
}
