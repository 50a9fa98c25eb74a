package org.merlin.module.quartz;

import java.util.OptionalLong;
import org.merlin.module.hook.Attributes;
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
    private final Runnable wake;

    QuartzPort(Inventory inventory, String description, Core core, Runnable wake) {
        this.objects = new LoadedObjects(
                inventory.all().stream()
                        .map(object -> new LoadedObjects.Entry(object.name(), object.hostgroups()))
                        .toList(),
                inventory.stamp());
        this.description = description;
        this.core = core;
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
    public LoadedObjects objects() {
        return objects;
    }

    @Override
    public void apply(int index, CheckResult result, int revision, boolean aloud) {
        core.apply(index, result, revision); // it notifies nobody in this release
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
    public void count(int index, CheckResult.NotificationCount count) {
        // not in this release
    }

    @Override
    public void tellContacts(int index, int notifiedOn) {
        // not in this release
    }

    @Override
    public long addComment(int index, Comment comment) {
        return 0;
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        return OptionalLong.empty();
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return true;
    }

    @Override
    public void deleteComment(int index, long id) {
        // not in this release
    }

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        return 0;
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return OptionalLong.empty();
    }

    @Override
    public void deleteDowntime(int index, long id) {
        // not in this release
    }

    @Override
    public boolean isAcknowledged(int index) {
        return false;
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {
        // not in this release
    }

    @Override
    public void removeAcknowledgement(int index) {
        // not in this release
    }

    @Override
    public void set(Register register) {
        Attributes.command(register, 0).ifPresent(core::execute);
    }
}
