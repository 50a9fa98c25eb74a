package org.merlin.daemon.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.install.SchedulerKind;

/**
 * What {@code mon demo} was asked for.
 *
 * @param objects object file; the built-in one if empty
 * @param folder folder to be kept; a temporary one that is removed if empty
 * @param duration how long it runs from the moment that the cluster has settled; until interrupted if empty
 * @param bin folder of merlind and merlin-scheduler
 * @param scheduler what the nodes run; the embedded scheduler if empty
 */
public record DemoSettings(
        int masters,
        int pollers,
        Optional<Path> objects,
        Optional<Path> folder,
        Optional<Duration> duration,
        List<Fault> faults,
        Path bin,
        Optional<SchedulerKind> scheduler) {
    public static final int MAX_NODES = 20;

    public DemoSettings {
        faults = List.copyOf(faults);
    }

    /** Names of the masters, then of the pollers. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= masters; i++) {
            names.add("master" + i);
        }
        for (int i = 1; i <= pollers; i++) {
            names.add("poller" + i);
        }
        return names;
    }

    /** What the nodes run. */
    DemoScheduler schedulers() {
        return scheduler
                .<DemoScheduler>map(kind -> new BrokerScheduler(kind, bin))
                .orElseGet(() -> new EmbeddedScheduler(bin));
    }

    /** What is not installed here and has to be, each in a sentence. */
    public List<String> missing() {
        return schedulers().missing();
    }

    /** What is wrong with it, each in a sentence. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (masters < 1 || pollers < 0 || masters + pollers > MAX_NODES) {
            problems.add("--masters " + masters + " --pollers " + pollers + ": at least one master, at most "
                    + MAX_NODES + " nodes");
        }
        for (Fault fault : faults) {
            if (!names().contains(fault.node())) {
                problems.add("'" + fault + "': there is no such node; there are " + String.join(", ", names()));
            }
            if (duration.isPresent() && fault.at().compareTo(duration.get()) >= 0) {
                problems.add("'" + fault + "': the demo ends before, at "
                        + duration.get().toSeconds() + " s");
            }
        }
        return problems;
    }
}
