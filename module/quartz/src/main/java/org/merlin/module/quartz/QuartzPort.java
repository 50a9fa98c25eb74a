package org.merlin.module.quartz;

import java.time.Duration;
import java.util.OptionalLong;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notify.Notifier;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;

/** What the module sees of this scheduler. */
final class QuartzPort implements SchedulerPort {
    private final LoadedObjects objects;
    private final String description;
    private final Core core;
    private final Notes notes;
    private final Notifier notifier;
    private final Runnable wake;
    private final int timeoutSeconds;

    QuartzPort(
            Inventory inventory,
            String description,
            Duration checkTimeout,
            Core core,
            Notes notes,
            Notifier notifier,
            Runnable wake) {
        this.objects = new LoadedObjects(
                inventory.all().stream()
                        .map(object -> new LoadedObjects.Entry(object.name(), object.hostgroups()))
                        .toList(),
                inventory.stamp());
        this.description = description;
        this.timeoutSeconds = (int) Math.max(1, checkTimeout.toSeconds());
        this.core = core;
        this.notes = notes;
        this.notifier = notifier;
        this.wake = wake;
    }

    @Override
    public void wake() {
        wake.run();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int checkTimeoutSeconds() {
        return timeoutSeconds;
    }

    @Override
    public LoadedObjects objects() {
        return objects;
    }

    @Override
    public void apply(int index, CheckResult result, int revision, boolean aloud) {
        core.apply(index, result, revision, aloud);
    }

    @Override
    public void history(int index, CheckResult result) {
        core.history(result);
    }

    @Override
    public void runSoon(int index) {
        core.runSoon(index);
    }

    @Override
    public void execute(ExternalCommand command) {
        core.execute(command);
    }

    @Override
    public CheckResult.NotificationCount count(int index) {
        return core.count(index);
    }

    @Override
    public void count(int index, CheckResult.NotificationCount count) {
        core.count(index, count);
    }

    @Override
    public void tellContacts(int index, int notifiedOn) {
        notifier.again(index, notifiedOn);
    }

    @Override
    public long addComment(int index, Comment comment) {
        return notes.comment(index, comment);
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        return notes.findComment(index, comment);
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return kind == Deletion.Kind.COMMENT ? notes.hasComment(id) : notes.hasDowntime(id);
    }

    @Override
    public void deleteComment(int index, long id) {
        notes.deleteComment(id, false);
    }

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        return notes.schedule(index, downtime, triggeredBy);
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return notes.findDowntime(index, downtime);
    }

    @Override
    public void deleteDowntime(int index, long id) {
        notes.deleteDowntime(id, false);
    }

    @Override
    public boolean isAcknowledged(int index) {
        return notes.isAcknowledged(index);
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {
        notes.acknowledge(index, acknowledgement, tellContacts);
    }

    @Override
    public void removeAcknowledgement(int index) {
        notes.removeAcknowledgement(index);
    }

    @Override
    public void set(Register register) {
        core.setByOthers(register);
    }
}
