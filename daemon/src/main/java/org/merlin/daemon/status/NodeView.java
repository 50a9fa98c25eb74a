package org.merlin.daemon.status;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A node as {@code mon node status} shows it. Names of the fields are stable: scripts read them (in snake case). Times are
 * seconds since 1970 or durations in the unit that the name ends with; 0 where nothing is known.
 *
 * @param type {@code local}, {@code peer}, {@code master} or {@code poller}
 * @param state word of the node's status; of ourselves {@code active} or {@code connected}
 * @param peerId its place in the ring of its peer group, -1 if it is not in it
 * @param latencyMs one way, measured by pulses
 * @param clockOffsetMs how much its clock is ahead of ours
 * @param uptimeSeconds since its module started
 * @param backlog what we owe it
 * @param shares what it runs and has run
 * @param inSync whether it has loaded the same objects as far as they concern both
 * @param warnings sentences about it that somebody should read
 * @param trouble why it is away, if it is and that is known
 * @param figures its own counters
 * @param config its object configuration, and the commands that bring it
 */
public record NodeView(
        int instanceId,
        String name,
        String type,
        String state,
        boolean active,
        boolean drained,
        String address,
        int port,
        String remote,
        boolean encrypted,
        List<String> hostgroups,
        int peerId,
        int activePeers,
        int configuredPeers,
        double latencyMs,
        double clockOffsetMs,
        String scheduler,
        long epoch,
        double uptimeSeconds,
        double connectedSeconds,
        double lastAliveSeconds,
        Backlog backlog,
        Shares shares,
        String configHash,
        long lastCfgChange,
        boolean inSync,
        List<String> warnings,
        String trouble,
        Map<String, Long> figures,
        ConfigView config) {

    public NodeView {
        config = Objects.requireNonNullElse(config, ConfigView.UNKNOWN); // of a daemon that does not say
    }

    /**
     * What a node is owed and has not acknowledged.
     *
     * @param dropped how many events were dropped at its bounds since its backlog was made
     */
    public record Backlog(long events, long bytes, double oldestSeconds, long dropped) {}

    /**
     * Checks of a node.
     *
     * @param hostsMine hosts that are its share by the present rings
     * @param hostsHandled hosts whose last result came from it
     * @param hostsRun host checks that it has run since its scheduler started
     * @param hostsTotal hosts of its peer group
     */
    public record Shares(
            long hostsMine,
            long servicesMine,
            long hostsHandled,
            long servicesHandled,
            long hostsRun,
            long servicesRun,
            long hostsTotal,
            long servicesTotal) {}
}
