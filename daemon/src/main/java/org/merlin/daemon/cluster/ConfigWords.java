package org.merlin.daemon.cluster;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.merlin.confsync.hooks.HookKind;
import org.merlin.confsync.hooks.RecentRuns.Stop;
import org.merlin.confsync.hooks.RecentRuns.Why;
import org.merlin.protocol.node.ConfigStamp;

/** Sentences about object configurations, and what is taken of those that others tell. Stateless. */
final class ConfigWords {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{4,64}");
    private static final int SHOWN = 8;
    private static final long LAST_SECOND = 253_402_300_799L; // of the year 9999

    private ConfigWords() {}

    /** What another node says of its configuration; unknown if it is no such thing. */
    static ConfigStamp checked(ConfigStamp told) {
        boolean sound = HASH.matcher(told.sha1()).matches()
                && told.newestMtimeSeconds() >= 0
                && told.newestMtimeSeconds() <= LAST_SECOND;
        return sound ? told : ConfigStamp.UNKNOWN;
    }

    /** E.g. {@code 1a2b3c4d of 2026-11-28T10:12:01Z}. */
    static String of(ConfigStamp stamp) {
        return shortened(stamp.sha1()) + " of " + Instant.ofEpochSecond(stamp.newestMtimeSeconds());
    }

    static String shortened(String sha1) {
        return sha1.length() > SHOWN ? sha1.substring(0, SHOWN) : sha1;
    }

    /**
     * Why commands for a node are not run any more.
     *
     * @param suspects names of those who may have put back what was there before; none if nobody is known
     */
    static String circle(String self, String node, Stop stop, List<String> suspects) {
        String to = shortened(stop.change().to());
        String from = shortened(stop.change().from());
        boolean push = stop.change().kind() == HookKind.PUSH;
        String who = suspects.isEmpty() ? "" : " (see " + String.join(", ", suspects) + ")";
        if (stop.why() == Why.NEVER_TAKEN) {
            return self + " pushed to " + node + " " + stop.times() + " times within an hour, and " + node
                    + " never had what was pushed, but something else each time" + who
                    + ": nothing is pushed there for an hour, or until mon oconf retry " + node;
        }
        String did =
                push ? self + " pushed " + to + " to " + node + " " : self + " fetched " + to + " from " + node + " ";
        return did + stop.times() + " times within an hour, and " + (push ? node : self) + " has " + from
                + " all the same" + who
                + ": this is not done any more until one of both is another one, or mon oconf retry " + node;
    }
}
