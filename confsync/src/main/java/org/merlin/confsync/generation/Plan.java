package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.node.NodeRole;

/**
 * What a push would change where. Pure.
 *
 * @param runs generation that this node runs; empty if it has none
 * @param files path to {@code added}, {@code changed} or {@code removed}
 * @param good whether the scheduler's own check takes it here
 * @param why if not
 * @param nodes each node and what it would get, as a sentence's end
 * @param obstacles why the push would not get to all peers, as far as that is known, with what to do; empty if it would
 */
public record Plan(
        String runs,
        SortedMap<String, String> files,
        boolean good,
        String why,
        SortedMap<String, String> nodes,
        List<String> obstacles) {
    /** Finds out, for a push to these nodes, or to all if none is named; the answer comes later. */
    static void make(Syncer syncer, Set<String> only, Consumer<Plan> answer) throws IOException, DamagedException {
        FileTree present = syncer.look();
        syncer.store().put(present.text());
        FileTree head = syncer.headTree().orElse(FileTree.EMPTY);
        SortedMap<String, String> files = differences(head, present);
        List<String> obstacles = new Obstacles(syncer).all(only);
        syncer.check(present, outcome -> {
            if (outcome.good()) {
                parts(
                        syncer,
                        only,
                        present,
                        new Plan(syncer.memory().head(), files, true, "", new TreeMap<>(), obstacles),
                        answer);
            } else {
                answer.accept(
                        new Plan(syncer.memory().head(), files, false, outcome.words(), new TreeMap<>(), obstacles));
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

    private static void parts(Syncer syncer, Set<String> only, FileTree present, Plan plan, Consumer<Plan> answer) {
        Map<List<String>, String> trees = new HashMap<>();
        List<List<String>> selections = syncer.selections();
        FileTree extras = present.only(SyncName::toPollers);
        syncer.world()
                .preview(
                        WorkingFolders.objects(present),
                        selections,
                        (hostgroups, bytes) -> {
                            if (bytes.length == 0) {
                                return; // it would hold no host, and is not made
                            }
                            String file = Hash.of(bytes);
                            trees.put(
                                    hostgroups,
                                    FileTree.of(Parts.FILE, file, bytes.length)
                                            .with(extras)
                                            .hash());
                        },
                        outcome -> {
                            SortedMap<String, String> nodes = new TreeMap<>();
                            boolean nothing = plan.files().isEmpty();
                            for (Remote remote : syncer.remotes()) {
                                boolean named = only.isEmpty() || only.contains(remote.name());
                                nodes.put(
                                        remote.name(),
                                        named
                                                ? gets(syncer, remote, nothing, outcome, trees)
                                                : "is not named, and waits");
                            }
                            nodes.put(syncer.self(), nothing ? "runs it already" : "would run it");
                            answer.accept(new Plan(plan.runs(), plan.files(), true, "", nodes, plan.obstacles()));
                        });
    }

    private static String gets(
            Syncer syncer, Remote remote, boolean nothing, Outcome outcome, Map<List<String>, String> trees) {
        String away = remote.here() ? "" : remote.linked() ? ", but takes no part" : ", when it is connected";
        if (remote.is(NodeRole.MASTER)) {
            return "is a master, and gets nothing from here";
        }
        if (remote.is(NodeRole.PEER)) {
            return peer(syncer, remote, nothing) + away;
        }
        if (!outcome.good()) {
            return "is a poller whose part cannot be told: " + outcome.words();
        }
        if (!trees.containsKey(remote.neighbour().hostgroups())) {
            return Standing.NO_HOST + away;
        }
        if (keeps(syncer, remote)) {
            return "keeps the part that another master gave it" + away;
        }
        Optional<String> runs = treeOf(syncer, remote.runs());
        return (runs.equals(Optional.ofNullable(trees.get(remote.neighbour().hostgroups())))
                        ? "would get the same part as it runs"
                        : "would get another part than it runs")
                + away;
    }

    private static String peer(Syncer syncer, Remote remote, boolean nothing) {
        String head = syncer.memory().head();
        return switch (relation(syncer, remote.runs(), head)) {
            case APART -> "has gone another way, and would refuse it";
            case AHEAD -> "is ahead, and would refuse it";
            case SAME, BEHIND, UNKNOWN ->
                remote.told().map(ConfigHead::edited).orElse(false)
                        ? "would not take it, its folder holds changes"
                        : nothing && remote.runs().equals(head) ? "runs it already" : "would run it";
        };
    }

    private static boolean keeps(Syncer syncer, Remote poller) {
        String head = syncer.memory().head();
        boolean foreign = switch (relation(syncer, poller.runs(), head)) {
            case APART -> true;
            case UNKNOWN -> !poller.runs().isEmpty();
            case SAME, AHEAD, BEHIND -> false;
        };
        return foreign
                && syncer.remotes().stream()
                        .anyMatch(remote -> remote.is(NodeRole.PEER)
                                && !remote.runs().isEmpty()
                                && relation(syncer, remote.runs(), head) == Lineage.Relation.APART);
    }

    private static Lineage.Relation relation(Syncer syncer, String runs, String head) {
        try {
            return syncer.lineage().relate(runs, head).relation();
        } catch (IOException e) {
            return Lineage.Relation.UNKNOWN;
        }
    }

    private static Optional<String> treeOf(Syncer syncer, String generation) {
        try {
            return syncer.lineage().get(generation).map(Generation::tree);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
