package org.merlin.tests.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.merlin.daemon.cluster.Clocks;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.cluster.LinkListener;
import org.merlin.daemon.cluster.StatusReport;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.status.ClusterView;
import org.merlin.module.Memory;
import org.merlin.module.SteppedBroker;
import org.merlin.module.ipc.Connection;
import org.merlin.module.ipc.Dialer;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;

/**
 * A node with all that is real in it: the daemon's cluster code, and the whole module in a simulated scheduler. Both processes end
 * and begin by themselves; disk and retention survive them.
 */
final class ChaosNode {
    private static final long ROOM_NANOS = 500_000_000L;
    private static final long STEP_NANOS = 20_000_000L;
    private static final long WRITTEN_NANOS = 5_000_000_000L;
    private static final long MILLI = 1_000_000L;

    private final World world;
    private final Network network;
    private MerlinConf conf;
    private final Surroundings around;
    private SimulatedDisk disk = new SimulatedDisk();
    private SimulatedNode.Rings rings = new SimulatedNode.Rings();
    private final long checkNanos;
    private final long retentionNanos;
    private LoadedObjects objects;
    private SlotTable slots;
    private long offsetMicros;
    private Optional<Cluster> daemon = Optional.empty();
    private Optional<SimulatedStore> store = Optional.empty();
    private Optional<Scheduler> scheduler = Optional.empty();
    private SimulatedScheduler.Kept kept = new SimulatedScheduler.Kept();
    /** What is on the disk for sure, where that is not {@link #kept} yet. */
    private SimulatedScheduler.Kept keptBefore = kept;

    private long keptNanos;
    private int daemonLife;
    private int schedulerLife;
    private boolean stuck;
    private boolean hangs;

    /** What a node sees of the world. */
    interface Surroundings extends SimulatedScheduler.Watcher {
        /** What a check of an object finds now. */
        int truth(MonitoredObject object);

        /** The same in a word: which problem it is. */
        String problem(MonitoredObject object);

        /** What checks say beside. */
        String words();

        /** Whether schedulers want to run checks at all. */
        boolean checking();

        /** A scheduler has begun, with what it had kept. */
        void onSchedulerStart(String node, List<Memory.Applied> applied);

        /** A message has come from the daemon to its module. */
        void onLocal(String node, Message message);
    }

    ChaosNode(
            World world,
            Network network,
            MerlinConf conf,
            LoadedObjects objects,
            long offsetMicros,
            long checkNanos,
            long retentionNanos,
            Surroundings around) {
        this.world = world;
        this.network = network;
        this.conf = conf;
        this.offsetMicros = offsetMicros;
        this.checkNanos = checkNanos;
        this.retentionNanos = retentionNanos;
        this.around = around;
        load(objects);
    }

    String name() {
        return conf.nodeName();
    }

    private String moduleName() {
        return name() + " module";
    }

    MerlinConf conf() {
        return conf;
    }

    /** Its merlin.conf is another one, of which its daemon is told if it runs. */
    void reconfigure(MerlinConf other) {
        conf = other;
        daemon.ifPresent(cluster -> cluster.reconfigure(conf, world.nowNanos()));
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** From the scheduler's next start on these are its objects. */
    void load(LoadedObjects other) {
        objects = other;
    }

    private static SlotTable slots(MerlinConf conf, LoadedObjects objects) {
        return SlotTable.of(
                objects.objects(),
                objects.hostgroups(),
                conf.nodes(NodeRole.POLLER).stream()
                        .map(MerlinConf.Node::selection)
                        .distinct()
                        .toList());
    }

    private long wallMicros() {
        return world.wallMicros() + offsetMicros;
    }

    /** Somebody sets its clock. */
    void setClock(long microsLate) {
        offsetMicros = microsLate;
    }

    // --- the daemon
    // -----------------------------------------------------------------------------------------------------

    void startDaemon() {
        if (daemon.isPresent()) {
            return;
        }
        int life = ++daemonLife;
        SimulatedStore fresh = new SimulatedStore(world, disk, what -> network.in(name(), what));
        Clocks clocks = new Clocks(world::nowNanos, this::wallMicros, world.random());
        Cluster cluster = new Cluster(conf, network.of(name()), fresh, rings, clocks, new Journal(world::nowNanos));
        fresh.listener(cluster);
        cluster.start();
        network.listen(name(), cluster);
        daemon = Optional.of(cluster);
        store = Optional.of(fresh);
        tick(cluster, life);
    }

    private void tick(Cluster cluster, int life) {
        if (life == daemonLife) {
            cluster.onTick(world.nowNanos());
            world.in(Cluster.TICK_NANOS, () -> network.in(name(), () -> tick(cluster, life)));
        }
    }

    void killDaemon() {
        daemonLife++;
        store.ifPresent(SimulatedStore::vanish);
        daemon = Optional.empty();
        store = Optional.empty();
        network.vanish(name());
    }

    // --- the scheduler
    // --------------------------------------------------------------------------------------------------

    /** A scheduler's process: the real module, stepped, and what drives it. */
    private final class Scheduler implements Dialer {
        private final int life = ++schedulerLife;
        private final SimulatedScheduler core;
        private final SteppedBroker module;
        private Optional<Wire> wire = Optional.empty();
        private boolean turnPlanned;

        Scheduler() {
            core = new SimulatedScheduler(
                    name(), objects, ChaosNode.this::wallMicros, kept.copy(), life, around, this::wake);
            module = new SteppedBroker(
                    () -> conf, core, core.memory(), core.revisions(), new WallClock(), world::nowNanos, this);
            core.begin(module);
            around.onSchedulerStart(name(), core.memory().applied());
            for (int i = 0; i < objects.entries().size(); i++) {
                int index = i;
                later(world.random().nextLong(checkNanos), () -> due(index));
            }
            later(0, this::stepOn);
            later(retentionNanos, this::keep);
            wake();
        }

        private void later(long nanos, Runnable what) {
            world.in(
                    nanos,
                    () -> network.in(moduleName(), () -> {
                        if (life == schedulerLife && scheduler.isPresent()) {
                            what.run();
                        }
                    }));
        }

        private void keep() {
            keptBefore = sure();
            kept = core.save();
            keptNanos = world.nowNanos();
            later(retentionNanos, this::keep);
        }

        private void due(int index) {
            later(checkNanos, () -> due(index));
            run(index);
        }

        private void run(int index) {
            if (around.checking() && !hangs && module.broker().mayRun(index) && !stuck) {
                later(50 * MILLI + world.random().nextLong(1_000 * MILLI), () -> {
                    if (!hangs && !stuck) {
                        MonitoredObject object = objects.entries().get(index).object();
                        core.found(index, around.truth(object), around.problem(object), around.words());
                        module.step();
                        wake();
                    }
                });
            }
        }

        private void wake() {
            if (!turnPlanned) {
                turnPlanned = true;
                later(MILLI, this::turn);
            }
        }

        private void turn() {
            turnPlanned = false;
            if (hangs) {
                later(100 * MILLI, this::wake);
                return;
            }
            boolean more = module.broker().onTurn(world.nowNanos());
            core.takeSoon().forEach(this::run);
            module.step();
            if (more) {
                wake();
            }
        }

        /** The sender's thread looks at its clock. */
        private void stepOn() {
            module.step();
            later(STEP_NANOS, this::stepOn);
        }

        @Override
        public Connection dial(Path socket) throws IOException {
            Cluster cluster = daemon.orElseThrow(() -> new IOException("nobody listens"));
            int ofDaemon = daemonLife;
            Network.End daemonEnd = network.local(name());
            wire = Optional.of(new Wire(this, daemonEnd.other));
            network.in(name(), () -> {
                if (ofDaemon == daemonLife) {
                    daemonEnd.listener = Optional.of(cluster.onModuleAccepted(daemonEnd, world.nowNanos()));
                    daemonEnd.deliver();
                }
            });
            return wire.get();
        }

        @Override
        public void read(BooleanSupplier step) {
            wire.ifPresent(open -> open.reading(step));
        }
    }

    /** The module's end of its socket. */
    private final class Wire implements Connection, LinkListener {
        private final Scheduler owner;
        private final Network.End end;
        private BooleanSupplier step = () -> false;
        private final MessageReader sniffer = new MessageReader();
        private ByteBuffer seen = ByteBuffer.allocate(0);
        private ByteBuffer received = ByteBuffer.allocate(0);
        private boolean over;

        Wire(Scheduler owner, Network.End end) {
            this.owner = owner;
            this.end = end;
            end.listener = Optional.of(this);
            end.raw = Optional.of(this::arrived);
        }

        void reading(BooleanSupplier with) {
            step = with;
        }

        private void arrived() {
            ByteBuffer fresh = end.take();
            sniff(fresh.duplicate());
            received = ByteBuffer.allocate(received.remaining() + fresh.remaining())
                    .put(received)
                    .put(fresh)
                    .flip();
            read();
            owner.module.step();
        }

        /** Until it has all, or takes no more because its scheduler hangs. */
        private void read() {
            int left = Integer.MAX_VALUE;
            while (!over && received.hasRemaining() && received.remaining() < left) {
                left = received.remaining();
                if (!step.getAsBoolean()) {
                    return;
                }
            }
            if (!over && received.hasRemaining()) {
                owner.later(ROOM_NANOS, this::read);
            }
        }

        private void sniff(ByteBuffer fresh) {
            seen = ByteBuffer.allocate(seen.remaining() + fresh.remaining())
                    .put(seen)
                    .put(fresh)
                    .flip();
            try {
                for (Optional<Message> next = sniffer.next(seen); next.isPresent(); next = sniffer.next(seen)) {
                    around.onLocal(name(), next.get());
                }
            } catch (MalformedPacketException e) {
                throw new AssertionError("a daemon sent what is no packet", e);
            }
        }

        @Override
        public int read(ByteBuffer into) {
            if (!received.hasRemaining()) {
                return over ? -1 : 0;
            }
            int bytes = Math.min(received.remaining(), into.remaining());
            into.put(received.slice(received.position(), bytes));
            received.position(received.position() + bytes);
            return bytes;
        }

        @Override
        public int write(ByteBuffer from) {
            if (!end.writable()) {
                return 0;
            }
            int bytes = from.remaining();
            end.send(from);
            from.position(from.limit());
            return bytes;
        }

        @Override
        public void shutdown() {
            over = true;
            end.close();
        }

        @Override
        public void close() {
            end.close();
        }

        @Override
        public void onMessage(Message message, long nowNanos) {
            throw new AssertionError("it reads bytes");
        }

        @Override
        public void onWritable(long nowNanos) {
            owner.module.step();
        }

        @Override
        public void onClosed(String why, long nowNanos) {
            over = true;
            step.getAsBoolean();
            owner.module.step();
        }
    }

    private final class WallClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            long micros = wallMicros();
            return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), 1000 * Math.floorMod(micros, 1_000_000L));
        }
    }

    void startScheduler() {
        if (scheduler.isEmpty()) {
            slots = slots(conf, objects);
            scheduler = Optional.of(new Scheduler());
        }
    }

    void killScheduler() {
        scheduler.ifPresent(running -> {
            scheduler = Optional.empty();
            schedulerLife++;
            running.module.kill();
            network.vanish(moduleName());
        });
        network.thaw(moduleName());
    }

    // --- both
    // -------------------------------------------------------------------------------------------------------------

    void start() {
        startDaemon();
        startScheduler();
    }

    void kill() {
        killScheduler();
        killDaemon();
    }

    /** Returns how many records of its log are lost. */
    int losePower() {
        network.lose(name());
        kill();
        kept = sure();
        return disk.losePower();
    }

    /** What it had is gone, but for the numbers of its runs; while it does not run. */
    void empty() {
        disk = new SimulatedDisk();
        rings = new SimulatedNode.Rings();
        kept = new SimulatedScheduler.Kept();
        keptBefore = kept;
    }

    /** No scheduler syncs its retention: the system writes it within some seconds. */
    private SimulatedScheduler.Kept sure() {
        return world.nowNanos() - keptNanos < WRITTEN_NANOS ? keptBefore : kept;
    }

    void freeze(boolean itsDaemon, boolean itsScheduler) {
        if (itsDaemon && daemon.isPresent()) {
            network.freeze(name());
        }
        if (itsScheduler && scheduler.isPresent()) {
            network.freeze(moduleName());
        }
    }

    void thaw() {
        network.thaw(name());
        network.thaw(moduleName());
    }

    /** Its checks bring no results, and it does not notice. */
    void stick(boolean on) {
        stuck = on;
    }

    boolean stuck() {
        return stuck;
    }

    /** Its scheduler's own thread does nothing, and its module lives. */
    void hang(boolean on) {
        hangs = on;
    }

    List<String> drain(String node, boolean on, boolean force) {
        List<String> reasons = new ArrayList<>();
        if (!network.isFrozen(name())) {
            daemon.ifPresent(cluster -> cluster.drain(node, on, force, world.nowNanos(), reasons::addAll));
        }
        return reasons;
    }

    /** Whether its daemon has taken what its log has not: it is with others, and not here. */
    boolean unwritten() {
        return store.filter(open -> open.waiting() > 0).isPresent();
    }

    /** Whether its daemon is there and takes nothing, so that its scheduler keeps what happened in memory. */
    boolean keepsWaiting() {
        return disk.isFull() || daemon.isPresent() && network.isFrozen(name());
    }

    /** Whether what it took is lost with its daemon, as its scheduler is gone, too. */
    boolean losesTail() {
        return scheduler.isEmpty() && unwritten();
    }

    // --- what is asked about it
    // -------------------------------------------------------------------------------------------

    Optional<Cluster> daemon() {
        return daemon;
    }

    boolean daemonRuns() {
        return daemon.isPresent() && !network.isFrozen(name());
    }

    /** Whether it can run checks and everybody can know that. */
    boolean able() {
        return daemonRuns() && schedulerRuns();
    }

    boolean schedulerRuns() {
        return scheduler.isPresent() && !network.isFrozen(moduleName()) && !hangs;
    }

    boolean hasScheduler() {
        return scheduler.isPresent();
    }

    Optional<ClusterView> view() {
        return daemon.map(cluster -> new StatusReport(cluster).view());
    }

    Optional<RunnerRule> rule() {
        return scheduler.map(running -> running.module.rule());
    }

    SlotTable slots() {
        return slots;
    }

    /** Place of an object in what its scheduler has loaded; -1 if it has not. */
    int indexOf(MonitoredObject object) {
        for (int i = 0; slots != null && i < slots.size(); i++) {
            if (slots.object(i).equals(object)) {
                return i;
            }
        }
        return -1;
    }

    boolean runs(int index) {
        return scheduler.filter(running -> running.module.runsHere(index)).isPresent();
    }

    SimulatedScheduler core() {
        return scheduler.orElseThrow().core;
    }

    /** What somebody at this node does, if its scheduler takes it. */
    void people(Consumer<SimulatedScheduler> what) {
        scheduler.filter(running -> schedulerRuns()).ifPresent(running -> {
            what.accept(running.core);
            running.module.step();
            running.wake();
        });
    }

    List<Memory.Applied> applied() {
        return scheduler.map(running -> running.module.applied()).orElse(List.of());
    }

    Map<String, String> shown() {
        return core().shown();
    }
}
