package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.merlin.daemon.ca.CertificateAuthority;
import org.merlin.daemon.cli.AdminClient;
import org.merlin.daemon.demo.FreePorts;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.NodeView;

/** A node of real processes, started by the scripts that users start it by. */
final class RealNode implements AutoCloseable {
    /** The clone that is tested. */
    static final Path HOME =
            Path.of(System.getProperty("merlin.home", "..")).toAbsolutePath().normalize();

    private final String name;
    private final Path folder;
    private final int port;
    private final Map<String, String> environment = new HashMap<>();
    private Optional<Process> daemon = Optional.empty();
    private Optional<Process> scheduler = Optional.empty();

    RealNode(String name, Path folder) throws IOException {
        this.name = name;
        this.folder = Files.createDirectories(folder.resolve(name));
        this.port = FreePorts.forEach(List.of(name)).get(name);
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    Path folder() {
        return folder;
    }

    Path state() {
        return folder.resolve("state");
    }

    Path conf() {
        return folder.resolve("merlin.conf");
    }

    Path log() {
        return folder.resolve("daemon.log");
    }

    /** Writes its merlin.conf and certificate. */
    void configure(CertificateAuthority authority, Path authorityFolder, String sections) throws IOException {
        Path tls = Files.createDirectories(state().resolve("tls"));
        Files.copy(authorityFolder.resolve("ca.crt"), tls.resolve("ca.crt"));
        authority.issue(name, tls, CertificateAuthority.LEAF_LIFE);
        Files.writeString(
                conf(),
                "node_name = " + name + ";\nstate_dir = state;\ndaemon { address = 127.0.0.1; port = " + port + "; "
                        + "pidfile = pid; }\n"
                        + sections);
    }

    /** Its section in another node's merlin.conf. */
    String section(String role, String more) {
        return role + " " + name + " { address = 127.0.0.1; port = " + port + "; " + more + " }\n";
    }

    /** Sets a variable of the processes that are started from now on. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    void signalScheduler(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(schedulerPid()))
                .start()
                .waitFor();
    }

    /** How many lines of the embedded scheduler's log hold a text. */
    long schedulerSaid(String text) throws IOException {
        return Files.readAllLines(folder.resolve("module.log")).stream()
                .filter(line -> line.contains(text))
                .count();
    }

    /** Starts another scheduler beside the one that runs, and waits for its end. */
    int secondScheduler() throws IOException, InterruptedException {
        Process second = launch("merlin-scheduler", "second.log");
        if (!second.waitFor(60, TimeUnit.SECONDS)) {
            second.destroyForcibly();
            return -1;
        }
        return second.exitValue();
    }

    void startDaemon() throws IOException {
        daemon = Optional.of(launch("merlind", "daemon.log"));
    }

    void startScheduler() throws IOException {
        scheduler = Optional.of(launch("merlin-scheduler", "module.log"));
    }

    private Process launch(String command, String log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(HOME.resolve("bin").resolve(command).toString(), "-c", conf().toString());
        builder.environment().put("MERLIN_NO_BUILD", "1");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
        return builder.start();
    }

    void killDaemon() throws InterruptedException {
        kill(daemon);
        daemon = Optional.empty();
    }

    /** Asks the daemon to end, and waits until it has. */
    void stopDaemon() throws InterruptedException {
        daemon.orElseThrow().destroy();
        daemon.orElseThrow().waitFor();
        daemon = Optional.empty();
    }

    /** Keeps the daemon from running until something is so, as a machine does that is suspended. */
    void freezeDaemon(Await until) throws Exception {
        String pid = Long.toString(daemonPid());
        new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
        try {
            until.await();
        } finally {
            new ProcessBuilder("kill", "-CONT", pid).start().waitFor();
        }
    }

    /** Waits for something. */
    @FunctionalInterface
    interface Await {
        void await() throws Exception;
    }

    /** Asks the scheduler to end; its exit status. */
    int stopScheduler(Duration within) throws InterruptedException {
        scheduler.orElseThrow().destroy();
        return awaitScheduler(within);
    }

    /** The exit status of a scheduler that ends by itself. */
    int awaitScheduler(Duration within) throws InterruptedException {
        if (!scheduler.orElseThrow().waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the scheduler of " + name + " has not ended after " + within);
        }
        return scheduler.get().exitValue();
    }

    void killScheduler() throws InterruptedException {
        kill(scheduler);
        scheduler = Optional.empty();
    }

    private static void kill(Optional<Process> process) throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    long daemonPid() {
        return daemon.orElseThrow().pid();
    }

    long schedulerPid() {
        return scheduler.orElseThrow().pid();
    }

    boolean daemonLives() {
        return daemon.filter(Process::isAlive).isPresent();
    }

    /** Empties its disk of all but certificates and objects. While it does not run. */
    void empty() throws IOException {
        try (Stream<Path> files = Files.walk(state())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.startsWith(state().resolve("tls"))
                        && !file.endsWith("objects.cfg")
                        && !file.equals(state())) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Makes its log forget all events, but not the state table. While its daemon does not run. */
    void forgetEvents() throws IOException {
        try (Stream<Path> files = Files.walk(state().resolve("log"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (file.getNameCount() > state().getNameCount() + 1
                        && file.getName(state().getNameCount() + 1).toString().matches("[0-9]{20}")) {
                    Files.delete(file);
                }
            }
        }
    }

    /** When the state table was last kept as a whole; 0 for never. */
    long stateKeptMillis() throws IOException {
        Path file = state().resolve("log").resolve("state");
        return Files.exists(file) ? Files.getLastModifiedTime(file).toMillis() : 0;
    }

    Optional<ClusterView> view() {
        try {
            return Optional.of(new AdminClient(state().resolve("admin.sock")).cluster());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What it says of a node: itself or another. */
    Optional<NodeView> sees(String other) {
        return view().flatMap(view ->
                view.nodes().stream().filter(node -> node.name().equals(other)).findFirst());
    }

    List<String> logLines() throws IOException {
        return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    }

    @Override
    public void close() {
        try {
            killScheduler();
            killDaemon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a command printed, and how it ended. */
    record Ended(int status, String out, String err) {}

    /** Checks configuration and objects as its scheduler would read them. */
    Ended check() throws IOException, InterruptedException {
        return ended("merlin-scheduler", folder, "--check", "-c", conf().toString());
    }

    /** Runs {@code bin/mon} to its end. */
    static Ended mon(Path work, String... arguments) throws IOException, InterruptedException {
        return ended("mon", work, arguments);
    }

    private static Ended ended(String program, Path work, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(HOME.resolve("bin").resolve(program).toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(work, "mon", ".out");
        Path err = Files.createTempFile(work, "mon", ".err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("MERLIN_NO_BUILD", "1");
        builder.environment().put("NO_COLOR", "1");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " did not end; it said " + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    static CertificateAuthority authority(Path folder) throws IOException {
        return CertificateAuthority.init(folder, false, Clock.systemUTC());
    }
}
