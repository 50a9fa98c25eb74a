package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.merlin.confsync.generation.Following.Fate;
import org.merlin.protocol.node.NodeRole;

/** Tells how the others follow what was pushed, each thing once. Confined to the sync's thread. */
final class Spreading {
    private final Syncer syncer;
    private final Following following;
    private final Consumer<String> say;
    private final Map<String, String> fates;
    private final Set<String> absent = new HashSet<>();

    /**
     * What was seen.
     *
     * @param pending whether some node may follow yet
     * @param failed whether some node will not
     * @param remedies what somebody may do
     */
    record Seen(boolean pending, boolean failed, Set<String> remedies) {
        /** The remedies in a sentence. */
        String sentence() {
            String what = remedies.stream().filter(remedy -> !remedy.isEmpty()).collect(Collectors.joining("; "));
            return "not all nodes run it: " + (what.isEmpty() ? "mon oconf status" : what);
        }
    }

    /**
     * For one push.
     *
     * @param say takes a line for people
     * @param fates takes each node and what became of it there
     */
    Spreading(Syncer syncer, Consumer<String> say, Map<String, String> fates) {
        this.syncer = syncer;
        this.following = new Following(syncer);
        this.say = say;
        this.fates = fates;
    }

    /** Looks at all nodes that are to run a generation; {@code heard} once they have had time to begin. */
    Seen look(Generation generation, String hash, boolean heard) throws IOException {
        boolean pending = false;
        boolean failed = false;
        Set<String> remedies = new LinkedHashSet<>();
        for (Remote remote : followers(generation)) {
            if (!remote.here()) {
                sayAbsent(remote);
                continue;
            }
            Fate fate = following.at(remote, hash, heard);
            if (fate.end() != Following.End.OPEN || !fate.remedy().isEmpty()) {
                settle(remote.name(), fate.words(), generation, hash);
                remedies.add(fate.remedy());
            }
            pending |= fate.end() == Following.End.OPEN;
            failed |= fate.end() == Following.End.NEVER;
        }
        return new Seen(pending, failed, remedies);
    }

    /** The time is over: names who has not followed, with what is known of it. */
    Seen giveUp(Generation generation, String hash, long seconds) throws IOException {
        Set<String> remedies = new LinkedHashSet<>(look(generation, hash, true).remedies());
        for (Remote remote : followers(generation)) {
            if (!remote.here()) {
                continue;
            }
            Fate fate = following.at(remote, hash, true);
            if (fate.end() == Following.End.OPEN) {
                say.accept(remote.name() + " has not followed within " + seconds + " s: "
                        + fate.words().lines().findFirst().orElse(""));
                remedies.add(
                        fate.remedy().isEmpty()
                                ? "mon oconf status here, and the log of " + remote.name()
                                : fate.remedy());
            }
        }
        return new Seen(false, true, remedies);
    }

    /** Those that are to run it, connected or not. */
    private List<Remote> followers(Generation generation) {
        return syncer.remotes().stream()
                .filter(remote -> !remote.is(NodeRole.MASTER) && generation.isFor(remote.name()))
                .toList();
    }

    void sayAbsent(Remote remote) {
        if (absent.add(remote.name())) {
            say.accept(remote.name()
                    + (remote.linked()
                            ? " takes no part in the sync: its merlin.conf names no oconf_dir, and no master"
                            : " is not connected, and follows when it is"));
        }
    }

    private void settle(String node, String words, Generation generation, String hash) {
        String first = words.lines().findFirst().orElse("");
        if (first.equals(fates.put(node, first))) {
            return;
        }
        words.lines().forEach(line -> say.accept(line.equals(first) ? node + " " + line : "  " + line));
        if (words.startsWith(Following.REFUSES)) {
            syncer.onRefused(
                    generation.tree(),
                    Hash.shown(hash) + " (" + generation.note() + ") pushed from here is refused by ",
                    node + ": " + words.substring(Following.REFUSES.length()));
        }
    }
}
