package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compares what another node is to run with what it runs; what is not here of that is fetched, from that node if no other has it. One at
 * a time. Confined to one thread.
 */
final class Comparing {
    private final Syncer syncer;
    private final Gathering gathering;
    private Optional<Consumer<String>> failed = Optional.empty();

    Comparing(Syncer syncer) {
        this.syncer = syncer;
        this.gathering = new Gathering(
                syncer.store(),
                syncer.world(),
                () -> syncer.remotes().stream()
                        .filter(Remote::here)
                        .map(Remote::name)
                        .toList());
    }

    Gathering gathering() {
        return gathering;
    }

    /**
     * Compares.
     *
     * @param lines takes the difference
     * @param why takes the reason if there is none
     */
    void begin(String node, Consumer<List<String>> lines, Consumer<String> why) throws IOException, DamagedException {
        failed.ifPresent(before -> before.accept("another comparison has begun"));
        failed = Optional.of(why);
        SyncView.Other other = syncer.view().nodes().stream()
                .filter(one -> one.name().equals(node))
                .findFirst()
                .orElseThrow(() -> new IOException("there is no node " + node));
        Optional<Generation> wanted = syncer.lineage().get(other.wanted());
        if (wanted.isEmpty()) {
            fail(node + " is offered nothing by this node: " + other.state());
            return;
        }
        gathering.begin(
                node,
                () -> missing(other.runs()),
                () -> {
                    FileTree runs = tree(other.runs());
                    FileTree after = syncer.tree(wanted.get())
                            .orElseThrow(
                                    () -> new IOException("what " + node + " is to run is not kept here any more"));
                    failed = Optional.empty();
                    lines.accept(Difference.between(runs, after, syncer.store()));
                },
                reason -> fail("what " + node + " runs cannot be had: " + reason + "; 'mon oconf show "
                        + Hash.shown(other.runs()) + "' there shows it"),
                syncer.now());
    }

    private void fail(String reason) {
        Optional<Consumer<String>> told = failed;
        failed = Optional.empty();
        told.ifPresent(why -> why.accept(reason));
    }

    private Map<String, Long> missing(String runs) throws IOException, DamagedException {
        if (runs.isEmpty()) {
            return Map.of();
        }
        Optional<Generation> generation = syncer.lineage().get(runs);
        return generation.isPresent()
                ? new HashMap<>(syncer.follower().missing(generation.get()))
                : Map.of(runs, (long) Generation.MAX_BYTES);
    }

    private FileTree tree(String runs) throws IOException {
        Optional<Generation> generation = syncer.lineage().get(runs);
        return generation.isPresent() ? syncer.tree(generation.get()).orElse(FileTree.EMPTY) : FileTree.EMPTY;
    }
}
