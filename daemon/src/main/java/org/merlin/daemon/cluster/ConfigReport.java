package org.merlin.daemon.cluster;

import java.util.Optional;
import org.merlin.confsync.hooks.HookCommand;
import org.merlin.confsync.hooks.HookCommands;
import org.merlin.daemon.status.ConfigView;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.node.ConfigStamp;

/** Draws what {@link ConfigWatch} knows. Confined to the cluster loop. */
final class ConfigReport {
    private final ConfigWatch watch;

    ConfigReport(ConfigWatch watch) {
        this.watch = watch;
    }

    /** Of this node: in sync with itself. */
    static ConfigView own(Optional<NodeInfo> info) {
        ConfigStamp stamp = stamp(info);
        return new ConfigView(stamp.sha1(), stamp.newestMtimeSeconds(), true, "", ConfigView.Hook.NONE);
    }

    private static ConfigStamp stamp(Optional<NodeInfo> info) {
        return info.map(NodeInfo::config).map(ConfigWords::checked).orElse(ConfigStamp.UNKNOWN);
    }

    ConfigView of(ConfigPartner node, long nowMicros) {
        ConfigStamp stamp = stamp(node.info());
        Optional<String> difference = watch.difference(node);
        return new ConfigView(
                stamp.sha1(),
                stamp.newestMtimeSeconds(),
                difference.isEmpty(),
                difference.orElse(""),
                hook(node, nowMicros));
    }

    private ConfigView.Hook hook(ConfigPartner node, long nowMicros) {
        HookCommands commands = ConfigWatch.commands(node);
        NodeHooks state = watch.hooks(node);
        return new ConfigView.Hook(
                commands.push().map(HookCommand::line).orElse(""),
                commands.fetch().map(HookCommand::line).orElse(""),
                state.running.map(running -> running.kind().word()).orElse(""),
                state.running
                        .map(running -> seconds(nowMicros - running.sinceMicros()))
                        .orElse(0.0),
                state.attempts,
                state.waits,
                state.stopped,
                state.last.map(ended -> last(ended, nowMicros)).orElse(ConfigView.Last.NONE));
    }

    private static ConfigView.Last last(NodeHooks.Ended ended, long nowMicros) {
        return new ConfigView.Last(
                ended.kind().word(),
                ended.endMicros() / 1_000_000,
                seconds(nowMicros - ended.endMicros()),
                ended.result().succeeded(),
                ended.result().status(),
                ended.result().sentence(),
                ended.result().output());
    }

    private static double seconds(long micros) {
        return Math.max(0, micros / 1_000_000.0);
    }
}
