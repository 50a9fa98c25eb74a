package org.merlin.daemon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.NodeView;

/**
 * Runs a small cluster: real daemons and real schedulers in processes of their own, faults at their times, and at the end the
 * proof by what the schedulers noted and know. Confined to one thread, but for {@link #close} and {@link #type}.
 */
public final class Demo implements AutoCloseable {
    private static final Duration SETTLE = Duration.ofSeconds(90);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final long SAMPLE_MILLIS = 200;
    private static final long DATA_TIMEOUT_MILLIS = 5_000;
    /** After the last start of a check: it must end, and a pulse must tell that its result waits no more. */
    private static final long QUIET_MILLIS = 2_000;

    private final DemoSettings settings;
    private final DemoScheduler scheduler;
    private final Consumer<String> say;
    private final Path folder;
    private final ObjectFile objects;
    private final List<DemoNode> nodes = new ArrayList<>();
    private final List<Judge.Unsettled> unsettled = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Queue<String> typed = new ConcurrentLinkedQueue<>();
    private long settledMillis;
    private long unsettledSince = -1;
    private long lateMillis = Judge.LATE_MILLIS;
    private volatile boolean closed;

    private Demo(DemoSettings settings, Path folder, ObjectFile objects, Consumer<String> say) {
        this.settings = settings;
        this.scheduler = settings.schedulers();
        this.folder = folder;
        this.objects = objects;
        this.say = say;
    }

    /**
     * Lays out the nodes' folders.
     *
     * @param say takes lines for people
     * @throws IOException if a folder or file cannot be used, saying which and why
     */
    public static Demo prepare(DemoSettings settings, Consumer<String> say) throws IOException {
        ObjectFile objects = DemoFolder.objects(settings);
        Path folder = DemoFolder.open(settings);
        Demo demo = new Demo(settings, folder, objects, say);
        demo.nodes.addAll(DemoFolder.layOut(settings, folder, objects));
        return demo;
    }

    /** Folder of the nodes. */
    public Path folder() {
        return folder;
    }

    /** merlin.conf of the node whose view is shown. */
    public Path firstConf() {
        return nodes.get(0).conf();
    }

    /** Starts all processes and waits until every node is active at all its neighbours and no handover is under way. */
    public void start() throws IOException, InterruptedException {
        for (DemoNode node : nodes) {
            node.start(Fault.Part.BOTH);
        }
        say.accept("Started " + nodes.size() + " nodes in " + folder + "; waiting until all see each other ...");
        boolean settled = await(SETTLE, this::settledNow);
        if (closed) {
            return;
        }
        if (!settled) {
            throw new IOException("the nodes did not settle within " + SETTLE.toSeconds() + " s; see the logs below "
                    + folder + collapses());
        }
        settledMillis = System.currentTimeMillis();
        say.accept("All nodes are active.");
    }

    private String collapses() {
        StringBuilder text = new StringBuilder();
        nodes.forEach(node -> node.collapse().ifPresent(why -> text.append("; ").append(why)));
        return text.toString();
    }

    /**
     * Lets it run, does the faults at their times, and returns at the end of the duration.
     *
     * @param everySample called five times a second
     */
    public void run(Runnable everySample) throws IOException, InterruptedException {
        List<Fault> ahead = new ArrayList<>(settings.faults());
        ahead.sort(Comparator.comparing(Fault::at));
        long endMillis = settings.duration()
                .map(duration -> settledMillis + duration.toMillis())
                .orElse(Long.MAX_VALUE);
        while (System.currentTimeMillis() < endMillis && !closed) {
            long elapsed = System.currentTimeMillis() - settledMillis;
            while (!ahead.isEmpty() && ahead.get(0).at().toMillis() <= elapsed) {
                suffer(ahead.remove(0));
            }
            obey();
            sample();
            everySample.run();
            long next = ahead.isEmpty()
                    ? SAMPLE_MILLIS
                    : Math.min(
                            SAMPLE_MILLIS, ahead.get(0).at().toMillis() - (System.currentTimeMillis() - settledMillis));
            Thread.sleep(Math.max(1, Math.min(next, endMillis - System.currentTimeMillis())));
        }
    }

    /** Does what a line says, e.g. {@code kill master2}, soon. Any thread. */
    public void type(String line) {
        typed.add(line);
    }

    private void obey() throws IOException {
        for (String line = typed.poll(); line != null; line = typed.poll()) {
            try {
                Fault fault = Fault.typed(line, Duration.ofMillis(System.currentTimeMillis() - settledMillis));
                if (settings.names().contains(fault.node())) {
                    suffer(fault);
                } else {
                    say.accept(
                            "there is no node " + fault.node() + "; there are " + String.join(", ", settings.names()));
                }
            } catch (IllegalArgumentException e) {
                say.accept(e.getMessage());
            }
        }
    }

    private void suffer(Fault fault) throws IOException {
        say.accept("-> " + fault);
        unsettle();
        if (fault.kind() == Fault.Kind.FREEZE) {
            lateMillis = Math.max(lateMillis, DATA_TIMEOUT_MILLIS + Judge.LATE_MILLIS);
        }
        find(fault.node()).suffer(fault);
    }

    private void unsettle() {
        if (unsettledSince < 0) {
            unsettledSince = System.currentTimeMillis();
        }
    }

    /** Looks at all nodes: notes when the cluster is between two states, and processes that ended by themselves. */
    private void sample() {
        for (DemoNode node : nodes) {
            node.collapse().filter(why -> !problems.contains(why)).ifPresent(problems::add);
        }
        if (!settledNow()) {
            unsettle();
        } else if (unsettledSince >= 0) {
            unsettled.add(new Judge.Unsettled(
                    unsettledSince - 5 * SAMPLE_MILLIS, System.currentTimeMillis() + SAMPLE_MILLIS, lateMillis));
            unsettledSince = -1;
            lateMillis = Judge.LATE_MILLIS;
        }
    }

    /**
     * Whether every node that should run does, is active at all its neighbours that run, counts no node that does not, and
     * has no handover under way. A node with one of its two processes away is between two states.
     */
    private boolean settledNow() {
        for (DemoNode node : nodes) {
            if (node.daemonRuns() != node.schedulerRuns()) {
                return false;
            }
            if (!node.whole()) {
                continue;
            }
            Optional<ClusterView> view = node.view();
            if (view.isEmpty() || view.get().handover()) {
                return false;
            }
            for (NodeView seen : view.get().nodes()) {
                if (seen.active() != find(seen.name()).whole()) {
                    return false;
                }
            }
        }
        return true;
    }

    private DemoNode find(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no node " + name));
    }

    private boolean await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0
                    || closed
                    || nodes.stream().anyMatch(node -> node.collapse().isPresent())) {
                return false;
            }
            Thread.sleep(SAMPLE_MILLIS);
        }
        return true;
    }

    /** Stops the checks, waits until every result is where it belongs, ends the nodes and judges. */
    public DemoReport finish() throws IOException, InterruptedException {
        if (unsettledSince >= 0) {
            unsettled.add(new Judge.Unsettled(
                    unsettledSince - 5 * SAMPLE_MILLIS, System.currentTimeMillis() + DATA_TIMEOUT_MILLIS, lateMillis));
        }
        long endMillis = System.currentTimeMillis();
        say.accept("Stopping the checks, waiting until every result has arrived ...");
        for (DemoNode node : nodes) {
            if (node.schedulerRuns()) {
                node.command("STOP_EXECUTING_SVC_CHECKS");
                node.command("STOP_EXECUTING_HOST_CHECKS");
            }
        }
        await(DRAIN, this::quiet);
        if (!await(DRAIN, this::drained)) {
            problems.add("not every result arrived within " + DRAIN.toSeconds() + " s: " + owed());
        }
        List<String> alive = nodes.stream()
                .filter(DemoNode::schedulerRuns)
                .map(DemoNode::name)
                .toList();
        nodes.forEach(DemoNode::stop);
        List<RunLog.Run> runs = RunLog.read(nodes);
        Judge.Findings findings = Judge.judge(
                DemoFolder.checks(objects, scheduler.slackMillis()), runs, unsettled, settledMillis, endMillis);
        problems.addAll(findings.complaints());
        problems.addAll(StateComparison.compare(
                nodes.stream().filter(node -> alive.contains(node.name())).toList()));
        List<DemoReport.NodeReport> reports = new ArrayList<>();
        for (DemoNode node : nodes) {
            reports.add(report(node, runs, alive.contains(node.name())));
        }
        for (DemoReport.NodeReport report : reports) {
            if (report.duplicates() > 0) {
                problems.add(report.name() + ": " + report.duplicates() + " results were applied twice");
            }
            if (report.gaps() > 0) {
                problems.add(report.name() + ": " + report.gaps() + " events were lost");
            }
        }
        return new DemoReport(
                problems.isEmpty(),
                (endMillis - settledMillis) / 1000.0,
                findings.worstMillis() / 1000.0,
                findings.doubles(),
                reports,
                problems);
    }

    /** Whether no check has been noted for a while. */
    private boolean quiet() {
        long newest = nodes.stream()
                .mapToLong(node -> node.runLog().toFile().lastModified())
                .max()
                .orElse(0);
        return System.currentTimeMillis() - newest > QUIET_MILLIS;
    }

    private boolean drained() {
        return nodes.stream()
                .filter(DemoNode::whole)
                .allMatch(node -> node.view()
                        .filter(view -> view.nodes().stream()
                                .filter(seen -> find(seen.name()).whole())
                                .allMatch(seen -> seen.backlog().events() == 0
                                        && seen.figures().getOrDefault("outbox_events", 0L) == 0))
                        .isPresent());
    }

    private String owed() {
        List<String> owed = new ArrayList<>();
        nodes.forEach(node -> node.lastView()
                .ifPresent(view -> view.nodes().stream()
                        .filter(seen -> seen.backlog().events() > 0)
                        .forEach(seen -> owed.add(node.name() + " owes " + seen.name() + " "
                                + seen.backlog().events()))));
        return String.join(", ", owed);
    }

    private static DemoReport.NodeReport report(DemoNode node, List<RunLog.Run> runs, boolean alive)
            throws IOException {
        List<Long> counts = alive ? node.retained().counts() : lastCounts(node);
        return new DemoReport.NodeReport(
                node.name(),
                runs.stream().filter(run -> run.node().equals(node.name())).count(),
                counts.get(0),
                counts.get(1),
                counts.get(2),
                counts.get(3),
                alive);
    }

    /** Of a scheduler that did not live to write it down: what its daemon knew when it was last asked. */
    private static List<Long> lastCounts(DemoNode node) {
        Map<String, Long> figures =
                node.lastView().map(view -> view.nodes().get(0).figures()).orElse(Map.of());
        return Stream.of("results_received", "results_applied", "duplicates", "gaps")
                .map(name -> figures.getOrDefault(name, 0L))
                .toList();
    }

    /** Whether it was ended, by Ctrl-C for one. Any thread. */
    public boolean closed() {
        return closed;
    }

    /** Ends all processes and removes a temporary folder. Any thread; may be called twice. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        nodes.forEach(DemoNode::stop);
        if (settings.folder().isEmpty()) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                say.accept("could not remove " + folder + ": " + e.getMessage());
            }
        }
    }
}
