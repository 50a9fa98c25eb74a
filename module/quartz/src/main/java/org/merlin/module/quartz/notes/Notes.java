package org.merlin.module.quartz.notes;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.merlin.module.Broker;
import org.merlin.module.Broker.CommentKind;
import org.merlin.module.quartz.notify.Circumstances;
import org.merlin.module.quartz.notify.Notifier;
import org.merlin.module.quartz.notify.Reason;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Board;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;

/**
 * Comments, acknowledgements and downtimes, by the rules of Nagios: what is made and deleted, what begins and ends by itself, and
 * who is told. Confined to the core's thread.
 */
public final class Notes implements Circumstances {
    /** How many comments, and how many downtimes, there may be; more are refused. */
    static final int MOST = 100_000;

    /** Who makes the comments that nobody made. */
    private static final String ITSELF = "(Nagios Process)";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd-yyyy HH:mm:ss", Locale.ROOT);

    private final Inventory inventory;
    private final Board board;
    private final Log log;
    private final Clock clock;
    private final ZoneId zone;
    private final Comments comments = new Comments();
    private final Downtimes downtimes = new Downtimes();
    private final Map<Integer, Acknowledgement> acknowledged = new HashMap<>();
    private Notifier notifier;
    private Broker broker;

    /** Takes lines for the scheduler's log. */
    @FunctionalInterface
    public interface Log {
        void line(String text);
    }

    public Notes(Inventory inventory, Board board, Log log, Clock clock) {
        this.inventory = inventory;
        this.board = board;
        this.log = log;
        this.clock = clock;
        this.zone = clock.getZone();
    }

    /** Tells this module, and contacts by this notifier. Before the loop starts, after {@link #restore}. */
    public void begin(Broker module, Notifier telling) {
        broker = module;
        notifier = telling;
    }

    private long nowSeconds() {
        return clock.millis() / 1000;
    }

    // --- comments
    // -----------------------------------------------------------------------------------------------------

    /** Adds a comment; returns its number, 0 if there are too many. */
    public long comment(int index, Comment comment) {
        return comment(index, CommentKind.USER, comment);
    }

    private long comment(int index, CommentKind kind, Comment comment) {
        if (comments.size() >= MOST) {
            log.line("Warning: There are " + MOST + " comments; the one for "
                    + inventory.get(index).name() + " is not kept");
            return 0;
        }
        Note note = comments.add(index, kind, comment);
        board.changed();
        broker.onComment(index, note.id(), kind, comment);
        return note.id();
    }

    private long ownComment(int index, CommentKind kind, String text) {
        return comment(index, kind, new Comment(inventory.get(index).name(), nowSeconds(), ITSELF, text, false, 0, 0));
    }

    public boolean hasComment(long id) {
        return comments.get(id).isPresent();
    }

    /** Finds a comment of a user that is the same in all but its number. */
    public OptionalLong findComment(int index, Comment comment) {
        return comments.of(index).stream()
                .filter(note ->
                        note.kind() == CommentKind.USER && note.comment().equals(comment))
                .mapToLong(Note::id)
                .findFirst();
    }

    /** Deletes a comment; returns whether it was there. */
    public boolean deleteComment(long id, boolean byCommand) {
        if (comments.remove(id).isEmpty()) {
            return false;
        }
        board.changed();
        broker.onCommentGone(id, byCommand);
        return true;
    }

    /** Deletes all comments of an object, as somebody commanded. */
    public void deleteComments(int index) {
        comments.of(index).forEach(note -> deleteComment(note.id(), true));
    }

    private void deleteOwnComments(int index, CommentKind kind) {
        comments.of(index).stream()
                .filter(note -> note.kind() == kind && !note.comment().persistent())
                .forEach(note -> deleteComment(note.id(), false));
    }

    // --- acknowledgements
    // ---------------------------------------------------------------------------------------------

    @Override
    public boolean isAcknowledged(int index) {
        return acknowledged.containsKey(index);
    }

    /** What was said about the present problem, if somebody acknowledged it. */
    public Optional<Acknowledgement> acknowledgement(int index) {
        return Optional.ofNullable(acknowledged.get(index));
    }

    /**
     * Acknowledges an object's problem, with a comment; where there is none nothing happens.
     *
     * @param tellContacts whether contacts are told
     */
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {
        if (board.get(index).state() == 0) {
            return;
        }
        if (tellContacts) {
            notifier.occasion(index, Reason.ACKNOWLEDGED, acknowledgement.author(), acknowledgement.text());
        }
        acknowledged.put(index, acknowledgement);
        board.changed();
        broker.onAcknowledgement(index, acknowledgement);
        comment(
                index,
                CommentKind.ACKNOWLEDGEMENT,
                new Comment(
                        acknowledgement.object(),
                        acknowledgement.entrySeconds(),
                        acknowledgement.author(),
                        acknowledgement.text(),
                        acknowledgement.persistent(),
                        1,
                        0));
    }

    /** Takes an acknowledgement back; tells nobody. Returns whether there was one. */
    public boolean removeAcknowledgement(int index) {
        if (acknowledged.remove(index) == null) {
            return false;
        }
        board.changed();
        deleteOwnComments(index, CommentKind.ACKNOWLEDGEMENT);
        return true;
    }

    /** The same as somebody commanded. */
    public void unacknowledge(int index, long entrySeconds) {
        if (removeAcknowledgement(index)) {
            broker.onAcknowledgementRemoved(index, entrySeconds);
        }
    }

    /** A result is about to become an object's state, before the module is told. */
    public void onState(int index, int before, int state) {
        Acknowledgement now = acknowledged.get(index);
        if (now != null && (state == 0 || state != before && !now.sticky())) {
            removeAcknowledgement(index);
        }
    }

    // --- flapping
    // -----------------------------------------------------------------------------------------------------

    /** An object begins to flap. */
    public void onFlapping(int index, double percent, double threshold) {
        String kind = inventory.get(index).isHost() ? "host" : "service";
        ownComment(
                index,
                CommentKind.FLAPPING,
                String.format(
                        Locale.ROOT,
                        "Notifications for this %s are being suppressed because it was detected as having been flapping"
                                + " between different states (%2.1f%% change >= %2.1f%% threshold).  When the %s state"
                                + " stabilizes and the flapping stops, notifications will be re-enabled.",
                        kind,
                        percent,
                        threshold,
                        kind));
    }

    /** It has stopped. */
    public void onFlappingOver(int index) {
        deleteOwnComments(index, CommentKind.FLAPPING);
    }

    // --- downtimes
    // ----------------------------------------------------------------------------------------------------

    @Override
    public int downtimes(int index) {
        return downtimes.depth(index);
    }

    /**
     * Schedules a downtime, with a comment.
     *
     * @param triggeredBy number of the downtime that it begins with; 0 for none
     * @return its number; 0 if it would be over already, makes no sense, or there are too many
     */
    public long schedule(int index, Downtime downtime, long triggeredBy) {
        if (downtime.endSeconds() <= downtime.startSeconds()
                || downtime.endSeconds() <= nowSeconds()
                || triggeredBy != 0 && downtimes.get(triggeredBy).isEmpty()) {
            return 0;
        }
        if (downtimes.size() >= MOST) {
            log.line("Warning: There are " + MOST + " downtimes; the one for "
                    + inventory.get(index).name() + " is not kept");
            return 0;
        }
        Outage outage = downtimes.add(index, downtime, triggeredBy);
        broker.onDowntime(index, outage.id(), downtime, triggeredBy);
        long comment = ownComment(index, CommentKind.DOWNTIME, words(inventory.get(index), downtime));
        downtimes.put(outage.withComment(comment));
        board.changed();
        boolean triggered = triggeredBy != 0
                && downtimes.get(triggeredBy).filter(Outage::isInEffect).isPresent();
        if (triggered || triggeredBy == 0 && downtime.fixed() && downtime.startSeconds() <= nowSeconds()) {
            begin(outage.id());
        }
        return outage.id();
    }

    private String words(Checkable object, Downtime downtime) {
        String kind = object.isHost() ? "host" : "service";
        String from = at(downtime.startSeconds());
        String to = at(downtime.endSeconds());
        String silence = "Notifications for the " + kind + " will not be sent out during that time period.";
        return downtime.fixed()
                ? "This " + kind + " has been scheduled for fixed downtime from " + from + " to " + to + ".  " + silence
                : "This " + kind + " has been scheduled for flexible downtime starting between " + from + " and " + to
                        + " and lasting for a period of " + downtime.durationSeconds() / 3600 + " hours and "
                        + downtime.durationSeconds() / 60 % 60 + " minutes.  " + silence;
    }

    private String at(long seconds) {
        return TIME.format(Instant.ofEpochSecond(seconds).atZone(zone));
    }

    public boolean hasDowntime(long id) {
        return downtimes.get(id).isPresent();
    }

    public Optional<Outage> downtime(long id) {
        return downtimes.get(id);
    }

    /** All downtimes of an object. */
    public List<Outage> downtimesOf(int index) {
        return downtimes.of(index);
    }

    /** All downtimes. */
    public List<Outage> allDowntimes() {
        return downtimes.all();
    }

    /** All comments. */
    public List<Note> allComments() {
        return comments.all();
    }

    /** Finds a downtime that is the same in all but its number and its trigger. */
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return downtimes.of(index).stream()
                .filter(outage -> isSame(outage.downtime(), downtime))
                .mapToLong(Outage::id)
                .findFirst();
    }

    private static boolean isSame(Downtime a, Downtime b) {
        return a.entrySeconds() == b.entrySeconds()
                && a.startSeconds() == b.startSeconds()
                && a.endSeconds() == b.endSeconds()
                && a.fixed() == b.fixed()
                && a.durationSeconds() == b.durationSeconds()
                && a.author().equals(b.author())
                && a.text().equals(b.text());
    }

    private void begin(long id) {
        Outage outage = downtimes.get(id).filter(found -> !found.isInEffect()).orElse(null);
        if (outage == null) {
            return;
        }
        Downtime downtime = outage.downtime();
        if (downtimes.depth(outage.index()) == 0) {
            alert(outage.index(), "STARTED", "has entered a period of scheduled downtime");
            notifier.occasion(outage.index(), Reason.DOWNTIME_STARTED, downtime.author(), downtime.text());
        }
        downtimes.put(outage.begun(nowSeconds()));
        board.changed();
        downtimes.triggeredBy(id).forEach(next -> begin(next.id()));
    }

    private void alert(int index, String word, String what) {
        Checkable object = inventory.get(index);
        String kind = object.isHost() ? "HOST" : "SERVICE";
        String capital = object.isHost() ? "Host" : "Service";
        log.line(kind + " DOWNTIME ALERT: " + object.name().name() + ";" + word + "; "
                + (word.equals("CANCELLED") ? what : capital + " " + what));
    }

    private void end(Outage outage) {
        remove(outage, false);
        if (outage.isInEffect() && downtimes.depth(outage.index()) == 0) {
            Downtime downtime = outage.downtime();
            alert(outage.index(), "STOPPED", "has exited from a period of scheduled downtime");
            notifier.occasion(outage.index(), Reason.DOWNTIME_ENDED, downtime.author(), downtime.text());
        }
    }

    private void remove(Outage outage, boolean byCommand) {
        downtimes.remove(outage.id());
        board.changed();
        broker.onDowntimeGone(outage.id(), byCommand);
        if (outage.comment() != 0) {
            deleteComment(outage.comment(), false);
        }
    }

    /** Deletes a downtime and those that begin with it, begun or not; returns whether it was there. */
    public boolean deleteDowntime(long id, boolean byCommand) {
        Outage outage = downtimes.get(id).orElse(null);
        if (outage == null) {
            return false;
        }
        remove(outage, byCommand);
        if (outage.isInEffect() && downtimes.depth(outage.index()) == 0) {
            Downtime downtime = outage.downtime();
            String kind = inventory.get(outage.index()).isHost() ? "host" : "service";
            alert(outage.index(), "CANCELLED", "Scheduled downtime for " + kind + " has been cancelled.");
            notifier.occasion(outage.index(), Reason.DOWNTIME_CANCELLED, downtime.author(), downtime.text());
        }
        downtimes.triggeredBy(id).forEach(next -> deleteDowntime(next.id(), byCommand));
        return true;
    }

    /** An object has come into a problem: flexible downtimes that wait for one begin. */
    public void onProblem(int index) {
        long now = nowSeconds();
        for (Outage outage : downtimes.of(index)) {
            Downtime downtime = outage.downtime();
            if (outage.isFlexible()
                    && !outage.isInEffect()
                    && downtime.startSeconds() <= now
                    && now < downtime.endSeconds()) {
                begin(outage.id());
            }
        }
    }

    /** Begins and ends what is due. */
    public void onTick() {
        long now = nowSeconds();
        for (Outage due : downtimes.due(now)) {
            // one before it may have taken it along
            downtimes.get(due.id()).ifPresent(outage -> {
                if (outage.dueSeconds() > now) {
                    return;
                }
                if (outage.isInEffect() || outage.downtime().endSeconds() <= now) {
                    end(outage);
                } else {
                    begin(outage.id());
                }
            });
        }
        comments.expired(now).forEach(note -> deleteComment(note.id(), false));
    }

    // --- over a restart
    // -----------------------------------------------------------------------------------------------

    /**
     * All that must survive a restart.
     *
     * @param lastComment the highest number of a comment that was ever given
     * @param lastDowntime the same of downtimes
     */
    public record Kept(
            List<Note> comments,
            long lastComment,
            List<Outage> downtimes,
            long lastDowntime,
            List<Acknowledgement> acknowledged) {
        public static final Kept NOTHING = new Kept(List.of(), 0, List.of(), 0, List.of());

        public Kept {
            comments = List.copyOf(comments);
            downtimes = List.copyOf(downtimes);
            acknowledged = List.copyOf(acknowledged);
        }
    }

    /** As of now. */
    public Kept kept() {
        return new Kept(
                comments.all(),
                comments.lastId(),
                downtimes.all(),
                downtimes.lastId(),
                List.copyOf(acknowledged.values()));
    }

    /** Takes back what an earlier run knew, but for what was not to outlive it, or whose object is gone. Before the loop starts. */
    public void restore(Kept kept) {
        restore(kept, false);
    }

    /** Takes back all that was known before a reload, but for that whose object is gone. */
    public void resume(Kept kept) {
        restore(kept, true);
    }

    private void restore(Kept kept, boolean sameRun) {
        comments.seen(kept.lastComment());
        downtimes.seen(kept.lastDowntime());
        for (Outage outage : kept.downtimes()) {
            inventory
                    .find(outage.downtime().object())
                    .ifPresent(index -> downtimes.put(new Outage(
                            outage.id(),
                            index,
                            outage.downtime(),
                            outage.triggeredBy(),
                            outage.comment(),
                            outage.begunSeconds())));
        }
        for (Acknowledgement acknowledgement : kept.acknowledged()) {
            inventory.find(acknowledgement.object()).ifPresent(index -> acknowledged.put(index, acknowledgement));
        }
        for (Note note : kept.comments()) {
            boolean passing = !sameRun
                    && note.kind() == CommentKind.USER
                    && !note.comment().persistent();
            OptionalInt index = inventory.find(note.comment().object());
            if (!passing && index.isPresent()) {
                comments.put(new Note(note.id(), index.getAsInt(), note.kind(), note.comment()));
            }
        }
    }
}
