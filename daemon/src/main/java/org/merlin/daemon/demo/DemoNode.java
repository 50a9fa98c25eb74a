package org.merlin.daemon.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.merlin.daemon.cli.AdminClient;
import org.merlin.daemon.status.ClusterView;

/** One node of the demo: its folder, its two processes, and the faults done to them. Confined to the demo's thread. */
final class DemoNode {
    private final String name;
    private final boolean master;
    private final Path folder;
    private final Path bin;
    private final DemoScheduler kind;
    private Optional<Process> daemon = Optional.empty();
    private Optional<Process> scheduler = Optional.empty();
    private boolean daemonFrozen;
    private boolean schedulerFrozen;
    private Optional<ClusterView> lastView = Optional.empty();

    DemoNode(String name, boolean master, Path folder, Path bin, DemoScheduler kind) {
        this.name = name;
        this.master = master;
        this.folder = folder;
        this.bin = bin;
        this.kind = kind;
    }

    String name() {
        return name;
    }

    boolean master() {
        return master;
    }

    Path folder() {
        return folder;
    }

    Path conf() {
        return folder.resolve("merlin.conf");
    }

    Path state() {
        return folder.resolve("state");
    }

    /** One line per check that it started. */
    Path runLog() {
        return state().resolve("run.log");
    }

    /** What its scheduler wrote down when it ended. */
    DemoScheduler.Retained retained() throws IOException {
        return kind.retained(this);
    }

    void start(Fault.Part part) throws IOException {
        if (part.daemon() && !runs(daemon)) {
            daemon = Optional.of(
                    launch(List.of(bin.resolve("merlind").toString(), "-c", conf().toString()), "daemon.log"));
        }
        if (part.scheduler() && !runs(scheduler)) {
            scheduler = Optional.of(launch(kind.command(this), "module.log"));
        }
    }

    private static boolean runs(Optional<Process> process) {
        return process.isPresent() && process.get().isAlive();
    }

    private Process launch(List<String> command, String log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.toFile());
        builder.environment().put("MERLIN_NO_BUILD", "1");
        builder.environment().put("MERLIN_NODE", name);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
        return builder.start();
    }

    /** Does a fault now. */
    void suffer(Fault fault) throws IOException {
        switch (fault.kind()) {
            case KILL -> kill(fault.part());
            case FREEZE -> {
                signal(fault.part(), "-STOP");
                freeze(fault.part(), true);
            }
            case RESTART -> {
                if (daemonFrozen && fault.part().daemon()
                        || schedulerFrozen && fault.part().scheduler()) {
                    signal(fault.part(), "-CONT");
                    freeze(fault.part(), false);
                }
                start(fault.part());
            }
        }
    }

    private void freeze(Fault.Part part, boolean frozen) {
        daemonFrozen = part.daemon() ? frozen : daemonFrozen;
        schedulerFrozen = part.scheduler() ? frozen : schedulerFrozen;
    }

    private void kill(Fault.Part part) {
        if (part.daemon()) {
            daemon.ifPresent(DemoNode::killAndWait);
            daemon = Optional.empty();
        }
        if (part.scheduler()) {
            scheduler.ifPresent(DemoNode::killAndWait);
            scheduler = Optional.empty();
        }
        freeze(part, false);
    }

    private static void killAndWait(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(Fault.Part part, String signal) throws IOException {
        if (part.daemon() && daemon.isPresent()) {
            signal(daemon.get(), signal);
        }
        if (part.scheduler() && scheduler.isPresent()) {
            signal(scheduler.get(), signal);
        }
    }

    private static void signal(Process process, String signal) throws IOException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        try {
            kill.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether both processes run and are not frozen, by what the demo did to them. */
    boolean whole() {
        return daemonRuns() && schedulerRuns();
    }

    boolean daemonRuns() {
        return daemon.isPresent() && !daemonFrozen;
    }

    boolean schedulerRuns() {
        return scheduler.isPresent() && !schedulerFrozen;
    }

    /** A process that ended by itself, which none should: which, and where its last words are. */
    Optional<String> collapse() {
        if (daemon.isPresent() && !daemon.get().isAlive()) {
            return Optional.of("the daemon of " + name + " ended with status "
                    + daemon.get().exitValue() + "; see " + folder.resolve("daemon.log"));
        }
        if (scheduler.isPresent() && !scheduler.get().isAlive()) {
            return Optional.of("the scheduler of " + name + " ended with status "
                    + scheduler.get().exitValue() + "; see " + folder.resolve("module.log"));
        }
        return Optional.empty();
    }

    /** What its daemon says now; empty if it does not answer. */
    Optional<ClusterView> view() {
        if (!daemonRuns()) {
            return Optional.empty();
        }
        try {
            ClusterView view = new AdminClient(state().resolve("admin.sock")).cluster();
            lastView = Optional.of(view);
            return lastView;
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What its daemon said when it was last asked and answered. */
    Optional<ClusterView> lastView() {
        return lastView;
    }

    /** Gives its scheduler an external command. */
    void command(String command) throws IOException {
        Files.write(
                kind.commandPipe(this),
                ("[" + Instant.now().getEpochSecond() + "] " + command + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.WRITE);
    }

    /** Asks its processes to end, the scheduler first so that it can hand over, and makes sure that they do. */
    void stop() {
        try {
            signal(Fault.Part.BOTH, "-CONT"); // a frozen process hears nothing
        } catch (IOException e) {
            // then it is killed below
        }
        scheduler.ifPresent(DemoNode::end);
        scheduler = Optional.empty();
        daemon.ifPresent(DemoNode::end);
        daemon = Optional.empty();
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                killAndWait(process);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
