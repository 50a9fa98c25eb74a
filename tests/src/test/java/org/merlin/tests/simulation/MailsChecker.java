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
        int number = Integer.parseInt(output.split(" ")[0].substring(1));
        String problem = object + " " + state + " g" + number;
        List<Mail> before = mails.computeIfAbsent(problem, any -> new ArrayList<>());
        if (state == 0 && !before.isEmpty() && before.size() < recoveries(node, object + " 1 g" + (number - 1))) {
            twice++;
            before.add(new Mail(node, now, output));
            return;
        }
        for (Mail mail : before) {
            twice++;
            long since = mail.nanos - SETTLED_NANOS;
            boolean knew = mail.node.equals(node) || ground.linkedSince(mail.node, node, since - REDIALLED_NANOS);
            if (knew && ground.tellsSince(node, since) && ground.tellsSince(mail.node, since)) {
                throw new Violation(
                        "notifications",
                        node + " tells contacts of " + problem + ", which " + mail.node + " has told "
                                + (now - mail.nanos) / 1_000_000 + " ms before, with " + mail.output);
            }
        }
        before.add(new Mail(node, now, output));
    }

    /**
     * How often the end of a problem may be told: once, and once more for each mail of it by a node that this one did not see then, as it
     * cannot know whether that came before its own or after it.
     */
    private long recoveries(String node, String problem) {
        return 1
                + mails.getOrDefault(problem, List.of()).stream()
                        .filter(mail -> !mail.node.equals(node)
                                && !ground.linkedSince(mail.node, node, mail.nanos - SETTLED_NANOS - REDIALLED_NANOS))
                        .count();
    }
}
