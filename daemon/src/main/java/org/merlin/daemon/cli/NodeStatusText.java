package org.merlin.daemon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.NodeView;

/** Prints what {@code mon node status} shows, in the layout that users of the C original know. */
final class NodeStatusText {
    private static final double QUIET_SECONDS = 30;
    private static final double SLOW_MS = 5000;
    private static final double ODD_CLOCK_MS = 1000;

    private NodeStatusText() {}

    static void print(PrintWriter out, ClusterView cluster) {
        out.println(verdict(cluster));
        out.printf(Locale.ROOT, "Total checks (host / service): %d / %d%n", cluster.hosts(), cluster.services());
        for (ClusterView.RingState ring : cluster.rings()) {
            out.println(ring(ring));
        }
        cluster.databases().forEach(database -> out.println(database(database)));
        for (NodeView node : cluster.nodes()) {
            out.println();
            print(out, node, cluster);
        }
        out.flush();
    }

    private static String verdict(ClusterView cluster) {
        String sentence = cluster.name() + ": " + cluster.sentence();
        return switch (cluster.verdict()) {
            case 0 -> Colours.good("OK - " + sentence);
            case 1 -> Colours.warning("WARNING - " + sentence);
            default -> Colours.bad("CRITICAL - " + sentence);
        };
    }

    private static String database(ClusterView.Database database) {
        String where = "Database " + database.title() + ": ";
        return where
                + switch (database.state()) {
                    case "away" ->
                        Colours.bad("away") + ", what is to be written waits in the log (" + database.problem() + ")";
                    case "writing" ->
                        "written by this node"
                                + (database.lagEvents() == 0
                                        ? ""
                                        : String.format(
                                                Locale.ROOT,
                                                ", %d events, %.1f s behind",
                                                database.lagEvents(),
                                                database.lagSeconds()));
                    case "standby" -> "written by " + database.writer();
                    default -> "not asked yet";
                };
    }

    private static String ring(ClusterView.RingState ring) {
        String names = ring.ring().isEmpty() ? "nobody" : String.join(", ", ring.ring());
        String state = !ring.agreed()
                ? Colours.warning("not agreed yet: checks run twice rather than never")
                : ring.handover() ? Colours.warning("handover under way") : "agreed";
        state += switch (ring.lists()) {
            case "by hash" -> Colours.warning(", different lists: by hash among those that have an object");
            case "different" -> Colours.warning(", different lists, not all known yet");
            default -> "";
        };
        return "Ring of " + ring.title() + ": " + names + " (" + state + ")";
    }

    private static void print(PrintWriter out, NodeView node, ClusterView cluster) {
        out.println(headline(node));
        node.warnings().forEach(warning -> out.println("  " + Colours.warning(warning)));
        ConfigSyncText.lines(node.config()).forEach(line -> out.println("  " + line));
        if (!node.trouble().isEmpty()) {
            out.println("  " + Colours.warning(node.trouble()));
        }
        if (node.connectedSeconds() == 0 && !node.type().equals("local")) {
            out.println("  Last alive: " + lastAlive(node));
            out.println("  Backlog: " + backlog(node));
            return;
        }
        out.println("  Uptime: " + duration(node.uptimeSeconds()) + ". Connected: " + duration(node.connectedSeconds())
                + ". Last alive: " + lastAlive(node) + (node.scheduler().isEmpty() ? "" : ". " + node.scheduler()));
        if (node.latencyMs() > 0 || node.clockOffsetMs() != 0) {
            out.println("  Clock: " + offset(node.clockOffsetMs()));
        }
        out.println("  Backlog: " + backlog(node));
        NodeView.Shares shares = node.shares();
        out.println("  "
                + checks(
                        "Host checks   ",
                        shares.hostsMine(),
                        shares.hostsHandled(),
                        shares.hostsTotal(),
                        cluster.hosts(),
                        shares.hostsRun()));
        out.println("  "
                + checks(
                        "Service checks",
                        shares.servicesMine(),
                        shares.servicesHandled(),
                        shares.servicesTotal(),
                        cluster.services(),
                        shares.servicesRun()));
    }

    private static String headline(NodeView node) {
        String place = node.peerId() < 0 ? "-" : Integer.toString(node.peerId());
        String start = String.format(
                Locale.ROOT,
                "#%02d %s/%d:%d %s %s: ",
                node.instanceId(),
                place,
                node.activePeers(),
                node.configuredPeers(),
                node.type(),
                node.name());
        if (!node.active()) {
            return Colours.heading(start) + Colours.bad("INACTIVE") + " (" + node.state() + ")";
        }
        String latency = String.format(Locale.ROOT, "%.3fs latency", node.latencyMs() / 1000);
        String line = Colours.heading(start) + Colours.good("ACTIVE") + (node.drained() ? ", DRAINED" : "") + " - "
                + (node.latencyMs() > SLOW_MS ? Colours.warning(latency) : latency);
        return node.type().equals("local") ? line : line + (node.encrypted() ? " - ENCRYPTED" : " - UNENCRYPTED");
    }

    private static String lastAlive(NodeView node) {
        if (node.type().equals("local")) {
            return "now";
        }
        if (node.lastAliveSeconds() == 0) {
            return Colours.bad("unknown");
        }
        String ago = duration(node.lastAliveSeconds()) + " ago";
        return node.lastAliveSeconds() < QUIET_SECONDS ? Colours.good(ago) : Colours.bad(ago);
    }

    private static String offset(double ms) {
        String text = String.format(Locale.ROOT, "%+.3fs against ours", ms / 1000);
        return Math.abs(ms) > ODD_CLOCK_MS ? Colours.warning(text) : text;
    }

    private static String backlog(NodeView node) {
        NodeView.Backlog backlog = node.backlog();
        String dropped = backlog.dropped() == 0 ? "" : ", " + Colours.bad(backlog.dropped() + " dropped at its bounds");
        return (backlog.events() == 0
                        ? "empty"
                        : Colours.warning(String.format(
                                Locale.ROOT,
                                "%d events, %d bytes, oldest %s old",
                                backlog.events(),
                                backlog.bytes(),
                                duration(backlog.oldestSeconds()))))
                + dropped;
    }

    private static String checks(String what, long share, long handled, long total, long all, long run) {
        return String.format(
                Locale.ROOT,
                "%s (share, handled, total): %d, %d, %d (%.0f%% : %.0f%%), %d run",
                what,
                share,
                handled,
                total,
                percent(handled, total),
                percent(handled, Math.max(total, all)), // a master has more than a poller that looks at it
                run);
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    /** As {@code 1w 2d 3h 4m 5s}, from the largest unit that is not 0. */
    static String duration(double seconds) {
        long left = (long) seconds;
        List<String> parts = new ArrayList<>();
        long[] units = {604_800, 86_400, 3_600, 60};
        String[] names = {"w", "d", "h", "m"};
        for (int i = 0; i < units.length; i++) {
            if (left >= units[i] || !parts.isEmpty()) {
                parts.add(left / units[i] + names[i]);
                left %= units[i];
            }
        }
        parts.add(left + "s");
        return String.join(" ", parts);
    }
}
