package org.merlin.module.quartz;

import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.ExternalCommand;

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
}
