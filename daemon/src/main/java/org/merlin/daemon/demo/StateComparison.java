package org.merlin.daemon.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merlin.protocol.node.NodeId;

/**
 * Compares what schedulers knew when they ended, by the files that they left: every master must know the same of every object and
 * have all of every stream; a poller the same of what it has loaded. Stateless.
 */
final class StateComparison {
    private static final int MAX_COMPLAINTS = 20;

    private StateComparison() {}

    private record Known(DemoNode node, Map<String, String> objects, Map<String, DemoScheduler.Mark> applied) {}

    /** Compares the schedulers of these nodes; each finding is a sentence. */
    static List<String> compare(List<DemoNode> nodes) throws IOException {
        List<Known> all = new ArrayList<>();
        for (DemoNode node : nodes) {
            DemoScheduler.Retained retained = node.retained();
            all.add(new Known(node, new TreeMap<>(retained.objects()), retained.applied()));
        }
        List<Known> masters = all.stream().filter(known -> known.node.master()).toList();
        List<String> complaints = new ArrayList<>();
        for (Known master : masters) {
            for (Known other : all) {
                if (other != master) {
                    compareObjects(master, other, complaints);
                    compareStreams(master, other, complaints);
                }
            }
        }
        return complaints.size() <= MAX_COMPLAINTS ? complaints : complaints.subList(0, MAX_COMPLAINTS);
    }

    private static void compareObjects(Known master, Known other, List<String> complaints) {
        other.objects.forEach((name, state) -> {
            String masters = master.objects.getOrDefault(name, "nothing");
            if (!masters.equals(state) && other.node.name().compareTo(master.node.name()) > 0) {
                complaints.add(name + ": " + master.node.name() + " and " + other.node.name() + " disagree: "
                        + difference(masters, state));
            }
        });
    }

    private static String difference(String one, String other) {
        List<String> differing = new ArrayList<>();
        String[] ones = one.split("\t");
        String[] others = other.split("\t");
        for (int i = 0; i < Math.min(ones.length, others.length); i++) {
            if (!ones[i].equals(others[i])) {
                differing.add(ones[i] + " / " + others[i]);
            }
        }
        return differing.isEmpty() ? one + " / " + other : String.join(", ", differing);
    }

    /** A master must have all that another node's scheduler said, by that scheduler's own count. */
    private static void compareStreams(Known master, Known other, List<String> complaints) {
        String origin = Long.toHexString(NodeId.of(other.node.name()).origin());
        other.applied.forEach((stream, mark) -> {
            DemoScheduler.Mark has = master.applied.getOrDefault(stream, DemoScheduler.Mark.NOTHING);
            if (stream.startsWith(origin + "/") && !has.agreesWith(mark)) {
                complaints.add(master.node.name() + " has events up to " + has.sequence() + ", " + has.results()
                        + " of them results, of " + other.node.name() + ", which counted to " + mark.sequence() + ", "
                        + mark.results() + " of them results");
            }
        });
    }
}
