package org.merlin.daemon.cluster;

import java.util.Optional;
import org.merlin.confsync.hooks.HookKind;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.hooks.RecentRuns;
import org.merlin.confsync.hooks.RecentRuns.Stop;

/** What commands do and did for one node. Filled by {@link ConfigWatch}; confined to the cluster loop. */
final class NodeHooks {
    final RecentRuns recent = new RecentRuns();
    Optional<Running> running = Optional.empty();
    Optional<Ended> last = Optional.empty();
    Optional<Long> endedNanos = Optional.empty();
    Optional<Stop> loggedStop = Optional.empty();
    boolean fetchAsked;
    int attempts;
    /** What is waited for, in words; empty if nothing is due. */
    String waits = "";
    /** Why nothing is run any more, in words; empty if it is. */
    String stopped = "";

    /** A command that runs since then, microseconds since 1970. */
    record Running(HookKind kind, long sinceMicros) {}

    /** One that has ended then. */
    record Ended(HookKind kind, long endMicros, HookResult result) {}
}
