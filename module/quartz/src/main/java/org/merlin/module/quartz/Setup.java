package org.merlin.module.quartz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.objects.ObjectFiles;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.conf.MerlinConfReader;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.slot.SlotTable;

/**
 * What a scheduler runs by: a merlin.conf and the objects that it names, read and checked together.
 *
 * @param waits whether there are no objects because masters have yet to bring them
 * @param warnings what is odd, and does not matter
 */
record Setup(MerlinConf conf, Inventory inventory, boolean waits, List<ConfProblem> warnings) {
    Setup {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads both; opens and changes nothing.
     *
     * @param otherObjects file or folder to be read in the place of the one that merlin.conf names
     * @throws ConfException with everything that is wrong
     */
    static Setup read(Path file, Optional<Path> otherObjects) throws ConfException {
        MerlinConfReader.Report report = MerlinConfReader.read(file);
        MerlinConf conf = report.conf().orElseThrow(() -> new ConfException(report.problems()));
        Path place = otherObjects.orElse(conf.scheduler().objects());
        try {
            boolean mayWait =
                    otherObjects.isEmpty() && !conf.nodes(NodeRole.MASTER).isEmpty();
            boolean waits = mayWait && !ObjectFiles.isThere(place);
            if (!waits) {
                requireFiles(place);
            }
            Inventory inventory = waits && !Files.exists(place) ? Inventory.empty() : Inventory.read(place);
            requireDistinct(place, inventory);
            List<ConfProblem> warnings = new ArrayList<>(report.problems());
            warnings.addAll(inventory.warnings());
            return new Setup(conf, inventory, waits, warnings);
        } catch (IOException e) {
            throw problem(place, "cannot be read: " + e);
        }
    }

    private static void requireFiles(Path place) throws IOException, ConfException {
        if (!Files.exists(place)) {
            throw problem(
                    place,
                    "there is neither an object file nor a folder; scheduler { objects = ... } says where it is");
        }
        if (!ObjectFiles.areThere(place)) {
            throw problem(place, "this folder has no file *.cfg; scheduler { objects = ... } says where they are");
        }
    }

    /** What the module would refuse when it starts. */
    private static void requireDistinct(Path place, Inventory inventory) throws ConfException {
        try {
            SlotTable.of(
                    inventory.all().stream().map(Checkable::name).toList(),
                    inventory.all().stream().map(Checkable::hostgroups).toList(),
                    List.of());
        } catch (IllegalArgumentException e) {
            throw problem(place, e.getMessage());
        }
    }

    private static ConfException problem(Path place, String text) {
        return new ConfException(List.of(new ConfProblem(place.toString(), 0, true, text)));
    }

    /**
     * Refuses what a running scheduler cannot go on with.
     *
     * @throws ConfException if it is another node, or its objects have vanished
     */
    void requireSuccessorOf(Setup running) throws ConfException {
        List<ConfProblem> problems = new ArrayList<>();
        same(problems, "node_name", running.conf.nodeName(), conf.nodeName());
        same(problems, "state_dir", running.conf.stateDir(), conf.stateDir());
        if (waits && running.inventory.size() > 0) {
            problems.add(new ConfProblem(
                    conf.scheduler().objects().toString(), 0, true, "it is gone, or empty: no configuration is read"));
        }
        if (!problems.isEmpty()) {
            throw new ConfException(problems);
        }
    }

    private void same(List<ConfProblem> problems, String key, Object before, Object now) {
        if (!before.equals(now)) {
            problems.add(new ConfProblem(
                    conf.file().toString(),
                    0,
                    true,
                    key + " is " + now + " now and was " + before + " when the scheduler started: restart it"));
        }
    }

    /** Keys of the section scheduler that were changed and that only a start reads. */
    List<String> leftToAStart(Setup running) {
        MerlinConf.Scheduler before = running.conf.scheduler();
        MerlinConf.Scheduler now = conf.scheduler();
        List<String> keys = new ArrayList<>();
        if (!now.commandPipe().equals(before.commandPipe())) {
            keys.add("command_pipe");
        }
        if (!now.retention().equals(before.retention())) {
            keys.add("retention");
        }
        if (!now.log().equals(before.log())) {
            keys.add("log");
        }
        if (!now.runLog().equals(before.runLog())) {
            keys.add("run_log");
        }
        return keys;
    }
}
