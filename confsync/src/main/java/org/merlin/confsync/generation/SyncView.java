package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.node.NodeRole;

/**
 * What a node knows of its own and the others' configuration, for people.
 *
 * @param runs the generation that this node runs; empty if it has none
 * @param folder where its files lie
 * @param edited whether that holds changes that were not pushed
 * @param doing what it is about; empty if it is about nothing
 * @param refused the last contents that were refused, here or of what was pushed from here, with the reason; empty texts if it runs
 *     something newer
 * @param nodes the others, by name
 */
public record SyncView(
        Optional<Entry> runs,
        String folder,
        boolean edited,
        String doing,
        Map.Entry<String, String> refused,
        List<Other> nodes) {
    /**
     * One generation.
     *
     * @param state {@code runs}, {@code ran}, {@code kept} or {@code known}
     */
    public record Entry(
            String hash, String tree, String author, long seconds, String note, List<String> only, String state) {}

    /**
     * Another node.
     *
     * @param role what it is to this one
     * @param state {@code in sync} or why it is not
     * @param stateWord the same in a word that stays: {@code in_sync}, {@code behind}, {@code ahead}, {@code apart}, {@code refused},
     *     {@code edited}, {@code held}, {@code no_offer}, {@code away} or {@code no_part}
     * @param runs hash of what it runs; empty if unknown
     * @param wanted hash of what it is to run; empty if this node offers it nothing
     * @param doing what it is about
     * @param why its scheduler's own words, if it refuses
     */
    public record Other(
            String name,
            NodeRole role,
            String state,
            String stateWord,
            String runs,
            String wanted,
            String doing,
            String why) {
        public boolean inSync() {
            return stateWord.equals(Standing.Word.IN_SYNC.text());
        }
    }

    static SyncView of(Syncer syncer) throws IOException {
        List<Other> nodes = new ArrayList<>();
        for (Remote remote : syncer.remotes()) {
            nodes.add(other(syncer, remote));
        }
        return new SyncView(
                entry(syncer, syncer.memory().head(), "runs"),
                syncer.folder().path().toString(),
                syncer.edited(),
                syncer.doing(),
                syncer.refusal(),
                nodes);
    }

    static List<Entry> history(Syncer syncer) throws IOException {
        Set<String> all = new LinkedHashSet<>();
        List<String> log = syncer.memory().log();
        for (int i = log.size() - 1; i >= 0; i--) {
            all.add(log.get(i));
        }
        all.addAll(syncer.memory().kept());
        all.addAll(syncer.lineage().ancestry(syncer.memory().head()));
        List<Entry> entries = new ArrayList<>();
        for (String hash : all) {
            entry(syncer, hash, state(syncer, hash)).ifPresent(entries::add);
        }
        return entries;
    }

    static Optional<Entry> entry(Syncer syncer, String hash) throws IOException {
        return entry(syncer, hash, state(syncer, hash));
    }

    private static String state(Syncer syncer, String hash) {
        if (hash.equals(syncer.memory().head())) {
            return "runs";
        }
        return syncer.memory().log().contains(hash)
                ? "ran"
                : syncer.memory().kept().contains(hash) ? "kept" : "known";
    }

    private static Optional<Entry> entry(Syncer syncer, String hash, String state) throws IOException {
        return syncer.lineage()
                .get(hash)
                .map(found -> new Entry(
                        hash, found.tree(), found.author(), found.seconds(), found.note(), found.only(), state));
    }

    private static Other other(Syncer syncer, Remote remote) throws IOException {
        String wanted = remote.is(NodeRole.POLLER)
                ? syncer.parts().of(remote.neighbour().hostgroups())
                : remote.is(NodeRole.PEER) ? syncer.memory().head() : "";
        Standing standing = Standing.of(syncer, remote, wanted);
        return new Other(
                remote.name(),
                remote.neighbour().role(),
                standing.words(),
                standing.word().text(),
                remote.runs(),
                wanted,
                remote.told().map(ConfigHead::doing).orElse(""),
                remote.told().map(ConfigHead::why).orElse(""));
    }
}
