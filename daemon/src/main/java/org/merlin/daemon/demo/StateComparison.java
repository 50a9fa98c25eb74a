package org.merlin.daemon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merlin.protocol.node.NodeId;

/**
 * Compares what schedulers knew when they ended, by their retention files: every master must know the same of every object and
 * have all of every stream; a poller the same of what it has loaded. Stateless.
 */
final class StateComparison {
    private static final int MAX_COMPLAINTS = 20;
    /** What is each scheduler's own business. */
    private static final List<String> OWN = List.of("due=", "active=");

    private StateComparison() {}

    /**
     * What a retention file says.
     *
     * @param objects by name, the fields that must agree
     * @param applied by stream, up to where it has gone into the states
     */
    private record Known(DemoNode node, Map<String, String> objects, Map<String, Long> applied) {}

    /** Compares the schedulers of these nodes; each finding is a sentence. */
    static List<String> compare(List<DemoNode> nodes) throws IOException {
        List<Known> all = new ArrayList<>();
        for (DemoNode node : nodes) {
            all.add(read(node));
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
        other.applied.forEach((stream, sequence) -> {
            long has = master.applied.getOrDefault(stream, 0L);
            if (stream.startsWith(origin + "/") && has != sequence) {
                complaints.add(master.node.name() + " has events up to " + has + " of " + other.node.name()
                        + ", which counted to " + sequence);
            }
        });
    }

    /**
     * What a scheduler counted, by its retention file: results received, applied, duplicates, gaps, checks run; all over
     * its restarts.
     */
    static long[] counts(DemoNode node) throws IOException {
        for (String line : Files.readAllLines(node.retention())) {
            if (line.startsWith("memory\t")) {
                return Arrays.stream(line.split("\t"))
                        .skip(1)
                        .mapToLong(Long::parseLong)
                        .toArray();
            }
        }
        throw new IOException(node.retention() + " holds no counts");
    }

    private static Known read(DemoNode node) throws IOException {
        Map<String, String> objects = new TreeMap<>();
        Map<String, Long> applied = new LinkedHashMap<>();
        for (String line : Files.readAllLines(node.retention())) {
            String[] fields = line.split("\t", -1);
            if (fields[0].equals("object")) {
                List<String> shared = new ArrayList<>();
                for (int i = 2; i < fields.length; i++) {
                    String field = fields[i];
                    if (OWN.stream().noneMatch(field::startsWith)) {
                        shared.add(field);
                    }
                }
                objects.put(fields[1], String.join("\t", shared));
            } else if (fields[0].equals("applied")) {
                applied.put(fields[1] + "/" + fields[2], Long.parseLong(fields[3]));
            }
        }
        return new Known(node, objects, applied);
    }
}
