package org.merlin.module.quartz.command;

import java.util.List;
import java.util.Optional;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;

/** Notes what commands would do. */
final class TargetByHand implements CommandTarget {
    private final Inventory inventory;
    private final List<String> done;
    private long last;

    TargetByHand(Inventory inventory, List<String> done) {
        this.inventory = inventory;
        this.done = done;
    }

    private String name(int index) {
        return inventory.get(index).name().name();
    }

    @Override
    public Optional<String> passive(int index, Finding finding) {
        done.add("passive " + name(index) + " " + finding);
        return Optional.empty();
    }

    @Override
    public void checkAt(int index, long atMillis, boolean forced) {
        done.add("check " + name(index) + " at " + atMillis + (forced ? " forced" : ""));
    }

    @Override
    public void save() {
        done.add("save");
    }

    @Override
    public Optional<String> set(Register register) {
        done.add("set " + register.subject() + " " + register.name() + " " + register.service() + " "
                + register.attribute() + " to " + register.value());
        return Optional.empty();
    }

    @Override
    public void comment(int index, Comment comment) {
        done.add("comment " + comment);
    }

    @Override
    public boolean deleteComment(long id) {
        done.add("delete comment " + id);
        return id == 1;
    }

    @Override
    public void deleteComments(int index) {
        done.add("delete comments of " + name(index));
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement) {
        done.add("acknowledge " + acknowledgement);
    }

    @Override
    public void removeAcknowledgement(int index, long entrySeconds) {
        done.add("acknowledge " + name(index) + " no longer");
    }

    @Override
    public long schedule(int index, Downtime downtime, long triggeredBy) {
        done.add("downtime of " + name(index) + " from " + downtime.startSeconds() + " to " + downtime.endSeconds()
                + (downtime.fixed() ? "" : " for " + downtime.durationSeconds()) + " by " + downtime.author() + ": "
                + downtime.text() + (triggeredBy == 0 ? "" : ", with " + triggeredBy));
        return ++last;
    }

    @Override
    public boolean deleteDowntime(long id) {
        done.add("delete downtime " + id);
        return id == 1;
    }

    @Override
    public int deleteDowntimes(int index, long startSeconds, String text) {
        done.add("delete downtimes of " + name(index) + " from " + startSeconds + " '" + text + "'");
        return 1;
    }

    @Override
    public void delayNotification(int index, long untilMillis) {
        done.add("delay " + name(index) + " until " + untilMillis);
    }

    @Override
    public void numberNotification(int index, int number) {
        done.add("number " + name(index) + " " + number);
    }

    @Override
    public void tellContacts(int index, long bits, String author, String text) {
        done.add("tell of " + name(index) + " " + bits + " " + author + ": " + text);
    }

    @Override
    public void clearFlapping(int index) {
        done.add("clear " + name(index));
    }

    @Override
    public void given(ExternalCommand command) {
        done.add("given " + command.name());
    }

    @Override
    public void log(String line) {
        done.add("log " + line);
    }
}
