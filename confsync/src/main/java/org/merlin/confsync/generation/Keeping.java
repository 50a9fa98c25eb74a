package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of generations stays in the store: what somebody runs or may go back to, and where it came from. Confined to one thread. */
final class Keeping {
    /** Contents of so many generations that were run are kept. */
    static final int KEPT_GENERATIONS = 20;

    private final ObjectStore store;
    private final Lineage lineage;
    private final SyncMemory memory;

    Keeping(ObjectStore store, Lineage lineage, SyncMemory memory) {
        this.store = store;
        this.lineage = lineage;
        this.memory = memory;
    }

    /** A list of files that is here. */
    Optional<FileTree> tree(String hash) throws IOException {
        Optional<String> text = hash.isEmpty() ? Optional.empty() : store.text(hash);
        try {
            return text.isPresent()
                    ? Optional.of(FileTree.read(text.get(), Integer.MAX_VALUE, Long.MAX_VALUE))
                    : Optional.empty();
        } catch (DamagedException e) {
            return Optional.empty();
        }
    }

    /**
     * Forgets the rest.
     *
     * @param parts objects of pollers' parts
     * @param running generations that other nodes run
     */
    void sweep(Set<String> parts, Collection<String> running) throws IOException {
        memory.cutLog(Lineage.MAX_STEPS);
        Set<String> needed = new HashSet<>(parts);
        List<String> roots = new ArrayList<>(memory.kept());
        List<String> log = memory.log();
        roots.addAll(log.subList(Math.max(0, log.size() - KEPT_GENERATIONS), log.size()));
        for (String hash : roots) {
            keep(hash, needed);
        }
        needed.addAll(log);
        needed.addAll(lineage.ancestry(memory.head()));
        for (String hash : running) {
            keep(hash, needed);
            needed.addAll(lineage.ancestry(hash));
        }
        store.keepOnly(needed);
    }

    private void keep(String hash, Set<String> needed) throws IOException {
        Optional<Generation> generation = lineage.get(hash);
        if (generation.isPresent()) {
            needed.add(hash);
            needed.add(generation.get().tree());
            needed.addAll(lineage.ancestry(hash));
            tree(generation.get().tree())
                    .ifPresent(tree -> tree.files().values().forEach(file -> needed.add(file.hash())));
        }
    }
}
