package org.merlin.daemon.conf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.cluster.NodeChanges;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.daemon.status.ReloadView;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.conf.MerlinConfReader;
import org.merlin.protocol.time.NanoClock;

/**
 * Reads merlin.conf anew and has the cluster go by it, as a whole or not at all: a file that is wrong, or that asks for what only a
 * restart can give, changes nothing. Confined to the cluster loop, but for what reads files; one at a time, who asks meanwhile gets the
 * next one.
 */
public final class Reload {
    private final Cluster cluster;
    private final Executor files;
    private final Executor loop;
    private final NanoClock clock;
    private final Opening opening;
    private final Journal journal;
    private final List<Consumer<MerlinConf>> listeners = new ArrayList<>();
    private final List<Consumer<ReloadView>> waiting = new ArrayList<>();
    private boolean reading;

    /** Opens what a configuration needs that the one before did not: the first other node needs certificates and a socket. */
    @FunctionalInterface
    public interface Opening {
        /**
         * On the thread that reads files; does nothing where all is open.
         *
         * @throws IOException saying what cannot be opened, and why
         */
        void open(MerlinConf conf) throws IOException;
    }

    /** {@code files} may block, {@code loop} is the cluster's. */
    public Reload(Cluster cluster, Executor files, Executor loop, NanoClock clock, Opening opening, Journal journal) {
        this.cluster = cluster;
        this.files = files;
        this.loop = loop;
        this.clock = clock;
        this.opening = opening;
        this.journal = journal;
    }

    /** Tells somebody else of each configuration that is applied, after the cluster. Before the first {@link #read}. */
    public void whenApplied(Consumer<MerlinConf> listener) {
        listeners.add(listener);
    }

    /** Reads the file; tells what came of it, within seconds. */
    public void read(Consumer<ReloadView> answer) {
        waiting.add(answer);
        if (!reading) {
            begin();
        }
    }

    private void begin() {
        reading = true;
        List<Consumer<ReloadView>> askers = List.copyOf(waiting);
        waiting.clear();
        MerlinConf before = cluster.conf();
        files.execute(() -> {
            Attempt attempt = attempt(before);
            loop.execute(() -> end(before, attempt, askers));
        });
    }

    /** What the file says; only warnings if it can be applied. */
    private record Attempt(MerlinConf conf, boolean good, List<String> problems) {}

    private Attempt attempt(MerlinConf before) {
        MerlinConfReader.Report report = MerlinConfReader.read(before.file());
        List<String> problems = new ArrayList<>(
                report.problems().stream().map(ConfProblem::toString).toList());
        if (report.conf().isEmpty()) {
            return new Attempt(before, false, problems);
        }
        MerlinConf now = report.conf().get();
        RestartKeys.ofTheDaemon(before, now)
                .forEach(key -> problems.add(now.file() + ": " + key
                        + " has changed: that needs a restart of merlind; nothing was applied"));
        boolean good = problems.size() == report.problems().size();
        try {
            if (good) {
                opening.open(now);
            }
        } catch (IOException e) {
            good = false;
            problems.add(now.file() + ": " + e.getMessage());
        }
        RestartKeys.ofTheScheduler(before, now)
                .forEach(key -> problems.add(
                        now.file() + ": warning: " + key + " has changed: the scheduler reads that at its start"));
        return new Attempt(now, good, problems);
    }

    private void end(MerlinConf before, Attempt attempt, List<Consumer<ReloadView>> askers) {
        ReloadView view = attempt.good ? apply(before, attempt) : refuse(attempt);
        askers.forEach(asker -> asker.accept(view));
        reading = false;
        if (!waiting.isEmpty()) {
            begin();
        }
    }

    private ReloadView refuse(Attempt attempt) {
        attempt.problems.forEach(problem -> journal.warn(LogEvent.CONF_REFUSED, problem));
        return ReloadView.refused(attempt.problems);
    }

    private ReloadView apply(MerlinConf before, Attempt attempt) {
        attempt.problems.forEach(problem -> journal.warn(LogEvent.CONF_WARNING, problem));
        NodeChanges changes = NodeChanges.between(before, attempt.conf);
        long dropped = cluster.reconfigure(attempt.conf, clock.nanos());
        listeners.forEach(listener -> listener.accept(attempt.conf));
        ReloadView view = new ReloadView(
                1,
                true,
                attempt.problems,
                names(changes.added()),
                names(changes.changed()),
                names(changes.removed()),
                dropped);
        journal.info(LogEvent.CONF_APPLIED, attempt.conf.file(), view.inWords());
        return view;
    }

    private static List<String> names(List<MerlinConf.Node> nodes) {
        return nodes.stream().map(MerlinConf.Node::name).toList();
    }
}
