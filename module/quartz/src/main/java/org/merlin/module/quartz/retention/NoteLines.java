package org.merlin.module.quartz.retention;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merlin.module.Broker.CommentKind;
import org.merlin.module.quartz.notes.Note;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notes.Outage;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;

/**
 * The lines of the retention file that hold comments, downtimes and acknowledgements. Fields as the records have them; an object
 * that is only named has no place, {@code -1}, until it is found again.
 */
final class NoteLines {
    private static final int NO_PLACE = -1;

    private final List<Note> comments = new ArrayList<>();
    private final List<Outage> downtimes = new ArrayList<>();
    private final List<Acknowledgement> acknowledged = new ArrayList<>();
    private long lastComment;
    private long lastDowntime;

    /** Takes a line. */
    interface Sink {
        void line(Object... fields) throws IOException;
    }

    static void write(Notes.Kept kept, Sink out) throws IOException {
        out.line("numbers", kept.lastComment(), kept.lastDowntime());
        for (Note note : kept.comments()) {
            Comment comment = note.comment();
            out.line(
                    "comment",
                    note.id(),
                    note.kind(),
                    comment.object().name(),
                    comment.entrySeconds(),
                    comment.author(),
                    comment.text(),
                    comment.persistent(),
                    comment.source(),
                    comment.expireSeconds());
        }
        for (Outage outage : kept.downtimes()) {
            Downtime downtime = outage.downtime();
            out.line(
                    "downtime",
                    outage.id(),
                    downtime.object().name(),
                    downtime.entrySeconds(),
                    downtime.author(),
                    downtime.text(),
                    downtime.startSeconds(),
                    downtime.endSeconds(),
                    downtime.fixed(),
                    downtime.durationSeconds(),
                    outage.triggeredBy(),
                    outage.comment(),
                    outage.begunSeconds());
        }
        for (Acknowledgement acknowledgement : kept.acknowledged()) {
            out.line(
                    "acknowledged",
                    acknowledgement.object().name(),
                    acknowledgement.sticky(),
                    acknowledgement.persistent(),
                    acknowledgement.tellContacts(),
                    acknowledgement.author(),
                    acknowledgement.text(),
                    acknowledgement.entrySeconds(),
                    acknowledgement.endSeconds());
        }
    }

    /** Takes back the fields of a line; of other lines nothing. */
    void read(String[] f) {
        switch (f[0]) {
            case "numbers" -> {
                lastComment = Long.parseLong(f[1]);
                lastDowntime = Long.parseLong(f[2]);
            }
            case "comment" ->
                comments.add(new Note(
                        Long.parseLong(f[1]),
                        NO_PLACE,
                        CommentKind.valueOf(f[2]),
                        new Comment(
                                object(f[3]),
                                Long.parseLong(f[4]),
                                f[5],
                                f[6],
                                Boolean.parseBoolean(f[7]),
                                Integer.parseInt(f[8]),
                                Long.parseLong(f[9]))));
            case "downtime" ->
                downtimes.add(new Outage(
                        Long.parseLong(f[1]),
                        NO_PLACE,
                        new Downtime(
                                object(f[2]),
                                Long.parseLong(f[3]),
                                f[4],
                                f[5],
                                Long.parseLong(f[6]),
                                Long.parseLong(f[7]),
                                Boolean.parseBoolean(f[8]),
                                Long.parseLong(f[9]),
                                EventName.NONE),
                        Long.parseLong(f[10]),
                        Long.parseLong(f[11]),
                        Long.parseLong(f[12])));
            case "acknowledged" ->
                acknowledged.add(new Acknowledgement(
                        object(f[1]),
                        true,
                        0,
                        0,
                        Boolean.parseBoolean(f[2]),
                        Boolean.parseBoolean(f[3]),
                        Boolean.parseBoolean(f[4]),
                        f[5],
                        f[6],
                        Long.parseLong(f[7]),
                        Long.parseLong(f[8])));
            default -> {
                // not ours
            }
        }
    }

    private static MonitoredObject object(String name) {
        int semicolon = name.indexOf(';');
        return semicolon < 0
                ? MonitoredObject.ofHost(name)
                : MonitoredObject.ofService(name.substring(0, semicolon), name.substring(semicolon + 1));
    }

    Notes.Kept kept() {
        return new Notes.Kept(comments, lastComment, downtimes, lastDowntime, acknowledged);
    }
}
