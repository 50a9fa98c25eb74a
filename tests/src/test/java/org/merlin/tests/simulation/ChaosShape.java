package org.merlin.tests.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/**
 * What a cluster is made of, by its seed: masters that are peers, poller groups of one or two, and below the first of them a
 * node of a third tier. Nodes of a group are named by it.
 *
 * @param takeover by poller group, whether masters run its checks
 * @param smallBounds whether so little is kept for who is away that something is dropped
 * @param longWords bytes of a result beside the usual ones
 */
record ChaosShape(
        int masters,
        List<Integer> pollers,
        boolean thirdTier,
        List<Boolean> takeover,
        boolean silentMinority,
        boolean smallBounds,
        int longWords,
        int seconds) {
    static final Duration DATA_TIMEOUT = Duration.ofSeconds(5);
    private static final int HOSTS = 8;
    private static final int HOSTS_OF_A_GROUP = 3;

    static ChaosShape of(SplittableRandom random) {
        int masters = random.nextInt(4) == 0 ? 5 + random.nextInt(3) : 2 + random.nextInt(3);
        List<Integer> pollers = new ArrayList<>();
        List<Boolean> takeover = new ArrayList<>();
        int groups = masters > 4 ? random.nextInt(2) : random.nextInt(3);
        for (int i = 0; i < groups; i++) {
            pollers.add(1 + random.nextInt(2));
            takeover.add(random.nextInt(5) > 0);
        }
        return new ChaosShape(
                masters,
                pollers,
                groups > 0 && random.nextInt(3) == 0,
                takeover,
                random.nextInt(6) == 0,
                random.nextInt(8) == 0,
                random.nextInt(16) == 0 ? 20_000 : 0,
                90 + random.nextInt(150));
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= masters; i++) {
            names.add("master" + i);
        }
        for (int group = 0; group < pollers.size(); group++) {
            for (int i = 1; i <= pollers.get(group); i++) {
                names.add(title(group) + i);
            }
        }
        if (thirdTier) {
            names.add("sub1");
        }
        return names;
    }

    private static String title(int group) {
        return "poller" + (char) ('A' + group);
    }

    static boolean isMaster(String name) {
        return name.startsWith("master");
    }

    static String group(String name) {
        return name.replaceAll("[0-9]+$", "");
    }

    private static int tier(String name) {
        return isMaster(name) ? 0 : name.startsWith("poller") ? 1 : 2;
    }

    /** All hosts with their groups, which have the names of poller groups. */
    List<LoadedObjects.Entry> hosts() {
        List<LoadedObjects.Entry> all = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            all.add(new LoadedObjects.Entry(MonitoredObject.ofHost("host" + i), List.of()));
        }
        for (int group = 0; group < pollers.size(); group++) {
            for (int i = 0; i < HOSTS_OF_A_GROUP; i++) {
                List<String> groups =
                        thirdTier && group == 0 && i == 0 ? List.of(title(group), "sub") : List.of(title(group));
                all.add(new LoadedObjects.Entry(MonitoredObject.ofHost("site" + group + i), groups));
            }
        }
        return all;
    }

    /** What a node has loaded; one host less, if it has another list. */
    LoadedObjects objects(String name, Optional<String> without) {
        return new LoadedObjects(
                entriesOf(name)
                        .filter(host ->
                                !without.equals(Optional.of(host.object().name())))
                        .toList(),
                ConfigStamp.UNKNOWN);
    }

    private Stream<LoadedObjects.Entry> entriesOf(String name) {
        return hosts().stream()
                .filter(host -> isMaster(name) || host.hostgroups().contains(group(name)));
    }

    /** Names of the hosts that a node is to have. */
    List<String> hostsOf(String name) {
        return entriesOf(name).map(host -> host.object().name()).toList();
    }

    private boolean related(String name, String other) {
        int tiers = tier(other) - tier(name);
        if (tiers == 0) {
            return group(name).equals(group(other));
        }
        boolean sub = tier(name) == 2 || tier(other) == 2;
        return Math.abs(tiers) == 1 && (!sub || name.startsWith("pollerA") || other.startsWith("pollerA"));
    }

    /** Neighbours of a node, in the order of its file. */
    List<String> neighbours(String name) {
        return names().stream()
                .filter(other -> !other.equals(name) && related(name, other))
                .toList();
    }

    boolean takesOver(String object) {
        return !object.startsWith("site") || takeover.get(object.charAt(4) - '0');
    }

    MerlinConf conf(String name, Path stateDir) {
        MerlinConf.Backlog backlog = smallBounds
                ? new MerlinConf.Backlog(12_000, Duration.ofDays(1), 0)
                : new MerlinConf.Backlog(64 << 20, Duration.ofDays(14), 0);
        List<MerlinConf.Node> others = new ArrayList<>();
        for (String other : neighbours(name)) {
            int tiers = tier(other) - tier(name);
            NodeRole role = tiers < 0 ? NodeRole.MASTER : tiers == 0 ? NodeRole.PEER : NodeRole.POLLER;
            boolean poller = role == NodeRole.POLLER;
            others.add(new MerlinConf.Node(
                    other,
                    role,
                    other,
                    1,
                    true,
                    DATA_TIMEOUT,
                    poller ? Selection.of(List.of(group(other))) : new Selection(List.of()),
                    !other.startsWith("poller") || takeover.get(group(other).charAt(6) - 'A'),
                    true,
                    MerlinConf.ObjectConfig.NONE,
                    backlog,
                    Duration.ZERO));
        }
        Path file = stateDir.resolve("merlin.conf");
        MerlinConf.Log log = new MerlinConf.Log(Optional.empty(), false, "warn");
        return new MerlinConf(
                file,
                name,
                stateDir,
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
                MerlinConf.ObjectConfig.NONE,
                smallBounds ? 200_000 : MerlinConf.Backlog.DEFAULT_LOG_BYTES,
                backlog,
                new MerlinConf.Sharing(Duration.ofSeconds(30), silentMinority, Duration.ofSeconds(30)),
                MerlinConf.Oconf.below(stateDir),
                Optional.empty(),
                List.of());
    }
}
