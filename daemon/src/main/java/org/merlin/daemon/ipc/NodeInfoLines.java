package org.merlin.daemon.ipc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.ConfigView;
import org.merlin.daemon.status.NodeView;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.wire.PacketCursor;

/**
 * The nodes as the C original's query handler shows them, since others read that: {@code key=value;} for each key that it has, in its
 * order. What we do not count is 0. Stateless.
 */
final class NodeInfoLines {
    private NodeInfoLines() {}

    /** The nodes' lines, with tabs between: an answer is one line. This node is the first; {@code now} in seconds since 1970. */
    static String of(ClusterView cluster, long now, Duration dataTimeout) {
        return cluster.nodes().stream()
                .map(node -> line(node, cluster, now, dataTimeout))
                .collect(Collectors.joining("\t"));
    }

    private static String line(NodeView node, ClusterView cluster, long now, Duration dataTimeout) {
        return keys(node, cluster, now, dataTimeout).entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + entry.getValue().toString().replace(';', ',').replace('\t', ' '))
                .collect(Collectors.joining(";", "", ";"));
    }

    private static Map<String, Object> keys(NodeView node, ClusterView cluster, long now, Duration dataTimeout) {
        Map<String, Object> keys = new LinkedHashMap<>();
        boolean local = node.type().equals("local");
        keys.put("instance_id", node.instanceId());
        keys.put("name", node.name());
        keys.put("source_name", local ? "local" : "Merlin " + node.type() + " " + node.name());
        keys.put("socket", node.state().equals("disconnected") ? -1 : 0);
        keys.put("type", node.type());
        keys.put("state", state(node));
        keys.put("peer_id", Math.max(0, node.peerId()));
        keys.put("flags", 0);
        keys.put("address", node.address());
        keys.put("port", node.port());
        keys.put("data_timeout", dataTimeout.toSeconds());
        keys.put("last_recv", now - Math.round(node.lastAliveSeconds()));
        keys.put("last_sent", now - Math.round(node.lastAliveSeconds()));
        keys.put("last_conn_attempt", 0);
        keys.put("last_action", now - Math.round(node.lastAliveSeconds()));
        keys.put("latency", Math.round(node.latencyMs()));
        keys.put("binlog_size", node.backlog().bytes());
        keys.put("iocache_available", 0);
        for (String counted : List.of("events", "bytes")) {
            for (String what : List.of("sent", "read", "logged", "dropped")) {
                keys.put(counted + "_" + what, 0);
            }
        }
        keys.put("events_read", node.figures().getOrDefault("results_received", 0L));
        keys.put(
                "events_dropped",
                node.figures().getOrDefault("gaps", 0L) + node.backlog().dropped());
        keys.put("version", PacketCursor.VERSION);
        keys.put("word_size", NodeInfo.OUR_WORD_SIZE);
        keys.put("byte_order", NodeInfo.OUR_LITTLE_ENDIAN ? 1234 : 4321);
        keys.put("object_structure_version", 0);
        keys.put("start", (now - Math.round(node.uptimeSeconds())) + ".000000");
        keys.put("last_cfg_change", node.lastCfgChange());
        keys.put("config_hash", node.configHash());
        keys.put(
                "expected_config_hash",
                node.inSync() ? node.configHash() : cluster.nodes().get(0).configHash());
        keys.put("self_assigned_peer_id", Math.max(0, node.peerId()));
        keys.put("warn_flags", node.warnings().isEmpty() ? 0 : 1);
        addCounts(keys, node, cluster);
        NodeView.Shares shares = node.shares();
        keys.put("host_checks_handled", shares.hostsMine());
        keys.put("service_checks_handled", shares.servicesMine());
        keys.put("host_checks_executed", shares.hostsHandled());
        keys.put("service_checks_executed", shares.servicesHandled());
        keys.put("monitored_object_state_size", 0);
        keys.put("connect_time", now - Math.round(node.connectedSeconds()));
        keys.put("assigned_hosts", shares.hostsMine());
        keys.put("assigned_services", shares.servicesMine());
        keys.put("expired_hosts", node.figures().getOrDefault("hosts_overdue", 0L));
        keys.put("expired_services", node.figures().getOrDefault("services_overdue", 0L));
        keys.put("pgroup_active_nodes", node.activePeers() + (node.active() ? 1 : 0));
        keys.put("pgroup_total_nodes", node.configuredPeers() + 1);
        keys.put("pgroup_hosts", shares.hostsTotal());
        keys.put("pgroup_services", shares.servicesTotal());
        keys.put("pgroup_id", 0);
        keys.put("pgroup_hostgroups", String.join(",", node.hostgroups()));
        ConfigView.Hook hook = node.config().hook();
        keys.put("csync_num_attempts", hook.attempts());
        keys.put("csync_max_attempts", 0);
        keys.put("csync_last_attempt", hook.last().ended());
        keys.put("csync_push_cmd", hook.push());
        keys.put("csync_push_is_running", hook.running().equals("push") ? 1 : 0);
        keys.put("csync_fetch_cmd", hook.fetch());
        keys.put("csync_fetch_is_running", hook.running().equals("fetch") ? 1 : 0);
        keys.put("encrypted", node.encrypted() ? 1 : 0);
        keys.put("uuid", "");
        return keys;
    }

    private static void addCounts(Map<String, Object> keys, NodeView node, ClusterView cluster) {
        for (String role : List.of("peer", "poller", "master")) {
            long configured = cluster.nodes().stream()
                    .filter(other -> other.type().equals(role))
                    .count();
            long active = cluster.nodes().stream()
                    .filter(other -> other.type().equals(role) && other.active())
                    .count();
            boolean known = node.type().equals("local");
            keys.put("active_" + role + "s", known ? active : role.equals("peer") ? node.activePeers() : 0);
            keys.put("configured_" + role + "s", known ? configured : role.equals("peer") ? node.configuredPeers() : 0);
        }
    }

    private static String state(NodeView node) {
        return switch (node.state()) {
            case "active", "connected" -> "STATE_CONNECTED";
            case "negotiating" -> "STATE_NEGOTIATING";
            case "connecting" -> "STATE_PENDING";
            default -> "STATE_NONE";
        };
    }
}
