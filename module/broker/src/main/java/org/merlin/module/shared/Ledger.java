package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.merlin.module.Broker.CommentKind;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Deletion.Kind;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;

/**
 * Comments and downtimes by the names that they have on every node, and the names of those that were deleted. A deletion wins for
 * ever, also where it comes first. The comments that a scheduler makes for a downtime or an acknowledgement bear that one's name,
 * so that they too can be deleted from elsewhere. Confined to the scheduler's thread.
 */
public final class Ledger {
    /** How long a deletion is remembered: what comes later than that is offered by nobody any more. */
    static final long TOMBSTONE_SECONDS = 30L * 24 * 3600;

    /** Deletions that are remembered; beyond it the oldest go. */
    static final int MAX_TOMBSTONES = 100_000;

    private final SchedulerPort port;
    private final ObjectIndex objects;
    private final Teller teller;
    private final Map<Local, EventName> names = new HashMap<>();
    private final Map<Named, Here> here = new LinkedHashMap<>();
    private final Map<Named, Long> tombstones = new LinkedHashMap<>();
    private final Said said;
    /** Comments that were deleted in earlier runs, or before something was lost, as long as nothing shows that the daemon knows that. */
    private final Set<Named> doubtful = new HashSet<>();
    /** Those of them whose acknowledgement or downtime the daemon knows, with their objects. */
    private final Map<Named, Integer> undeleted = new LinkedHashMap<>();

    private EventName giving = EventName.NONE;
    private EventName made = EventName.NONE;
    private int madeFor = -1;
    private boolean orphans;

    private record Local(Kind kind, long id) {}

    /** @param trigger the downtime that it begins with, and goes with */
    private record Here(long id, int index, boolean persistent, EventName trigger) {}

    public Ledger(SchedulerPort port, ObjectIndex objects, Teller teller) {
        this.port = port;
        this.objects = objects;
        this.teller = teller;
        this.said = new Said(objects, teller);
    }

    // --- what this scheduler tells
    // ------------------------------------------------------------------------------------

    public void onComment(int index, long id, CommentKind kind, Comment comment) {
        boolean derived = kind == CommentKind.DOWNTIME || kind == CommentKind.ACKNOWLEDGEMENT;
        if (!giving.isNone()) {
            if (derived) {
                bindDerived(giving, kind, comment, id, index, comment.persistent());
            }
        } else if (kind == CommentKind.USER) {
            EventName name = teller.tell(index, comment, 0, comment.entrySeconds() * 1_000_000);
            bind(name, comment, id, index);
        } else if (derived && madeFor == index) {
            bindDerived(made, kind, comment, id, index, true);
            madeFor = -1;
        }
    }

    public void onDowntime(int index, long id, Downtime downtime, long triggeredBy) {
        if (!giving.isNone()) {
            return;
        }
        EventName trigger = names.getOrDefault(new Local(Kind.DOWNTIME, triggeredBy), EventName.NONE);
        Downtime told = new Downtime(
                downtime.object(),
                downtime.entrySeconds(),
                downtime.author(),
                downtime.text(),
                downtime.startSeconds(),
                downtime.endSeconds(),
                downtime.fixed(),
                downtime.durationSeconds(),
                trigger);
        EventName name = teller.tell(index, told, 0, downtime.entrySeconds() * 1_000_000);
        bind(name, told, new Here(id, index, true, trigger));
        made(name, index);
    }

    /** The comment that comes next for this object belongs to what bears this name. */
    void made(EventName name, int index) {
        made = name;
        madeFor = index;
    }

    /** What the scheduler tells until {@link #given} is an echo of what bears this name. */
    void giving(EventName name) {
        giving = name;
    }

    /** The echo is over. A comment that was deleted elsewhere before it was made here goes at once. */
    void given() {
        EventName name = giving;
        giving = EventName.NONE;
        if (tombstones.containsKey(new Named(Kind.COMMENT, name))) {
            drop(name);
        }
    }

    /** Deletes the comment of this name on this node; elsewhere whoever knows the same does so too. */
    void drop(EventName name) {
        Here gone = remove(new Named(Kind.COMMENT, name));
        if (gone != null) {
            names.remove(new Local(Kind.COMMENT, gone.id));
            port.deleteComment(gone.index, gone.id);
        }
    }

    public void onGone(Kind kind, long id, boolean byCommand, long nowSeconds) {
        EventName name = names.remove(new Local(kind, id));
        if (name == null) {
            return;
        }
        Named named = new Named(kind, name);
        Here was = remove(named);
        if (!giving.isNone() && kind == Kind.DOWNTIME) {
            bury(named, nowSeconds); // it went with the one that it would have begun with
        } else if (byCommand && giving.isNone()) {
            bury(named, nowSeconds);
            teller.tell(was.index, new Deletion(kind, name, objects.object(was.index)), 0, nowSeconds * 1_000_000);
        }
    }

    /**
     * Downtimes go with the one that they begin with, also where the scheduler does not know that: it heard of the trigger after
     * them. Not while the scheduler is deleting.
     */
    public void deleteOrphans(long nowSeconds) {
        if (!orphans) {
            return;
        }
        orphans = false;
        for (Map.Entry<Named, Here> entry : List.copyOf(here.entrySet())) {
            EventName trigger = entry.getValue().trigger;
            if (!trigger.isNone() && tombstones.containsKey(new Named(Kind.DOWNTIME, trigger))) {
                Deletion deletion =
                        new Deletion(Kind.DOWNTIME, entry.getKey().name(), objects.object(entry.getValue().index));
                teller.tell(entry.getValue().index, deletion, 0, nowSeconds * 1_000_000);
                take(deletion, nowSeconds);
            }
        }
    }

    private Here remove(Named named) {
        said.forget(named);
        return here.remove(named);
    }

    /** What stays when a newer acknowledgement has come is kept as a comment of its own. */
    private void bindDerived(
            EventName name, CommentKind kind, Comment comment, long id, int index, boolean persistent) {
        if (kind == CommentKind.ACKNOWLEDGEMENT && comment.persistent()) {
            bind(name, comment, id, index);
        } else {
            bind(Kind.COMMENT, name, id, index, persistent);
        }
    }

    private void bind(EventName name, Comment comment, long id, int index) {
        if (id != 0) {
            bind(Kind.COMMENT, name, id, index, comment.persistent());
            said.keep(name, index, comment);
        }
    }

    private void bind(EventName name, Downtime downtime, Here at) {
        if (at.id != 0) {
            bind(Kind.DOWNTIME, name, at);
            said.keep(name, at.index, downtime);
        }
    }

    private void bind(Kind kind, EventName name, long id, int index, boolean persistent) {
        bind(kind, name, new Here(id, index, persistent, EventName.NONE));
    }

    private void bind(Kind kind, EventName name, Here at) {
        if (at.id != 0) {
            names.put(new Local(kind, at.id), name);
            here.put(new Named(kind, name), at);
        }
    }

    private void bury(Named named, long nowSeconds) {
        orphans |= named.kind() == Kind.DOWNTIME;
        tombstones.put(named, nowSeconds);
        Iterator<Long> oldest = tombstones.values().iterator();
        while (oldest.hasNext()) {
            boolean over = isOver(oldest.next(), nowSeconds);
            if (!over && tombstones.size() <= MAX_TOMBSTONES) {
                return;
            }
            oldest.remove();
        }
    }

    private static boolean isOver(long since, long nowSeconds) {
        return nowSeconds - since > TOMBSTONE_SECONDS;
    }

    // --- what other nodes tell
    // ----------------------------------------------------------------------------------------

    /**
     * Takes a comment that was made elsewhere, or here in an earlier run.
     *
     * @param mayBeHere whether the scheduler may have it already, under a number that we do not know
     */
    public void take(int index, EventName name, Comment comment, boolean mayBeHere, long nowSeconds) {
        heard(Kind.COMMENT, name);
        boolean over = comment.expireSeconds() != 0 && comment.expireSeconds() <= nowSeconds;
        if (over || isKnown(Kind.COMMENT, name)) {
            return;
        }
        OptionalLong found = mayBeHere ? unbound(Kind.COMMENT, port.findComment(index, comment)) : OptionalLong.empty();
        giving(name);
        try {
            long id = found.isPresent() ? found.getAsLong() : port.addComment(index, comment);
            bind(name, comment, id, index);
        } finally {
            given();
        }
    }

    /** Takes a downtime; {@code mayBeHere} as for comments. */
    public void take(int index, EventName name, Downtime downtime, boolean mayBeHere, long nowSeconds) {
        heard(Kind.DOWNTIME, name);
        boolean over = downtime.endSeconds() <= nowSeconds
                && (downtime.fixed() || downtime.endSeconds() + downtime.durationSeconds() <= nowSeconds);
        if (over || isKnown(Kind.DOWNTIME, name)) {
            return;
        }
        Here trigger = here.get(new Named(Kind.DOWNTIME, downtime.triggeredBy()));
        if (trigger == null && tombstones.containsKey(new Named(Kind.DOWNTIME, downtime.triggeredBy()))) {
            bury(new Named(Kind.DOWNTIME, name), nowSeconds); // it went with the one that it would have begun with
            return;
        }
        OptionalLong found =
                mayBeHere ? unbound(Kind.DOWNTIME, port.findDowntime(index, downtime)) : OptionalLong.empty();
        giving(name);
        try {
            long id = found.isPresent()
                    ? found.getAsLong()
                    : port.addDowntime(index, downtime, trigger == null ? 0 : trigger.id);
            bind(name, downtime, new Here(id, index, true, downtime.triggeredBy()));
        } finally {
            given();
        }
    }

    private OptionalLong unbound(Kind kind, OptionalLong id) {
        return id.isPresent() && names.containsKey(new Local(kind, id.getAsLong())) ? OptionalLong.empty() : id;
    }

    private boolean isKnown(Kind kind, EventName name) {
        Named named = new Named(kind, name);
        return here.containsKey(named) || tombstones.containsKey(named);
    }

    /**
     * Tells once more that something was deleted, where an item of the state table shows that it is not known everywhere: the scheduler
     * was started again before its daemon could take the deletion.
     *
     * @return whether it was deleted
     */
    public boolean repeatDeletion(Kind kind, int index, EventName name, long nowSeconds) {
        boolean deleted = tombstones.containsKey(new Named(kind, name));
        if (deleted) {
            teller.tell(index, new Deletion(kind, name, objects.object(index)), 0, nowSeconds * 1_000_000);
        }
        return deleted;
    }

    /** Something that this node told has been lost: none of it counts as heard before the daemon tells of it. */
    public void doubt() {
        said.doubt();
        tombstones.keySet().stream()
                .filter(named -> named.kind() == Kind.COMMENT)
                .forEach(doubtful::add);
    }

    /** Nobody need be told of this again: the daemon knows of it. */
    void heard(Kind kind, EventName name) {
        said.heard(new Named(kind, name));
    }

    /**
     * The state table tells of an acknowledgement or a downtime, which says nothing of its comment, or it is told again; where the comment
     * was deleted and the table has not said so by {@link #repeat}, that is told too.
     */
    public void onToldWithComment(int index, EventName name) {
        Named comment = new Named(Kind.COMMENT, name);
        if (doubtful.contains(comment)) {
            undeleted.put(comment, index);
        }
    }

    /** The daemon has told all that it knows: what it has not told of what this node said and deleted in earlier runs is told again. */
    public void repeat(long nowSeconds) {
        said.repeat(nowSeconds, this::onToldWithComment);
        undeleted.forEach((named, index) -> repeatDeletion(named.kind(), index, named.name(), nowSeconds));
        undeleted.clear();
        doubtful.clear();
    }

    /** Takes that something was deleted elsewhere. */
    public void take(Deletion deletion, long nowSeconds) {
        Named named = new Named(deletion.kind(), deletion.name());
        bury(named, nowSeconds);
        doubtful.remove(named);
        undeleted.remove(named);
        Here gone = remove(named);
        if (gone == null) {
            return;
        }
        names.remove(new Local(deletion.kind(), gone.id));
        giving(deletion.name());
        try {
            if (deletion.kind() == Kind.COMMENT) {
                port.deleteComment(gone.index, gone.id);
            } else {
                port.deleteDowntime(gone.index, gone.id);
            }
        } finally {
            given();
        }
    }

    // --- over a restart
    // -----------------------------------------------------------------------------------------------

    /**
     * After the scheduler has loaded what it kept: comments that were not to outlive a restart are deleted everywhere, what else
     * it does not have any more has ended by itself.
     */
    public void onLoaded(long nowSeconds) {
        for (Map.Entry<Named, Here> entry : List.copyOf(here.entrySet())) {
            Named named = entry.getKey();
            Here at = entry.getValue();
            if (!port.has(named.kind(), at.index, at.id)) {
                onGone(named.kind(), at.id, named.kind() == Kind.COMMENT && !at.persistent, nowSeconds);
            }
        }
    }

    /** All that must be kept, as of now; the lines are made when they are asked for, on any thread. */
    public Supplier<List<String>> lines() {
        Map<Named, Here> hereNow = new LinkedHashMap<>(here);
        Supplier<List<String>> saidNow = said.lines();
        Map<Named, Long> tombstonesNow = new LinkedHashMap<>(tombstones);
        return () -> {
            List<String> lines = new ArrayList<>();
            hereNow.forEach((named, at) -> lines.add(SharedLines.of(
                    "here",
                    named.kind(),
                    named.name(),
                    at.id,
                    at.persistent,
                    objects.object(at.index).name(),
                    at.trigger)));
            lines.addAll(saidNow.get());
            tombstonesNow.forEach(
                    (named, since) -> lines.add(SharedLines.of("gone", named.kind(), named.name(), since)));
            return lines;
        };
    }

    /** Takes back a line that {@link #lines} gave; others are left alone. */
    public void read(List<String> fields) {
        said.read(fields);
        if (fields.get(0).equals("here")) {
            OptionalInt index = objects.byName(fields.get(5));
            if (index.isPresent()) {
                bind(
                        Kind.valueOf(fields.get(1)),
                        EventName.parse(fields.get(2)),
                        new Here(
                                Long.parseLong(fields.get(3)),
                                index.getAsInt(),
                                Boolean.parseBoolean(fields.get(4)),
                                EventName.parse(fields.get(6))));
            }
        } else if (fields.get(0).equals("gone")) {
            orphans = true;
            Named named = new Named(Kind.valueOf(fields.get(1)), EventName.parse(fields.get(2)));
            tombstones.put(named, Long.parseLong(fields.get(3)));
            if (named.kind() == Kind.COMMENT) {
                doubtful.add(named);
            }
        }
    }
}
