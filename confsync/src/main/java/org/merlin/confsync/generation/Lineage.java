package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which generation follows which, by their parents. A part stands where its source stands. Confined to one thread. */
public final class Lineage {
    /** So far back parents are looked at. */
    static final int MAX_STEPS = 2_000;

    private final ObjectStore store;
    private final Map<String, Generation> known = new HashMap<>();

    public Lineage(ObjectStore store) {
        this.store = store;
    }

    /** How one generation stands to another. */
    public enum Relation {
        SAME,
        /** It follows the other. */
        AHEAD,
        /** The other follows it; or both are parts of one source, and the one that runs stays. */
        BEHIND,
        /** Neither follows the other. */
        APART,
        /** Some generations between them are not here yet. */
        UNKNOWN
    }

    /**
     * The answer, and what it lacks.
     *
     * @param missing generations to be fetched; empty unless unknown
     */
    public record Answer(Relation relation, List<String> missing) {}

    /** A generation that is here. */
    public Optional<Generation> get(String hash) throws IOException {
        Generation found = known.get(hash);
        if (found == null && !hash.isEmpty()) {
            try {
                Optional<String> text = store.text(hash);
                found = text.isPresent() ? Generation.read(text.get()) : null;
            } catch (DamagedException e) {
                return Optional.empty(); // whoever sent it: no generation of that name can be run
            }
            if (found != null) {
                known.put(hash, found);
            }
        }
        return Optional.ofNullable(found);
    }

    /** How a candidate stands to what is run; to nothing, it is ahead. */
    public Answer relate(String candidate, String head) throws IOException {
        if (candidate.equals(head)) {
            return new Answer(Relation.SAME, List.of());
        }
        Optional<Generation> wanted = get(candidate);
        if (wanted.isEmpty()) {
            return new Answer(Relation.UNKNOWN, List.of(candidate));
        }
        if (head.isEmpty()) {
            return new Answer(Relation.AHEAD, List.of());
        }
        String from = wanted.get().source().orElse(candidate);
        String to = get(head).flatMap(Generation::source).orElse(head);
        if (from.equals(to)) {
            return new Answer(Relation.BEHIND, List.of());
        }
        List<String> missing = new ArrayList<>();
        if (follows(from, to, missing)) {
            return new Answer(Relation.AHEAD, List.of());
        }
        if (follows(to, from, new ArrayList<>())) {
            return new Answer(Relation.BEHIND, List.of());
        }
        return new Answer(missing.isEmpty() ? Relation.APART : Relation.UNKNOWN, missing);
    }

    private boolean follows(String from, String ancestor, List<String> missing) throws IOException {
        Set<String> seen = new HashSet<>(List.of(from));
        Deque<String> next = new ArrayDeque<>(seen);
        while (!next.isEmpty() && seen.size() < MAX_STEPS) {
            String hash = next.remove();
            if (hash.equals(ancestor)) {
                return true;
            }
            Optional<Generation> generation = get(hash);
            if (generation.isEmpty()) {
                missing.add(hash);
            }
            generation.ifPresent(
                    found -> found.parents().stream().filter(seen::add).forEach(next::add));
        }
        return false;
    }

    /** A generation and all that it follows, as far as they are here; the newest first. */
    public List<String> ancestry(String hash) throws IOException {
        Set<String> seen = new HashSet<>();
        List<String> all = new ArrayList<>();
        Deque<String> next = new ArrayDeque<>(List.of(hash));
        while (!next.isEmpty() && all.size() < MAX_STEPS) {
            String one = next.remove();
            Optional<Generation> generation = get(one);
            if (generation.isPresent() && seen.add(one)) {
                all.add(one);
                next.addAll(generation.get().parents());
                generation.get().source().ifPresent(next::add);
            }
        }
        return all;
    }
}
