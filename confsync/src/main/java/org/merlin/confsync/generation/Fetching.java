package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.merlin.protocol.control.ConfigAsk;
import org.merlin.protocol.control.ConfigPiece;
import org.merlin.protocol.wire.PacketType;

/**
 * Fetches objects from any node that may give them: a few at a time, so that pulses pass; from another node when one has it not, is
 * silent or is gone; from where it stopped. Confined to one thread.
 */
final class Fetching {
    /** Objects asked for at once, each a piece at a time. */
    private static final int WINDOW = 4;

    private static final long SILENCE_NANOS = 10_000_000_000L;

    private final ObjectStore store;
    private final World world;
    private final Supplier<List<String>> givers;
    private final Map<String, Want> wants = new LinkedHashMap<>();
    private String first = "";

    private static final class Want {
        private final long maxBytes;
        private final Set<String> without = new HashSet<>();
        private String asked = "";
        private long askedNanos;

        Want(long maxBytes) {
            this.maxBytes = maxBytes;
        }
    }

    /**
     * Puts it together.
     *
     * @param givers linked nodes that may give, in any order
     */
    Fetching(ObjectStore store, World world, Supplier<List<String>> givers) {
        this.store = store;
        this.world = world;
        this.givers = givers;
    }

    /** Asks for these, with the most bytes each may have; who told of them is asked first. What else was asked for is not wanted any more. */
    void begin(String from, Map<String, Long> objects, long nowNanos) throws IOException {
        first = from;
        wants.keySet().retainAll(objects.keySet());
        objects.forEach((hash, maxBytes) -> wants.computeIfAbsent(hash, key -> new Want(maxBytes)));
        ask(nowNanos);
    }

    void stop() {
        wants.clear();
    }

    /** Why what is wanted cannot be had from anybody; empty while it can. */
    Optional<String> hopeless() {
        return wants.entrySet().stream()
                .filter(want -> want.getValue().asked.isEmpty()
                        && giver(want.getValue()).isEmpty())
                .findFirst()
                .map(want -> "no node that is connected has " + Hash.shown(want.getKey()) + " of it");
    }

    boolean idle() {
        return wants.isEmpty();
    }

    private Optional<String> giver(Want want) {
        List<String> all = givers.get();
        return all.contains(first) && !want.without.contains(first)
                ? Optional.of(first)
                : all.stream().filter(node -> !want.without.contains(node)).findFirst();
    }

    private void ask(long nowNanos) throws IOException {
        long open =
                wants.values().stream().filter(want -> !want.asked.isEmpty()).count();
        for (Map.Entry<String, Want> entry : wants.entrySet()) {
            if (open >= WINDOW) {
                return;
            }
            if (entry.getValue().asked.isEmpty() && ask(entry.getKey(), entry.getValue(), nowNanos)) {
                open++;
            }
        }
    }

    private boolean ask(String hash, Want want, long nowNanos) throws IOException {
        Optional<String> node = giver(want);
        want.asked = node.orElse("");
        want.askedNanos = nowNanos;
        if (node.isPresent()) {
            world.send(node.get(), PacketType.CONFIG_ASK, new ConfigAsk(hash, store.received(hash)).encode());
        }
        return node.isPresent();
    }

    /** A piece came; returns whether an object is whole by it. */
    boolean onPiece(String from, ConfigPiece piece, long nowNanos) throws IOException {
        Want want = wants.get(piece.object());
        if (want == null || !want.asked.equals(from)) {
            return false;
        }
        want.asked = "";
        boolean whole = false;
        if (piece.total() < 0) {
            want.without.add(from);
        } else {
            try {
                whole = store.receive(piece.object(), piece.offset(), piece.bytes(), piece.total(), want.maxBytes);
            } catch (DamagedException e) {
                want.without.add(from);
                world.say(SyncEvent.TROUBLE, from + ": " + e.getMessage());
            }
        }
        if (whole) {
            wants.remove(piece.object());
        }
        ask(nowNanos);
        return whole;
    }

    void onTick(long nowNanos) throws IOException {
        for (Want want : wants.values()) {
            if (!want.asked.isEmpty() && nowNanos - want.askedNanos > SILENCE_NANOS) {
                want.without.add(want.asked);
                want.asked = "";
            }
        }
        ask(nowNanos);
    }

    /** A node is gone, or its link is new: what it was asked on the old one does not come. */
    void onLink(String node, long nowNanos) throws IOException {
        for (Want want : wants.values()) {
            want.without.remove(node);
            if (want.asked.equals(node)) {
                want.asked = "";
            }
        }
        ask(nowNanos);
    }
}
