package org.merlin.daemon.net;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which addresses of a node were dialled in vain since its last link, so that the next dial goes on with the others. As many nodes as
 * are dialled, of each its last answer's addresses. Confined to the cluster loop.
 */
final class Attempts {
    /** How many addresses one dial tries; the next goes on behind them. */
    static final int PER_DIAL = 4;

    private final Map<String, Set<InetSocketAddress>> inVain = new HashMap<>();

    /** What the next dial is to try, of the addresses that a name has now: those that were not tried, then those that were longest ago. */
    List<InetSocketAddress> next(String node, List<InetSocketAddress> found) {
        Set<InetSocketAddress> tried = inVain.computeIfAbsent(node, name -> new LinkedHashSet<>());
        tried.retainAll(Set.copyOf(found));
        List<InetSocketAddress> ordered = new ArrayList<>(found);
        ordered.removeAll(tried);
        ordered.addAll(tried);
        return List.copyOf(ordered.subList(0, Math.min(PER_DIAL, ordered.size())));
    }

    /** It is dialled at an address, and has not answered yet. */
    void begin(String node, InetSocketAddress address) {
        Set<InetSocketAddress> tried = inVain.computeIfAbsent(node, name -> new LinkedHashSet<>());
        tried.remove(address);
        tried.add(address);
    }

    /** It has proved its name. */
    void end(String node) {
        inVain.remove(node);
    }
}
