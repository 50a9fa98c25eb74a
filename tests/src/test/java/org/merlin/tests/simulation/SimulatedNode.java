package org.merlin.tests.simulation;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.daemon.cluster.BacklogReport;
import org.merlin.daemon.cluster.Clocks;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.cluster.RingMemory;
import org.merlin.daemon.cluster.StatusReport;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.status.ClusterView;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.slot.SlotTable;

/** A node: the real cluster code over a simulated network, log and scheduler. Disk and retention survive its processes. */
final class SimulatedNode {
    private final World world;
    private final Network network;
    private MerlinConf conf;
    private SlotTable slots;
    private final long offsetMicros;
    private SimulatedDisk disk = new SimulatedDisk();
    private SimulatedModule.Kept kept = new SimulatedModule.Kept();
    private Rings rings = new Rings();
    private Optional<Cluster> daemon = Optional.empty();
    private Optional<SimulatedStore> store = Optional.empty();
    private Optional<SimulatedModule> module = Optional.empty();
    private final List<String> silent = new ArrayList<>();
    private int life;
    private long startedNanos;
    private long findsNanos;

    /** The file with the last rings. */
    static final class Rings implements RingMemory {
        private Map<Integer, List<String>> saved = Map.of();
        private boolean drained;

        @Override
        public Map<Integer, List<String>> load() {
            return saved;
        }

        @Override
        public boolean drained() {
            return drained;
        }

        @Override
        public void drained(boolean on) {
            drained = on;
        }

        @Override
        public void save(Map<Integer, List<String>> rings) {
            saved = new HashMap<>(rings);
        }
    }

    /** {@code offsetMicros}: how wrong its clock is. */
    SimulatedNode(World world, Network network, MerlinConf conf, SlotTable slots, long offsetMicros) {
        this.world = world;
        this.network = network;
        this.conf = conf;
        this.slots = slots;
        this.offsetMicros = offsetMicros;
    }

    /** The time of day as this node has it, microseconds since 1970. */
    private long wallMicros() {
        return world.wallMicros() + offsetMicros;
    }

    String name() {
        return conf.nodeName();
    }

    MerlinConf conf() {
        return conf;
    }

    void startDaemon() {
        SimulatedStore fresh = new SimulatedStore(world, disk);
        Clocks clocks = new Clocks(world::nowNanos, this::wallMicros, world.random());
        Cluster cluster = new Cluster(conf, network.of(name()), fresh, rings, clocks, new Journal(world::nowNanos));
        cluster.whenSilent(silent::addAll);
        fresh.listener(cluster);
        cluster.start();
        network.listen(name(), cluster);
        daemon = Optional.of(cluster);
        store = Optional.of(fresh);
        startedNanos = world.nowNanos();
        world.in(findsNanos, this::connectModule);
        tick(cluster, ++life);
    }

    private void tick(Cluster cluster, int ofLife) {
        if (life == ofLife && daemon.isPresent()) {
            cluster.onTick(world.nowNanos());
            connectModule();
            world.in(Cluster.TICK_NANOS, () -> tick(cluster, ofLife));
        }
    }

    /**
     * Its merlin.conf is another one, of which its daemon is told if it runs.
     *
     * @param hostgroups of its objects, in their order
     */
    void reconfigure(MerlinConf other, List<List<String>> hostgroups) {
        conf = other;
        if (module.isEmpty()) {
            slots.regroup(hostgroups, SimulatedCluster.selections(conf));
        } else {
            module.get().file(conf, hostgroups);
        }
        daemon.ifPresent(cluster -> cluster.reconfigure(conf, world.nowNanos()));
    }

    /** Which pollers its daemon wanted to have removed, since they are silent for so long. */
    List<String> silentPollers() {
        return silent;
    }

    /** The scheduler is restarted, and loads other lists. */
    void load(SlotTable newSlots) {
        killModule();
        slots = newSlots;
        startModule();
    }

    void startModule() {
        module = Optional.of(new SimulatedModule(world, this::wallMicros, conf, slots, kept));
        connectModule();
    }

    /** From now on its module finds a daemon that has started only after a while, as it does where it looks now and then. */
    void findDaemonAfter(Duration after) {
        findsNanos = after.toNanos();
    }

    private void connectModule() {
        if (world.nowNanos() - startedNanos < findsNanos) {
            return; // with a later tick
        }
        daemon.ifPresent(cluster -> module.filter(running -> !running.connected())
                .ifPresent(
                        running -> running.connect(network, link -> cluster.onModuleAccepted(link, world.nowNanos()))));
    }

    void killDaemon() {
        life++;
        store.ifPresent(SimulatedStore::vanish);
        daemon = Optional.empty();
        network.vanish(name());
    }

    void killModule() {
        module.ifPresent(SimulatedModule::vanish);
        module = Optional.empty();
    }

    void kill() {
        killModule();
        killDaemon();
    }

    /** Somebody empties its disk, while it does not run: all but what tells epochs apart. */
    void empty() {
        int lastEpoch = kept.lastEpoch;
        disk = new SimulatedDisk();
        kept = new SimulatedModule.Kept();
        kept.lastEpoch = lastEpoch;
        rings = new Rings();
    }

    /** The power failed, while it did not run any more: the newest records of its log were not on the disk. */
    void loseTail(int records) {
        disk.loseTail(records);
    }

    /** What its daemon holds of everything, in an order of its own. */
    List<ByteBuffer> state() {
        return daemon.orElseThrow().state().sorted();
    }

    /** Drops what waits for another node. */
    void dropBacklogOf(String node) {
        new BacklogReport(daemon.orElseThrow()).drop(node, 0, answer -> {});
    }

    Optional<SimulatedModule> module() {
        return module;
    }

    /** Asks this node's daemon to drain a node, or to undo it; the list tells why not, once it is known. */
    List<String> drain(String node, boolean on, boolean force) {
        List<String> reasons = new ArrayList<>();
        daemon.ifPresent(cluster -> cluster.drain(node, on, force, world.nowNanos(), reasons::addAll));
        return reasons;
    }

    /** Why this node's daemon would not have a node stopped now. */
    List<String> whyNotStop(String node) {
        return daemon.orElseThrow().whyNotStop(node);
    }

    Optional<ClusterView> view() {
        return daemon.map(cluster -> new StatusReport(cluster).view());
    }

    SimulatedModule.Kept kept() {
        return kept;
    }

    SlotTable slots() {
        return slots;
    }

    boolean checks(int index) {
        return module.filter(running -> running.checks(index)).isPresent();
    }

    boolean runs(int index) {
        return module.filter(running -> running.runs(index)).isPresent();
    }
}
