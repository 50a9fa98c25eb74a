package org.merlin.daemon.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.merlin.backlog.LogSettings;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;

/**
 * Keeps the log and what it holds for each subscriber within their bounds, and has checkpoints written. A segment goes when a
 * checkpoint says that no cursor needs it. Confined to the cluster loop.
 */
final class LogKeeper {
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long CHECKPOINT_NANOS = 30_000_000_000L;
    /** What is newer stays, though nobody needs it, as long as the log's bounds allow: a neighbour may come to lack it. */
    private static final long KEEP_NANOS = 60_000_000_000L;

    private static final long NEARLY_FULL_BYTES = 2 << 20;
    private static final long CHECKPOINT_BYTES = 32L << 20;
    private static final long ANSWER_NANOS = 3_000_000_000L;
    private static final long LINE_NANOS = 60_000_000_000L;

    private final Store store;
    private long logMaxBytes;
    private final LongSupplier othersNeed;
    private final StateKeeper state;
    private final Supplier<Checkpoint> checkpoint;
    private final Journal journal;
    private final List<Kept> all = new ArrayList<>();
    private boolean checkpointing;
    private long lookedNanos;
    private long nowNanos;
    private long keptNanos;
    private long keptPosition = -1;
    private long keptBytes;
    private long keptNeeded = -1;
    private final Deque<Seen> ends = new ArrayDeque<>();

    /** Where the log ended once. */
    private record Seen(long nanos, long end) {}

    /** A feed and what holds for it; the bounds that it is beyond are looked at once a second. */
    private static final class Kept {
        private final Feed feed;
        private final String name;
        private MerlinConf.Backlog bounds;
        private long floor;
        private long sinceMicros;
        private String why = "";
        private boolean trimming;
        private long askedMicros;
        private final List<Answer> answers = new ArrayList<>();
        private long stoppedAt = -1; // what lies there is owed
        private long droppedTold;
        private boolean told;
        private long toldNanos;

        Kept(Feed feed, String name, MerlinConf.Backlog bounds) {
            this.feed = feed;
            this.name = name;
            this.bounds = bounds;
        }
    }

    LogKeeper(
            Store store,
            long logMaxBytes,
            LongSupplier othersNeed,
            StateKeeper state,
            Supplier<Checkpoint> checkpoint,
            Journal journal) {
        this.store = store;
        this.logMaxBytes = logMaxBytes;
        this.othersNeed = othersNeed;
        this.state = state;
        this.checkpoint = checkpoint;
        this.journal = journal;
    }

    /** Keeps this feed within these bounds. */
    void keep(Feed feed, String name, MerlinConf.Backlog bounds) {
        all.add(new Kept(feed, name, bounds));
    }

    /** Keeps this feed no more: the log may trim, and the next checkpoint, written soon, does not name it. */
    void forget(Feed feed) {
        all.stream()
                .filter(kept -> kept.feed == feed)
                .flatMap(kept -> kept.answers.stream())
                .forEach(answer -> answer.to.accept(false));
        all.removeIf(kept -> kept.feed == feed);
        keptPosition = -1;
        keptNanos = nowNanos - CHECKPOINT_NANOS;
    }

    /** Goes by other bounds. */
    void bounds(long newLogMaxBytes, Map<Feed, MerlinConf.Backlog> bounds) {
        logMaxBytes = newLogMaxBytes;
        all.forEach(kept -> kept.bounds = bounds.getOrDefault(kept.feed, kept.bounds));
    }

    /** Where the log ended about a minute ago, or when this daemon started. */
    long recent() {
        return ends.isEmpty() ? store.start() : Math.max(store.start(), ends.element().end);
    }

    void onTick(long now, long nowMicros) {
        nowNanos = now;
        if (now - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = now;
        long usable = store.usableBytes();
        long floor = store.startWithin(logMaxBytes);
        for (Kept kept : all) {
            look(kept, floor, usable, nowMicros);
        }
        if (ends.isEmpty()) {
            ends.add(new Seen(now, store.start())); // nobody has said yet what it lacks of what a former run took
        }
        ends.add(new Seen(now, store.end()));
        while (now - ends.element().nanos > KEEP_NANOS) {
            ends.remove();
        }
        writeCheckpoint(floor > store.start() || anyOver(usable));
    }

    /** Whether room is to be made on the disk: somebody's bound asks for it, or the log takes no more, or soon will not. */
    private boolean anyOver(long usable) {
        return usable < LogSettings.DEFAULT.minimumFreeBytes() + NEARLY_FULL_BYTES
                || all.stream().anyMatch(kept -> usable < kept.bounds.minFreeBytes());
    }

    private void look(Kept kept, long logFloor, long usable, long nowMicros) {
        boolean fullDisk = usable < kept.bounds.minFreeBytes();
        long second = fullDisk ? store.startWithin(store.bytes() - 1) : 0;
        kept.floor = Math.max(logFloor, second);
        kept.sinceMicros = nowMicros - kept.bounds.maxAge().toNanos() / 1000;
        if (kept.trimming) {
            return;
        }
        Feed feed = kept.feed;
        boolean stuck = feed.needs() < kept.floor;
        boolean tooMuch = feed.unsentBytes() > kept.bounds.maxBytes();
        boolean tooOld = !feed.open() && feed.oldestBefore(kept.sinceMicros);
        boolean unpassed = !feed.open() && feed.needs() < store.end() && feed.needs() != kept.stoppedAt;
        kept.trimming = stuck || tooMuch || tooOld || unpassed;
        kept.why = tooMuch
                ? "over backlog_max_size"
                : stuck
                        ? (fullDisk ? "below backlog_min_free" : "the log is over log_max_size")
                        : "over backlog_max_age";
    }

    /**
     * Drops what somebody asked for, beside what is beyond bounds.
     *
     * @param sinceMicros what happened before goes
     * @param answer whether it is finished; told then, or after some seconds
     */
    void drop(Feed feed, long sinceMicros, Consumer<Boolean> answer) {
        for (Kept kept : all) {
            if (kept.feed == feed) {
                kept.askedMicros = Math.max(kept.askedMicros, sinceMicros);
                kept.answers.add(new Answer(answer, nowNanos + ANSWER_NANOS));
                kept.trimming = true;
                kept.why = "by mon backlog drop";
            }
        }
    }

    private record Answer(Consumer<Boolean> to, long atNanos) {}

    private void answer(Kept kept) {
        boolean finished = !kept.trimming;
        List<Answer> due = kept.answers.stream()
                .filter(answer -> finished || nowNanos - answer.atNanos >= 0)
                .toList();
        kept.answers.removeAll(due);
        due.forEach(answer -> answer.to.accept(finished));
    }

    /** Drops what is beyond bounds, in pieces; returns whether there is more to do at once. */
    boolean onTurn() {
        boolean more = false;
        for (Kept kept : all) {
            if (kept.trimming) {
                long since = Math.max(kept.askedMicros, kept.feed.open() ? 0 : kept.sinceMicros);
                kept.trimming = kept.feed.trim(kept.bounds.maxBytes(), kept.floor, since);
                more |= kept.trimming;
                kept.stoppedAt = kept.feed.needs();
                kept.askedMicros = kept.trimming ? kept.askedMicros : 0;
            }
            answer(kept);
            if (!kept.trimming) {
                tell(kept);
            }
        }
        return more;
    }

    private void tell(Kept kept) {
        long fresh = kept.feed.dropped() - kept.droppedTold;
        if (fresh > 0 && (!kept.told || nowNanos - kept.toldNanos >= LINE_NANOS)) {
            journal.warn(LogEvent.BACKLOG_DROPPED, kept.name, fresh, kept.feed.dropped(), kept.why);
            kept.droppedTold = kept.feed.dropped();
            kept.told = true;
            kept.toldNanos = nowNanos;
        }
    }

    private void writeCheckpoint(boolean urgent) {
        long owed = all.stream().mapToLong(kept -> kept.feed.needs()).min().orElse(store.end());
        long needed = urgent
                ? owed
                : Math.min(
                        Math.min(owed, othersNeed.getAsLong()), ends.element().end());
        state.want(urgent ? needed : 0);
        needed = Math.min(needed, state.keptFrom());
        boolean due = (store.end() != keptPosition || needed != keptNeeded) && nowNanos - keptNanos >= CHECKPOINT_NANOS
                || Math.abs(store.bytes() - keptBytes) >= CHECKPOINT_BYTES
                || urgent && needed > keptNeeded;
        if (checkpointing || !due) {
            return;
        }
        checkpointing = true;
        keptNanos = nowNanos;
        keptPosition = store.end();
        keptBytes = store.bytes();
        keptNeeded = needed;
        store.checkpoint(checkpoint.get().encode(), Math.min(needed, keptPosition));
    }

    /** The last one is kept, or cannot be. */
    void onCheckpoint() {
        checkpointing = false;
    }
}
