package org.merlin.tests.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.merlin.daemon.status.ClusterView;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.SlotTable;

/** Masters that are peers, and pollers of their own hostgroups, over one simulated world. */
final class SimulatedCluster {
    static final Duration DATA_TIMEOUT = Duration.ofSeconds(5);
    private static final int HOSTS = 12;
    /** No node's clock is right: up to ten minutes early or late. */
    private static final long CLOCKS_WRONG_MICROS = 600_000_000L;

    private final World world;
    private final Network network;
    private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
    private final List<MonitoredObject> objects = new ArrayList<>();
    private final Map<MonitoredObject, List<String>> hostgroups = new LinkedHashMap<>();

    SimulatedCluster(long seed, int masters, int pollers) {
        this(seed, masters, pollers, 0);
    }

    /** As many nodes {@code sub} below poller1, which is their master, too; each has one of its hosts. */
    SimulatedCluster(long seed, int masters, int pollers, int subs) {
        world = new World(seed);
        network = new Network(world);
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= masters; i++) {
            names.add("master" + i);
        }
        for (int i = 1; i <= pollers; i++) {
            names.add("poller" + i);
        }
        for (int i = 1; i <= subs; i++) {
            names.add("sub" + i);
        }
        for (int i = 0; i < HOSTS; i++) {
            objects.add(MonitoredObject.ofHost("host" + i));
            List<String> groups = new ArrayList<>();
            if (i < 3 * pollers) {
                groups.add("poller" + (1 + i / 3));
            }
            if (i < subs) {
                groups.add("sub" + (1 + i));
            }
            hostgroups.put(objects.get(i), groups);
        }
        SplittableRandom clocks = new SplittableRandom(~seed);
        for (String name : names) {
            MerlinConf conf = confOf(name, names);
            long offset = clocks.nextLong(-CLOCKS_WRONG_MICROS, CLOCKS_WRONG_MICROS);
            nodes.put(name, new SimulatedNode(world, network, conf, slots(name, objects, conf), offset));
        }
    }

    private SlotTable slots(String name, List<MonitoredObject> all, MerlinConf conf) {
        List<MonitoredObject> own = new ArrayList<>();
        List<List<String>> groups = new ArrayList<>();
        for (MonitoredObject object : all) {
            if (name.startsWith("master") || hostgroups.get(object).contains(name)) {
                own.add(object);
                groups.add(hostgroups.get(object));
            }
        }
        return SlotTable.of(own, groups, selections(conf));
    }

    static List<Selection> selections(MerlinConf conf) {
        return conf.nodes(NodeRole.POLLER).stream()
                .map(MerlinConf.Node::selection)
                .distinct()
                .toList();
    }

    /** Somebody edits a node's merlin.conf, and has its daemon read it. */
    void edit(String name, UnaryOperator<List<MerlinConf.Node>> edit) {
        SimulatedNode node = nodes.get(name);
        List<List<String>> groups = new ArrayList<>();
        for (int i = 0; i < node.slots().size(); i++) {
            groups.add(hostgroups.get(node.slots().object(i)));
        }
        node.reconfigure(conf(name, edit.apply(new ArrayList<>(node.conf().nodes()))), groups);
    }

    void remove(String from, String name) {
        edit(from, others -> {
            others.removeIf(other -> other.name().equals(name));
            return others;
        });
    }

    void add(String to, String name, NodeRole role) {
        edit(to, others -> {
            others.add(section(name, role));
            return others;
        });
    }

    private static int tier(String name) {
        return name.startsWith("master") ? 0 : name.startsWith("poller") ? 1 : 2;
    }

    private static MerlinConf confOf(String name, List<String> names) {
        List<MerlinConf.Node> others = new ArrayList<>();
        for (String other : names) {
            int tiers = tier(other) - tier(name);
            boolean related = tiers == 0 ? tier(name) == 0 : Math.abs(tiers) == 1;
            if (other.equals(name)
                    || !related
                    || name.startsWith("sub") && !other.equals("poller1")
                    || other.startsWith("sub") && !name.equals("poller1")) {
                continue;
            }
            NodeRole role = tiers < 0 ? NodeRole.MASTER : tiers == 0 ? NodeRole.PEER : NodeRole.POLLER;
            others.add(section(other, role));
        }
        return conf(name, others);
    }

    static MerlinConf.Node section(String name, NodeRole role) {
        return new MerlinConf.Node(
                name,
                role,
                name,
                1,
                true,
                DATA_TIMEOUT,
                role == NodeRole.POLLER ? Selection.of(List.of(name)) : new Selection(List.of()),
                true,
                true,
                MerlinConf.ObjectConfig.NONE);
    }

    private static MerlinConf conf(String name, List<MerlinConf.Node> others) {
        Path file = Path.of("/simulated/" + name + "/merlin.conf");
        MerlinConf.Log log = new MerlinConf.Log(Optional.empty(), false, "warn");
        return new MerlinConf(
                file,
                name,
                file.getParent(),
                new MerlinConf.Ipc(file.resolveSibling("ipc.sock"), Optional.empty()),
                Duration.ofSeconds(1),
                DATA_TIMEOUT,
                List.of(),
                others,
                new MerlinConf.Tls(false, file, file, file),
                log,
                new MerlinConf.Module(true, log),
                new MerlinConf.Daemon("127.0.0.1", 1, Optional.empty(), log),
                new MerlinConf.Scheduler(
                        file,
                        file,
                        file,
                        file,
                        Optional.empty(),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        64,
                        Duration.ofSeconds(60)),
                MerlinConf.ObjectConfig.NONE);
    }

    /** A node's scheduler is restarted, and loads what it is responsible for of these objects. */
    void load(String node, List<MonitoredObject> some) {
        nodes.get(node).load(slots(node, some, nodes.get(node).conf()));
    }

    /** Whether a node whose scheduler runs has loaded an object. */
    boolean anybodyHas(MonitoredObject object) {
        return nodes.values().stream().filter(node -> node.module().isPresent()).anyMatch(node -> has(node, object));
    }

    static boolean has(SimulatedNode node, MonitoredObject object) {
        for (int i = 0; i < node.slots().size(); i++) {
            if (node.slots().object(i).equals(object)) {
                return true;
            }
        }
        return false;
    }

    World world() {
        return world;
    }

    Network network() {
        return network;
    }

    SimulatedNode node(String name) {
        return nodes.get(name);
    }

    List<SimulatedNode> nodes() {
        return List.copyOf(nodes.values());
    }

    List<MonitoredObject> objects() {
        return objects;
    }

    void start() {
        nodes.values().forEach(node -> {
            node.startDaemon();
            node.startModule();
        });
    }

    /** Starts every process at a moment of its own within the given time. */
    void startInAnyOrder(Duration within) {
        for (SimulatedNode node : nodes.values()) {
            world.in(world.random().nextLong(within.toNanos()), node::startDaemon);
            world.in(world.random().nextLong(within.toNanos()), node::startModule);
        }
    }

    void run(Duration duration) {
        world.run(duration.toNanos());
    }

    /** Names of the nodes that run an object's check now. */
    List<String> runnersOf(MonitoredObject object) {
        List<String> runners = new ArrayList<>();
        for (SimulatedNode node : nodes.values()) {
            for (int i = 0; i < node.slots().size(); i++) {
                if (node.slots().object(i).equals(object) && node.runs(i)) {
                    runners.add(node.name());
                }
            }
        }
        return runners;
    }

    /** All checks are due: every node that runs one finds a result. */
    void checkEverything() {
        for (SimulatedNode node : nodes.values()) {
            for (int i = 0; i < node.slots().size(); i++) {
                if (node.checks(i)) {
                    node.module().orElseThrow().result(result(node.slots().object(i)), i);
                }
            }
        }
    }

    private CheckResult result(MonitoredObject object) {
        long now = world.wallMicros();
        return new CheckResult(
                object,
                0,
                StateType.HARD,
                1,
                3,
                CheckType.ACTIVE,
                CheckResult.Output.of("OK"),
                new CheckResult.Timing(now, now, 0, 0, now),
                new CheckResult.History(0, 0, now, now, CheckResult.LastTimes.NEVER.with(0, now), 0, 0, 0, 0, false, 0),
                CheckResult.NotificationCount.NONE);
    }

    /** The ring of the peers as a node's daemon has it. */
    List<String> ring(String node) {
        return nodes.get(node).view().orElseThrow().rings().get(0).ring();
    }

    /** How long ago a node got or found the last result of an object, in seconds; of one that it does not have, 0. */
    long secondsWithoutResult(SimulatedNode node, MonitoredObject object) {
        for (int i = 0; i < node.slots().size(); i++) {
            if (node.slots().object(i).equals(object)) {
                return (world.nowNanos() - node.kept().lastResultNanos.getOrDefault(i, 0L)) / 1_000_000_000L;
            }
        }
        return 0;
    }

    /** Lets time pass until all agree; nodes that came and went are kept out of rings for up to ten minutes. */
    void settle() {
        run(Duration.ofSeconds(120));
        for (int i = 0; i < 60 && !settled(); i++) {
            run(Duration.ofSeconds(10));
        }
    }

    boolean settled() {
        return nodes.values().stream()
                .allMatch(node -> node.view()
                        .filter(view -> view.verdict() == 0 && !view.handover())
                        .isPresent());
    }

    String picture() {
        StringBuilder text = new StringBuilder();
        for (SimulatedNode node : nodes.values()) {
            ClusterView view = node.view().orElse(null);
            text.append(node.name())
                    .append(": ")
                    .append(view == null ? "away" : view.sentence() + " " + view.rings())
                    .append('\n');
        }
        return text.toString();
    }
}
