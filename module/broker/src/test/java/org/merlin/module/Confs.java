package org.merlin.module;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/** Builds configurations; fills in what a test does not care about. */
public final class Confs {
    private final Path stateDir;
    private final String name;
    private final List<MerlinConf.Node> nodes = new ArrayList<>();
    private List<String> blocked = List.of();
    private Duration pulse = Duration.ofMillis(100);
    private Duration dataTimeout = Duration.ofSeconds(2);

    private Confs(String name, Path stateDir) {
        this.name = name;
        this.stateDir = stateDir;
    }

    public static Confs aConf(String name, Path stateDir) {
        return new Confs(name, stateDir);
    }

    public Confs peer(String peer) {
        return node(peer, NodeRole.PEER, Selection.of(List.of()), true);
    }

    public Confs poller(String poller, String hostgroup, boolean takeover) {
        return node(poller, NodeRole.POLLER, Selection.of(List.of(hostgroup)), takeover);
    }

    public Confs master(String master) {
        return node(master, NodeRole.MASTER, Selection.of(List.of()), true);
    }

    private Confs node(String node, NodeRole role, Selection selection, boolean takeover) {
        nodes.add(new MerlinConf.Node(
                node, role, node, 1, true, dataTimeout, selection, takeover, true, MerlinConf.ObjectConfig.NONE));
        return this;
    }

    public Confs blocking(String hostgroup) {
        blocked = List.of(hostgroup);
        return this;
    }

    public Confs dataTimeout(Duration timeout) {
        dataTimeout = timeout;
        return this;
    }

    public MerlinConf build() {
        MerlinConf.Log log = new MerlinConf.Log(Optional.empty(), false, "info");
        return new MerlinConf(
                stateDir.resolve("merlin.conf"),
                name,
                stateDir,
                new MerlinConf.Ipc(stateDir.resolve("ipc.sock"), Optional.empty()),
                pulse,
                dataTimeout,
                blocked,
                nodes,
                new MerlinConf.Tls(false, stateDir, stateDir, stateDir),
                log,
                new MerlinConf.Module(true, log),
                new MerlinConf.Daemon("127.0.0.1", 0, Optional.empty(), log),
                new MerlinConf.Scheduler(
                        stateDir,
                        stateDir,
                        stateDir,
                        stateDir,
                        Optional.empty(),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        64,
                        Duration.ofSeconds(60)),
                MerlinConf.ObjectConfig.NONE);
    }
}
