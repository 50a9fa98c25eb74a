package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.merlin.protocol.control.ConfigPiece;

/** Fetches until nothing is missing any more: what came may name further objects. One at a time. Confined to one thread. */
final class Gathering {
    private final Fetching fetching;
    private Optional<Errand> errand = Optional.empty();

    /** What is missing, with the most bytes each may have; empty when all is here. */
    @FunctionalInterface
    interface Missing {
        Map<String, Long> now() throws IOException, DamagedException;
    }

    private record Errand(String from, Missing missing, Syncer.Step done, Consumer<String> failed) {}

    Gathering(ObjectStore store, World world, Supplier<List<String>> givers) {
        this.fetching = new Fetching(store, world, givers);
    }

    /**
     * Begins; an errand before is given up.
     *
     * @param from node that is asked first
     * @param done called when all is here, at once if it is
     * @param failed called when it cannot be had, with the reason
     */
    void begin(String from, Missing missing, Syncer.Step done, Consumer<String> failed, long nowNanos)
            throws IOException, DamagedException {
        errand = Optional.of(new Errand(from, missing, done, failed));
        step(nowNanos);
    }

    void stop() {
        errand = Optional.empty();
        fetching.stop();
    }

    private void step(long nowNanos) throws IOException, DamagedException {
        if (errand.isEmpty()) {
            return;
        }
        Errand running = errand.get();
        Map<String, Long> missing;
        try {
            missing = running.missing().now();
        } catch (IOException | DamagedException e) {
            stop();
            running.failed().accept(e.getMessage());
            return;
        }
        if (missing.isEmpty()) {
            stop();
            running.done().run();
            return;
        }
        fetching.begin(running.from(), missing, nowNanos);
        failIfHopeless();
    }

    private void failIfHopeless() {
        Optional<String> why = fetching.hopeless();
        if (errand.isPresent() && why.isPresent()) {
            Consumer<String> failed = errand.get().failed();
            stop();
            failed.accept(why.get());
        }
    }

    void onPiece(String from, ConfigPiece piece, long nowNanos) throws IOException, DamagedException {
        boolean whole = fetching.onPiece(from, piece, nowNanos);
        if (whole && fetching.idle()) {
            step(nowNanos);
        } else {
            failIfHopeless();
        }
    }

    void onTick(long nowNanos) throws IOException {
        if (errand.isPresent()) {
            fetching.onTick(nowNanos);
            failIfHopeless();
        }
    }

    void onLink(String node, long nowNanos) throws IOException {
        fetching.onLink(node, nowNanos);
        failIfHopeless();
    }
}
