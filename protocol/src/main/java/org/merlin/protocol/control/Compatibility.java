package org.merlin.protocol.control;

import java.util.ArrayList;
import java.util.List;
import org.merlin.protocol.node.NodeRole;

/** Says in words why two nodes cannot work together, or would not work as their configurations mean it. Pure. */
public final class Compatibility {
    private Compatibility() {}

    /**
     * Why packets cannot be exchanged: no version of the format that both read.
     *
     * @param from oldest version that the other node reads
     * @param to newest version that it reads
     * @return empty if they can
     */
    public static List<String> obstacles(int oursFrom, int oursTo, int from, int to) {
        return to < oursFrom || from > oursTo
                ? List.of("it reads packet versions " + from + " to " + to + ", we read " + oursFrom + " to " + oursTo
                        + ": update the older one")
                : List.of();
    }

    /** What differs between two machines or schedulers and deserves a look. */
    public static List<String> differences(NodeInfo ours, NodeInfo theirs) {
        List<String> words = new ArrayList<>();
        if (ours.wordSize() != theirs.wordSize()) {
            words.add("its words have " + theirs.wordSize() + " bits, ours " + ours.wordSize());
        }
        if (ours.littleEndian() != theirs.littleEndian()) {
            words.add("its byte order is " + order(theirs) + ", ours " + order(ours));
        }
        if (ours.objectStructureVersion() != theirs.objectStructureVersion()
                && ours.scheduler().equals(theirs.scheduler())) {
            words.add("its object structure version is " + theirs.objectStructureVersion() + ", ours "
                    + ours.objectStructureVersion());
        }
        return words;
    }

    private static String order(NodeInfo info) {
        return info.littleEndian() ? "little endian" : "big endian";
    }

    /**
     * How the other node's merlin.conf disagrees with ours about who belongs to the cluster. Compares counts only, as the C
     * original does (reference: its protocol's cluster-config check).
     *
     * @param role what the other is to us
     * @param groupSize how many pollers its poller group has by our configuration, itself included; for pollers only
     */
    public static List<String> disagreements(
            NodeRole role, int groupSize, NodeInfo.Counts ours, NodeInfo.Counts theirs) {
        List<String> words = new ArrayList<>();
        switch (role) {
            case PEER -> {
                compare(words, "peers", theirs.configuredPeers(), ours.configuredPeers());
                compare(words, "masters", theirs.configuredMasters(), ours.configuredMasters());
                compare(words, "pollers", theirs.configuredPollers(), ours.configuredPollers());
            }
            case POLLER -> {
                compare(words, "masters", theirs.configuredMasters(), ours.configuredPeers() + 1);
                compare(words, "peers", theirs.configuredPeers(), groupSize - 1);
            }
            case MASTER -> compare(words, "peers", theirs.configuredPeers(), ours.configuredMasters() - 1);
        }
        return words;
    }

    private static void compare(List<String> words, String what, int has, int expected) {
        if (has != expected) {
            words.add("it has " + has + " " + what + " configured, by our merlin.conf it should have " + expected);
        }
    }
}
