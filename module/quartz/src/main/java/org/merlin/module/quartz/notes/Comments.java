package org.merlin.module.quartz.notes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.merlin.module.Broker.CommentKind;
import org.merlin.protocol.event.Comment;

/** All comments by number and by object. Confined to the core's thread. */
final class Comments {
    private final Map<Long, Note> byId = new LinkedHashMap<>();
    private final Map<Integer, Set<Long>> byObject = new HashMap<>();
    /** Numbers by the second in which they expire. */
    private final TreeMap<Long, Set<Long>> expiring = new TreeMap<>();

    private long lastId;

    int size() {
        return byId.size();
    }

    long lastId() {
        return lastId;
    }

    /** Never gives a number again that an earlier run has given. */
    void seen(long id) {
        lastId = Math.max(lastId, id);
    }

    Note add(int index, CommentKind kind, Comment comment) {
        Note note = new Note(++lastId, index, kind, comment);
        put(note);
        return note;
    }

    /** Takes back a comment that was kept. */
    void put(Note note) {
        seen(note.id());
        byId.put(note.id(), note);
        byObject.computeIfAbsent(note.index(), index -> new LinkedHashSet<>()).add(note.id());
        if (note.comment().expireSeconds() > 0) {
            expiring.computeIfAbsent(note.comment().expireSeconds(), second -> new LinkedHashSet<>())
                    .add(note.id());
        }
    }

    Optional<Note> get(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Deletes a comment; returns it, if it was there. */
    Optional<Note> remove(long id) {
        Note note = byId.remove(id);
        if (note == null) {
            return Optional.empty();
        }
        byObject.computeIfPresent(note.index(), (index, ids) -> without(ids, id));
        expiring.computeIfPresent(note.comment().expireSeconds(), (second, ids) -> without(ids, id));
        return Optional.of(note);
    }

    private static Set<Long> without(Set<Long> ids, long id) {
        ids.remove(id);
        return ids.isEmpty() ? null : ids;
    }

    List<Note> of(int index) {
        return byObject.getOrDefault(index, Set.of()).stream().map(byId::get).toList();
    }

    /** Those whose time is over. */
    List<Note> expired(long nowSeconds) {
        List<Note> over = new ArrayList<>();
        expiring.headMap(nowSeconds, true).values().forEach(ids -> ids.forEach(id -> over.add(byId.get(id))));
        return over;
    }

    List<Note> all() {
        return List.copyOf(byId.values());
    }
}
