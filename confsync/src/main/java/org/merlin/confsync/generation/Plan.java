package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.merlin.protocol.node.NodeRole;

/**
 * What a push would change where. Pure.
 *
 * @param runs generation that this node runs; empty if it has none
 * @param files path to {@code added}, {@code changed} or {@code removed}
 * @param good whether the scheduler's own check takes it here
 * @param why if not
 * @param nodes each node and what it would get, as a sentence's end
 */
public record Plan(
        String runs, SortedMap<String, String> files, boolean good, String why, SortedMap<String, String> nodes) {
    /** Finds out; the answer comes later. */
    static void make(Syncer syncer, Consumer<Plan> answer) throws IOException, DamagedException {
        FileTree present = syncer.look();
        syncer.store().put(present.text());
        FileTree head = syncer.headTree().orElse(FileTree.EMPTY);
        SortedMap<String, String> files = differences(head, present);
        syncer.check(present, outcome -> {
            if (outcome.good()) {
                parts(syncer, present, files, answer);
            } else {
                answer.accept(new Plan(syncer.memory().head(), files, false, outcome.words(), new TreeMap<>()));
            }
        });
    }

    private static SortedMap<String, String> differences(FileTree before, FileTree after) {
        SortedMap<String, String> files = new TreeMap<>();
        after.files().forEach((path, file) -> {
            FileTree.File old = before.files().get(path);
            if (old == null) {
                files.put(path, "added");
            } else if (!old.equals(file)) {
                files.put(path, "changed");
            }
        });
        before.files().keySet().stream()
                .filter(path -> !after.files().containsKey(path))
                .forEach(path -> files.put(path, "removed"));
        return files;
    }

    private static void parts(Syncer syncer, FileTree present, SortedMap<String, String> files, Consumer<Plan> answer) {
        Map<List<String>, String> trees = new HashMap<>();
        List<List<String>> selections = syncer.selections();
        FileTree extras = present.only(SyncName::toPollers);
        syncer.world()
                .preview(
                        WorkingFolders.objects(present),
                        selections,
                        (hostgroups, bytes) -> {
                            String file = Hash.of(bytes);
                            trees.put(
                                    hostgroups,
                                    FileTree.of(Parts.FILE, file, bytes.length)
                                            .with(extras)
                                            .hash());
                        },
                        outcome -> {
                            SortedMap<String, String> nodes = new TreeMap<>();
                            for (Remote remote : syncer.remotes()) {
                                nodes.put(remote.name(), gets(syncer, remote, files.isEmpty(), outcome, trees));
                            }
                            nodes.put(syncer.self(), files.isEmpty() ? "runs it already" : "would run it");
                            answer.accept(new Plan(syncer.memory().head(), files, true, "", nodes));
                        });
    }

    private static String gets(
            Syncer syncer, Remote remote, boolean nothing, Outcome outcome, Map<List<String>, String> trees) {
        String away = remote.here() ? "" : remote.linked() ? ", but takes no part" : ", when it is connected";
        if (remote.is(NodeRole.MASTER)) {
            return "is a master, and gets nothing from here";
        }
        if (remote.is(NodeRole.PEER)) {
            boolean same = remote.runs().equals(syncer.memory().head());
            return (nothing && same ? "runs it already" : "would run it") + away;
        }
        if (!outcome.good()) {
            return "is a poller whose part cannot be told: " + outcome.words();
        }
        Optional<String> runs = treeOf(syncer, remote.runs());
        return (runs.equals(Optional.ofNullable(trees.get(remote.neighbour().hostgroups())))
                        ? "would get the same part as it runs"
                        : "would get another part than it runs")
                + away;
    }

    private static Optional<String> treeOf(Syncer syncer, String generation) {
        try {
            return syncer.lineage().get(generation).map(Generation::tree);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
