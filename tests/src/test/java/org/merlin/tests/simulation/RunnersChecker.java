package org.merlin.tests.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;

/**
 * Every check has a runner among the nodes that hang together, at once where nobody was lost, soon after somebody was, and at the
 * latest after its expiry; and among peers that agree exactly one. Looks every 100 ms.
 */
final class RunnersChecker {
    private static final long SECOND = 1_000_000_000L;
    /** Silence is found within the data timeout; then come a tick, a pulse, and a link that must be dialled anew. */
    private static final long FOUND_NANOS = 9 * SECOND;
    /** After a loss, or a start, nodes may still find out about it for so long. */
    private static final long QUIET_NANOS = 30 * SECOND;

    private final World world;
    private final ChaosGround ground;
    private final ChaosShape shape;
    private final Map<String, ChaosNode> nodes;
    private final List<MonitoredObject> objects;
    private final Map<String, Long> gapSince = new HashMap<>();
    private final Map<String, Long> lastResult = new HashMap<>();
    private long checks;

    RunnersChecker(World world, ChaosGround ground, ChaosShape shape, Map<String, ChaosNode> nodes) {
        this.world = world;
        this.ground = ground;
        this.shape = shape;
        this.nodes = nodes;
        this.objects = shape.hosts().stream().map(entry -> entry.object()).toList();
    }

    /** How often it has looked at a check. */
    long checks() {
        return checks;
    }

    void onResult(String node, MonitoredObject object) {
        lastResult.put(node + " " + object, world.nowNanos());
    }

    void look() {
        Set<Set<String>> seen = new HashSet<>();
        for (ChaosNode node : nodes.values()) {
            Set<String> members = ground.component(node.name());
            if (!members.contains(node.name()) || !seen.add(members)) {
                continue;
            }
            for (MonitoredObject object : objects) {
                checks++;
                look(members, object);
            }
        }
        for (ChaosNode node : nodes.values()) {
            if (!node.able()) {
                gapSince.keySet().removeIf(key -> key.startsWith(node.name() + " "));
            }
        }
    }

    private void look(Set<String> members, MonitoredObject object) {
        List<String> runners = members.stream()
                .filter(member -> {
                    int index = nodes.get(member).indexOf(object);
                    return index >= 0 && nodes.get(member).runs(index);
                })
                .toList();
        for (String member : members) {
            if (runners.isEmpty() && isResponsible(member, object)) {
                onGap(member, members, object);
            } else {
                gapSince.remove(member + " " + object);
            }
        }
        if (runners.size() > 1) {
            onTwo(runners, object);
        }
    }

    private boolean isResponsible(String name, MonitoredObject object) {
        ChaosNode node = nodes.get(name);
        int index = node.indexOf(object);
        if (index < 0 || shape.takesOver(object.name())) {
            return index >= 0;
        }
        return ChaosShape.isMaster(name)
                ? node.slots().group(index) == Selection.NONE
                : !isDrained(node); // by force, and then its checks rest
    }

    private static boolean isDrained(ChaosNode node) {
        return node.view().filter(view -> view.nodes().get(0).drained()).isPresent();
    }

    private void onGap(String name, Set<String> members, MonitoredObject object) {
        long now = world.nowNanos();
        long since = gapSince.computeIfAbsent(name + " " + object, any -> now);
        boolean quiet = now - ground.loss(name) > QUIET_NANOS && ground.ableSince(name, now - QUIET_NANOS);
        if (quiet) {
            throw new Violation(
                    "runners",
                    "nobody runs " + object + ", as " + name + " sees it, though it has lost nobody for half a minute; "
                            + picture(members));
        }
        if (now - Math.max(since, ground.changed(name)) > FOUND_NANOS) {
            throw new Violation(
                    "runners",
                    "nobody has run " + object + " for " + (now - since) / SECOND + " s, as " + name + " sees it; "
                            + picture(members));
        }
    }

    /** Two that show each other the same, and go by no older ring. */
    private void onTwo(List<String> runners, MonitoredObject object) {
        for (int i = 0; i < runners.size(); i++) {
            for (int j = i + 1; j < runners.size(); j++) {
                String a = runners.get(i);
                String b = runners.get(j);
                if (ChaosShape.group(a).equals(ChaosShape.group(b)) && agree(nodes.get(a), nodes.get(b), object)) {
                    throw new Violation(
                            "runners",
                            a + " and " + b + " agree, and both run " + object + "; " + picture(Set.of(a, b)));
                }
            }
        }
    }

    private static boolean agree(ChaosNode a, ChaosNode b, MonitoredObject object) {
        if (!a.slots().hashes().equals(b.slots().hashes())) {
            return false;
        }
        int group = a.slots().group(a.indexOf(object));
        return same(a, b, rule -> Optional.of(rule.own()))
                && (group == Selection.NONE
                        || same(a, b, rule -> Optional.ofNullable(rule.pollers().get(group))));
    }

    private interface Part {
        Optional<RingView> of(RunnerRule rule);
    }

    private static boolean same(ChaosNode a, ChaosNode b, Part part) {
        Optional<RingView> ours = a.rule().flatMap(part::of);
        Optional<RingView> theirs = b.rule().flatMap(part::of);
        return ours.isPresent()
                && theirs.isPresent()
                && !ours.get().handover()
                && !theirs.get().handover()
                && ours.get().current().equals(theirs.get().current());
    }

    /** Results come within the expiry of who is stuck, and that of who follows it in line. */
    void lookForResults(long checkNanos) {
        long now = world.nowNanos();
        for (ChaosNode node : nodes.values()) {
            Set<String> members = ground.component(node.name());
            if (!members.contains(node.name())) {
                continue;
            }
            long stuck =
                    members.stream().filter(member -> nodes.get(member).stuck()).count();
            long able = members.stream()
                    .filter(member -> !nodes.get(member).stuck())
                    .count();
            long limit = (SimulatedModule.CHECK_TIMEOUT_SECONDS + 30 * (stuck + 1) + 15) * SECOND + checkNanos;
            if (node.stuck() || able == 0 || now - ground.changed(node.name()) < limit) {
                continue;
            }
            for (MonitoredObject object : objects) {
                boolean anybody = members.stream()
                        .anyMatch(member -> !nodes.get(member).stuck() && isResponsible(member, object));
                long last = members.stream()
                        .mapToLong(member -> lastResult.getOrDefault(member + " " + object, 0L))
                        .max()
                        .orElse(0);
                if (anybody && isResponsible(node.name(), object) && now - last > limit) {
                    throw new Violation(
                            "expiry",
                            "no result of " + object + " for " + (now - last) / SECOND + " s among " + members + ", "
                                    + stuck + " of them stuck");
                }
            }
        }
    }

    private String picture(Set<String> members) {
        StringBuilder text = new StringBuilder();
        for (String member : members) {
            text.append(member)
                    .append(": ")
                    .append(nodes.get(member).rule().map(RunnersChecker::words).orElse("no scheduler"))
                    .append("; ");
        }
        return text.toString();
    }

    private static String words(RunnerRule rule) {
        return rule.own() + " " + rule.pollers().values();
    }
}
