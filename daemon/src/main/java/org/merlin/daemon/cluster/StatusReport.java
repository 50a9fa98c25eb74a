package org.merlin.daemon.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.ConfigView;
import org.merlin.daemon.status.NodeView;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeRole;

/** Draws the picture that status displays show. Confined to the cluster loop; each picture is immutable. */
public final class StatusReport {
    private final Cluster cluster;

    public StatusReport(Cluster cluster) {
        this.cluster = cluster;
    }

    /** This moment, microseconds since 1970. */
    public long nowMicros() {
        return cluster.clocks().wallMicros().getAsLong();
    }

    /** Silence after which a node counts as gone. */
    public Duration dataTimeout() {
        return cluster.conf().dataTimeout();
    }

    /** The cluster as it is now. */
    public ClusterView view() {
        long nowMicros = nowMicros();
        List<NodeView> nodes = new ArrayList<>();
        nodes.add(self(nowMicros));
        for (int i = 0; i < cluster.nodes().size(); i++) {
            nodes.add(other(i + 1, cluster.nodes().get(i), nowMicros));
        }
        long unassigned = figure(ownFigures(), "hosts_unassigned") + figure(ownFigures(), "services_unassigned");
        long overdue = figure(ownFigures(), "hosts_overdue") + figure(ownFigures(), "services_overdue");
        Verdict verdict = verdict(nodes, unassigned, overdue);
        Optional<NodeInfo> ours = cluster.module().info();
        return new ClusterView(
                1,
                cluster.selfName(),
                verdict.status(),
                verdict.sentence(),
                cluster.rings().handover(),
                ours.map(NodeInfo::hosts).orElse(0),
                ours.map(NodeInfo::services).orElse(0),
                unassigned,
                rings(),
                new ClusterView.Log(
                        cluster.store().end() - cluster.store().start(),
                        cluster.store().bytes(),
                        cluster.flow().eventsTaken(),
                        cluster.flow().duplicates(),
                        cluster.flow().gaps(),
                        cluster.store().roomy(),
                        cluster.state().size(),
                        cluster.state().bytes(),
                        cluster.mending()),
                List.of(),
                nodes);
    }

    private record Verdict(int status, String sentence) {}

    private Verdict verdict(List<NodeView> nodes, long unassigned, long overdue) {
        List<NodeView> others = nodes.subList(1, nodes.size());
        List<String> away = others.stream()
                .filter(node -> !node.active())
                .map(NodeView::name)
                .toList();
        if (unassigned > 0) {
            return new Verdict(2, unassigned + " checks are run by nobody");
        }
        if (!others.isEmpty() && away.size() == others.size()) {
            return new Verdict(2, "all other nodes are away: " + String.join(", ", away));
        }
        if (!nodes.get(0).active()) {
            return new Verdict(2, "our own scheduler is away");
        }
        if (!away.isEmpty()) {
            return new Verdict(1, "away: " + String.join(", ", away));
        }
        List<String> outOfSync = others.stream()
                .filter(node -> !node.inSync())
                .map(NodeView::name)
                .toList();
        if (!outOfSync.isEmpty()) {
            return new Verdict(1, "out of sync: " + String.join(", ", outOfSync));
        }
        List<String> keptOut = cluster.nodes().stream()
                .filter(cluster.rings()::keepsOut)
                .map(node -> node.id().name())
                .toList();
        if (!keptOut.isEmpty()) {
            return new Verdict(1, "kept out of the ring since it came and went: " + String.join(", ", keptOut));
        }
        if (overdue > 0) {
            return new Verdict(1, overdue + " checks are overdue: mon assign list --expired");
        }
        return new Verdict(0, others.isEmpty() ? "this node is active, alone" : "all nodes are active");
    }

    private List<ClusterView.RingState> rings() {
        List<ClusterView.RingState> rings = new ArrayList<>();
        for (Rings.GroupRing group :
                cluster.rings().rings(false, List.of(), false).groups()) {
            rings.add(new ClusterView.RingState(
                    cluster.rings().title(group.selection()),
                    group.ring(),
                    group.agreed(),
                    group.kept(),
                    cluster.rings().handover(group.selection()),
                    !group.lists().differ() ? "same" : group.lists().plan() == 0 ? "different" : "by hash"));
        }
        return rings;
    }

    private Map<String, Long> ownFigures() {
        return cluster.module().pulse().map(Pulse::figures).orElse(Map.of());
    }

    private NodeView self(long nowMicros) {
        ModuleSeat module = cluster.module();
        boolean active = module.active();
        Optional<NodeInfo> info = module.info();
        List<String> warnings = new ArrayList<>();
        if (!module.connected()) {
            warnings.add("no scheduler is connected at " + cluster.conf().ipc().socket());
        } else if (!active) {
            warnings.add("the scheduler's own thread does not answer");
        }
        if (!cluster.store().roomy()) {
            warnings.add("the event log takes nothing: see the daemon's log");
        }
        if (cluster.minority().silent()) {
            warnings.add("it sees less than half of its peers, and tells contacts nothing (minority = silent)");
        }
        return new NodeView(
                0,
                cluster.selfName(),
                "local",
                (active ? NodeStatus.ACTIVE : NodeStatus.CONNECTED).word(),
                active,
                cluster.drains().on(),
                cluster.conf().daemon().address(),
                cluster.conf().daemon().port(),
                "local ipc",
                false,
                List.of(),
                cluster.rings().own().names().indexOf(cluster.selfName()),
                active(NodeRole.PEER),
                cluster.conf().nodes(NodeRole.PEER).size(),
                0,
                0,
                info.map(NodeInfo::scheduler).orElse(""),
                info.map(known -> Integer.toUnsignedLong(known.epoch())).orElse(0L),
                info.map(known -> seconds(nowMicros - known.startMicros())).orElse(0.0),
                info.map(known -> seconds(nowMicros - known.startMicros())).orElse(0.0),
                0,
                backlog(module.feed().distance(), nowMicros),
                shares(ownFigures(), info),
                info.map(NodeInfo::config).orElse(ConfigStamp.UNKNOWN).sha1(),
                info.map(NodeInfo::config).orElse(ConfigStamp.UNKNOWN).newestMtimeSeconds(),
                true,
                warnings,
                "",
                ownFigures(),
                ConfigReport.own(info));
    }

    private int active(NodeRole role) {
        return (int) cluster.nodes().stream()
                .filter(node -> node.conf().role() == role && node.activeInRing())
                .count();
    }

    private NodeView other(int number, Node node, long nowMicros) {
        Optional<NodeInfo> info = node.info();
        Map<String, Long> figures = node.pulse().map(Pulse::figures).orElse(Map.of());
        List<String> warnings = new ArrayList<>(cluster.warningsOf(node));
        boolean otherLists = cluster.rings().hasOtherLists(node);
        ConfigView config = new ConfigReport(cluster.configs()).of(node, nowMicros);
        if (otherLists) {
            warnings.add("it has loaded other objects than we have: "
                    + (cluster.rings().knowsListsWith(node)
                            ? "until they agree the checks are shared by hash, and mails wait a little"
                            : "the checks are run twice until they agree, or are known"));
        }
        if (node.arrives() && !node.seen()) {
            warnings.add("its packets arrive here, but it does not see us");
        }
        List<String> by = cluster.hearsay().by(node);
        if (!by.isEmpty()) {
            warnings.add("no link with it; it is active, and reached by way of " + String.join(", ", by));
        }
        if (cluster.rings().keepsOut(node)) {
            warnings.add("it came and went: it is kept out of the ring until it has been quiet for a while");
        }
        NodeInfo.Counts counts = info.map(NodeInfo::counts).orElse(NodeInfo.Counts.NONE);
        return new NodeView(
                number,
                node.id().name(),
                node.conf().role().word(),
                node.status().word(),
                node.activeInRing(),
                node.drained(),
                node.conf().address(),
                node.conf().port(),
                node.remote(),
                cluster.conf().tls().enabled() && node.arrives(),
                node.conf().selection().hostgroups(),
                placeOf(node),
                counts.activePeers(),
                counts.configuredPeers(),
                node.roundTrip().known() ? node.roundTrip().latencyMicros() / 1000.0 : 0,
                node.roundTrip().known() ? node.roundTrip().offsetMicros() / 1000.0 : 0,
                info.map(NodeInfo::scheduler).orElse(""),
                info.map(known -> Integer.toUnsignedLong(known.epoch())).orElse(0L),
                info.map(known -> seconds(nowMicros - known.startMicros())).orElse(0.0),
                node.connectedMicros() == 0 ? 0 : seconds(nowMicros - node.connectedMicros()),
                node.lastHeardMicros() == 0 ? 0 : seconds(nowMicros - node.lastHeardMicros()),
                backlog(node.distance(), nowMicros),
                shares(figures, info),
                info.map(NodeInfo::config).orElse(ConfigStamp.UNKNOWN).sha1(),
                info.map(NodeInfo::config).orElse(ConfigStamp.UNKNOWN).newestMtimeSeconds(),
                !otherLists && config.inSync(),
                warnings,
                node.arrives() ? "" : node.lastTrouble(),
                new TreeMap<>(figures),
                config);
    }

    private int placeOf(Node node) {
        return cluster.rings().rings(false, List.of(), false).groups().stream()
                .map(group -> group.ring().indexOf(node.id().name()))
                .filter(place -> place >= 0)
                .findFirst()
                .orElse(-1);
    }

    private static NodeView.Backlog backlog(Feed.Distance distance, long nowMicros) {
        return new NodeView.Backlog(
                distance.events(),
                distance.bytes(),
                distance.oldestMicros() == 0 ? 0 : Math.max(0, seconds(nowMicros - distance.oldestMicros())),
                distance.dropped());
    }

    private static NodeView.Shares shares(Map<String, Long> figures, Optional<NodeInfo> info) {
        return new NodeView.Shares(
                figure(figures, "hosts_mine"),
                figure(figures, "services_mine"),
                figure(figures, "hosts_last_here"),
                figure(figures, "services_last_here"),
                figure(figures, "hosts_run"),
                figure(figures, "services_run"),
                info.map(NodeInfo::hosts).orElse(0),
                info.map(NodeInfo::services).orElse(0));
    }

    private static long figure(Map<String, Long> figures, String name) {
        return figures.getOrDefault(name, 0L);
    }

    private static double seconds(long micros) {
        return micros / 1_000_000.0;
    }
}
