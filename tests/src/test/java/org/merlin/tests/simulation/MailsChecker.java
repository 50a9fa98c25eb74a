package org.merlin.tests.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.event.MonitoredObject;

/** No two nodes that see each other tell contacts of the same problem, and none does so twice. Looks at each mail. */
final class MailsChecker {
    private static final long SECOND = 1_000_000_000L;
    /** For so long before the first mail both must have seen each other: who was in doubt may have held it. */
    private static final long SETTLED_NANOS = 25 * SECOND;

    /** A link that was cut is dialled anew every 30 s and a quarter at the latest; until then they do not see each other. */
    private static final long REDIALLED_NANOS = 38 * SECOND;

    /** Neither can have heard of the other's. */
    private static final long AT_ONCE_NANOS = 25_000_000L;

    private final World world;
    private final ChaosGround ground;
    private final Map<String, List<Mail>> mails = new HashMap<>();
    private long sent;
    private long twice;

    private record Mail(String node, long nanos, String output) {}

    MailsChecker(World world, ChaosGround ground) {
        this.world = world;
        this.ground = ground;
    }

    /** How many were sent. */
    long sent() {
        return sent;
    }

    /** How many were sent twice, as nodes did not see each other. */
    long twice() {
        return twice;
    }

    void onMail(String node, MonitoredObject object, int state, String output) {
        long now = world.nowNanos();
        sent++;
        String problem = object + " " + state + " " + output.split(" ")[0];
        List<Mail> before = mails.computeIfAbsent(problem, any -> new ArrayList<>());
        for (Mail mail : before) {
            twice++;
            long since = mail.nanos - SETTLED_NANOS;
            long linkedSince = since - REDIALLED_NANOS;
            boolean apart = ground.changed(node) > since
                    || ground.changed(mail.node) > since
                    || ground.anyApart(node, linkedSince)
                    || ground.anyApart(mail.node, linkedSince);
            boolean atOnce = now - mail.nanos < AT_ONCE_NANOS;
            if (atOnce && ChaosRun.NOT_YET.contains(ChaosRun.NotYet.TOLD_AT_ONCE)) {
                continue;
            }
            if (apart && ChaosRun.NOT_YET.contains(ChaosRun.NotYet.PROBLEMS_BEGUN_TWICE)) {
                continue;
            }
            boolean knew = mail.node.equals(node) || ground.linkedSince(mail.node, node, linkedSince);
            if (knew
                    && ground.tellsSince(node, mail.nanos - SETTLED_NANOS)
                    && ground.tellsSince(mail.node, mail.nanos - SETTLED_NANOS)) {
                throw new Violation(
                        "notifications",
                        node + " tells contacts of " + problem + ", which " + mail.node + " has told "
                                + (now - mail.nanos) / 1_000_000 + " ms before, with " + mail.output);
            }
        }
        before.add(new Mail(node, now, output));
    }
}
