package org.merlin.tests.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is true of the world, whatever nodes make of it: since when a node has been able to run checks, since when a link has been
 * sound, and who hangs together. Brought up to date with each fault and each look of a checker.
 */
final class ChaosGround {
    private static final long NEVER = Long.MAX_VALUE;

    private final World world;
    private final Network network;
    private final ChaosShape shape;
    private final Map<String, ChaosNode> nodes;
    private final Map<String, Long> ableSince = new HashMap<>();
    private final Map<String, Long> roomySince = new HashMap<>();
    private final Map<String, Long> linkSince = new HashMap<>();
    private final Map<String, Long> fastSince = new HashMap<>();
    private final Map<String, Set<String>> component = new LinkedHashMap<>();
    private final Map<String, Long> changed = new HashMap<>();
    private final Map<String, Long> loss = new HashMap<>();
    private final Set<String> slow = new LinkedHashSet<>();

    ChaosGround(World world, Network network, ChaosShape shape, Map<String, ChaosNode> nodes) {
        this.world = world;
        this.network = network;
        this.shape = shape;
        this.nodes = nodes;
        look();
    }

    /** A link breaks, or is too slow to be relied on. */
    void broken(String a, String b) {
        linkSince.put(pair(a, b), NEVER);
        look();
    }

    void slow(String from, String to, boolean on) {
        if (on) {
            slow.add(from + ">" + to);
        } else {
            slow.remove(from + ">" + to);
        }
        look();
    }

    /** A node loads another list: what it has no more it leaves to those around it, as if it went, and they hear of it. */
    void loadsAnother(String name) {
        component.get(name).forEach(member -> loss.put(member, world.nowNanos()));
    }

    private static String pair(String a, String b) {
        return a.compareTo(b) < 0 ? a + "-" + b : b + "-" + a;
    }

    /** Whether all that both say can come through now. */
    private boolean sound(String a, String b) {
        return nodes.get(a).daemonRuns() && nodes.get(b).daemonRuns() && network.passes(a, b) && network.passes(b, a);
    }

    private boolean isSlow(String from, String to) {
        return slow.contains(from + ">" + to);
    }

    /** Looks at the world as it is now. */
    void look() {
        long now = world.nowNanos();
        for (ChaosNode node : nodes.values()) {
            mark(ableSince, node.name(), node.able(), now);
            mark(roomySince, node.name(), node.able() && !node.disk().isFull(), now);
            for (String other : shape.neighbours(node.name())) {
                String pair = pair(node.name(), other);
                mark(linkSince, pair, sound(node.name(), other), now);
                mark(fastSince, pair, !isSlow(node.name(), other) && !isSlow(other, node.name()), now);
            }
        }
        for (String name : nodes.keySet()) {
            Set<String> members = membersAround(name);
            Set<String> before = component.put(name, members);
            if (!members.equals(before)) {
                changed.put(name, now);
                if (before != null && !members.containsAll(before)) {
                    loss.put(name, now);
                }
            }
        }
    }

    private static void mark(Map<String, Long> since, String of, boolean good, long now) {
        if (!good) {
            since.put(of, NEVER);
        } else if (since.getOrDefault(of, NEVER) == NEVER) {
            since.put(of, now);
        }
    }

    /** Nodes that can run checks and hang together with one, which may be itself unable. */
    private Set<String> membersAround(String name) {
        Set<String> reached = new LinkedHashSet<>(List.of(name));
        Deque<String> next = new ArrayDeque<>(List.of(name));
        while (!next.isEmpty()) {
            String from = next.remove();
            for (String to : shape.neighbours(from)) {
                if (linkSince.getOrDefault(pair(from, to), NEVER) != NEVER && reached.add(to)) {
                    next.add(to);
                }
            }
        }
        reached.removeIf(member -> ableSince.getOrDefault(member, NEVER) == NEVER);
        return reached;
    }

    Set<String> component(String name) {
        return component.get(name);
    }

    /** Since when the same nodes hang together with one. */
    long changed(String name) {
        return changed.getOrDefault(name, 0L);
    }

    /** When it lost one of them last. */
    long loss(String name) {
        return loss.getOrDefault(name, 0L);
    }

    boolean ableSince(String name, long nanos) {
        return ableSince.getOrDefault(name, NEVER) <= nanos;
    }

    /** Whether it has been able to, and to pass on what happened, ever since: with a full disk a daemon takes nothing. */
    boolean tellsSince(String name, long nanos) {
        return roomySince.getOrDefault(name, NEVER) <= nanos;
    }

    /** Whether two neighbours have seen each other ever since. */
    boolean linkedSince(String a, String b, long nanos) {
        return fastSince.getOrDefault(pair(a, b), NEVER) <= nanos && linkSince.getOrDefault(pair(a, b), NEVER) <= nanos;
    }
}
