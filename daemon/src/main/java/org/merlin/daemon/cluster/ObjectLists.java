package org.merlin.daemon.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;

/**
 * Which objects nodes have loaded, as ascending keys by the hash of their list: asked for, part by part, while lists differ, and
 * forgotten a minute after nobody wants them any more. Equal lists have equal hashes, so each is asked for once, whoever has it.
 *
 * <p>Bounded by {@link ListPart#MAX_TOTAL} keys each and {@link #MAX_KEYS} in all; beyond it a list stays unknown, and everything is run
 * everywhere while it differs. Confined to the cluster loop.
 */
final class ObjectLists {
    /** 32 MB. */
    static final int MAX_KEYS = 4_000_000;

    static final long PATIENCE_NANOS = 5_000_000_000L;
    static final long KEEP_NANOS = 60_000_000_000L;

    private final ListPartner module;
    private final LongPredicate ours;
    private final Map<Long, Known> lists = new HashMap<>();
    /** Who asked for a part of our own lists before our module had told them. */
    private final Map<ListPartner, ListQuery> waiting = new LinkedHashMap<>();

    private static final class Known {
        private long[] keys = {};
        private int got;
        private boolean whole;
        private int asked;
        private Optional<ListPartner> from = Optional.empty();
        private long askAgainNanos;
        private long wantedNanos;

        private void add(List<Long> more) {
            if (keys.length < got + more.size()) {
                keys = Arrays.copyOf(keys, Math.max(2 * keys.length, got + more.size()));
            }
            for (long key : more) {
                keys[got++] = key;
            }
        }

        private boolean follows(List<Long> more) {
            return more.isEmpty() || got == 0 || keys[got - 1] < more.get(0);
        }

        private void beginAgain() {
            keys = new long[0];
            got = 0;
            from = Optional.empty();
        }
    }

    /**
     * Knows nothing yet.
     *
     * @param ours whether our scheduler has loaded a list with this hash
     */
    ObjectLists(ListPartner module, LongPredicate ours) {
        this.module = module;
        this.ours = ours;
    }

    /**
     * The keys of a list. Empty while they are not known; then one of those that have it is asked, and another one if it does not
     * answer.
     */
    Optional<long[]> keys(long hash, List<ListPartner> holders, long nowNanos) {
        Known list = lists.computeIfAbsent(hash, any -> {
            Known fresh = new Known();
            fresh.askAgainNanos = nowNanos;
            return fresh;
        });
        list.wantedNanos = nowNanos;
        if (!list.whole && !holders.isEmpty() && nowNanos - list.askAgainNanos >= 0) {
            ask(hash, list, holders.get(list.asked++ % holders.size()), nowNanos);
        }
        return list.whole ? Optional.of(list.keys) : Optional.empty();
    }

    private static void ask(long hash, Known list, ListPartner holder, long nowNanos) {
        list.from = Optional.of(holder);
        list.askAgainNanos = nowNanos + PATIENCE_NANOS;
        holder.ask(new ListQuery(hash, list.got));
    }

    /** Takes what was asked for; anything else is left alone. Returns whether a list is now known as a whole. */
    boolean onPart(ListPartner from, ListPart part, long nowNanos) {
        Known list = lists.get(part.lists());
        if (list == null || list.whole || !list.from.equals(Optional.of(from))) {
            return false;
        }
        if (part.from() != list.got || part.total() < 0 || !list.follows(part.keys()) || isTooMuch(part)) {
            list.beginAgain(); // it has loaded another one meanwhile, or there is no room: another one, later
            list.askAgainNanos = nowNanos + PATIENCE_NANOS;
            return false;
        }
        list.add(part.keys());
        if (list.got < part.total()) {
            if (part.keys().isEmpty()) {
                list.from = Optional.empty();
            } else {
                ask(part.lists(), list, from, nowNanos);
            }
            return false;
        }
        list.keys = Arrays.copyOf(list.keys, list.got);
        list.whole = true;
        tellWhoWaits(part.lists(), list.keys);
        return true;
    }

    private boolean isTooMuch(ListPart part) {
        long all = lists.values().stream().mapToLong(list -> list.got).sum();
        return all + part.keys().size() > MAX_KEYS;
    }

    private void tellWhoWaits(long hash, long[] keys) {
        waiting.entrySet().removeIf(entry -> {
            boolean forThis = entry.getValue().lists() == hash;
            if (forThis) {
                entry.getKey().answer(ListPart.of(keys, entry.getValue()));
            }
            return forThis;
        });
    }

    /** Answers another node, at once or when our module has told us. */
    void onQuery(ListPartner from, ListQuery query, long nowNanos) {
        if (!ours.test(query.lists())) {
            from.answer(ListPart.unknown(query.lists()));
            return;
        }
        keys(query.lists(), List.of(module), nowNanos)
                .ifPresentOrElse(known -> from.answer(ListPart.of(known, query)), () -> waiting.put(from, query));
    }

    /** Somebody has left: nothing comes of it, and it waits for nothing. */
    void forget(ListPartner gone) {
        waiting.remove(gone);
        lists.values().stream()
                .filter(list -> list.from.equals(Optional.of(gone)) && !list.whole)
                .forEach(Known::beginAgain);
    }

    /** Forgets what nobody wants any more. */
    void onTick(long nowNanos) {
        lists.values().removeIf(list -> nowNanos - list.wantedNanos >= KEEP_NANOS);
        waiting.values().removeIf(query -> !ours.test(query.lists()) || !lists.containsKey(query.lists()));
    }

    /** What is in one list and not in another. */
    static long[] lacking(long[] ours, long[] theirs) {
        long[] lacking = new long[ours.length];
        int count = 0;
        int at = 0;
        for (long key : ours) {
            while (at < theirs.length && theirs[at] < key) {
                at++;
            }
            if (at == theirs.length || theirs[at] != key) {
                lacking[count++] = key;
            }
        }
        return Arrays.copyOf(lacking, count);
    }
}
