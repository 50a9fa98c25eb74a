package org.merlin.daemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.merlin.daemon.ca.CertificateAuthority;
import org.merlin.daemon.cli.AdminClient;
import org.merlin.daemon.demo.FreePorts;
import org.merlin.daemon.status.ClusterView;

/** Peers of real processes in a folder of their own, which goes with them. */
public final class BenchNodes implements AutoCloseable {
    private static final long SETTLE_SECONDS = 60;
    private static final long MIB = 1 << 20;
    private static final long LEAST_LOG_MIB = 2048;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final BenchSettings settings;
    private final BenchSite site;
    private final Path folder;
    private final Map<String, Integer> ports;
    private final List<BenchProcess> processes = new ArrayList<>();

    /** Writes configurations and certificates of nodes that run here and talk over loopback. */
    BenchNodes(BenchSettings settings, List<String> names, List<String> dialling) throws IOException {
        this(settings, names, dialling, BenchSite.LOOPBACK);
    }

    /**
     * Writes configurations and certificates.
     *
     * @param names of the nodes, all peers of each other
     * @param dialling names of those that dial; the others wait to be dialled
     */
    public BenchNodes(BenchSettings settings, List<String> names, List<String> dialling, BenchSite site)
            throws IOException {
        this.settings = settings;
        this.site = site;
        this.folder = Files.createTempDirectory("merlin-bench-");
        this.ports = FreePorts.forEach(names);
        CertificateAuthority authority = CertificateAuthority.init(folder.resolve("ca"), false, Clock.systemUTC());
        long mebibytes = LEAST_LOG_MIB + 2 * (settings.events() + settings.warmUp()) * settings.size() / MIB;
        for (String name : names) {
            Files.createDirectories(folder.resolve(name));
            Path tls = Files.createDirectories(state(name).resolve("tls"));
            Files.copy(folder.resolve("ca/ca.crt"), tls.resolve("ca.crt"));
            authority.issue(name, tls, CertificateAuthority.LEAF_LIFE);
            StringBuilder text = new StringBuilder("node_name = ").append(name).append(";\n");
            text.append("state_dir = ").append(state(name)).append(";\n");
            text.append("tls = ").append(settings.tls() ? "on" : "off").append(";\n");
            text.append("daemon {\n  address = ").append(site.address(name));
            text.append(";\n  port = ").append(port(name)).append(";\n}\n");
            text.append("log_max_size = ").append(mebibytes).append("M;\n");
            text.append("backlog_max_size = ").append(mebibytes).append("M;\n");
            for (String other : names) {
                if (!other.equals(name)) {
                    text.append("peer ")
                            .append(other)
                            .append(" {\n  address = ")
                            .append(site.address(other));
                    text.append(";\n  port = ")
                            .append(site.port(name, other, port(other)))
                            .append(";\n");
                    text.append("  connect = ")
                            .append(dialling.contains(name) ? "yes" : "no")
                            .append(";\n}\n");
                }
            }
            Files.writeString(conf(name), text.append(site.conf(name)).toString());
        }
    }

    public Path folder() {
        return folder;
    }

    /** Where its daemon listens. */
    public int port(String name) {
        return ports.get(name);
    }

    Path conf(String name) {
        return folder.resolve(name).resolve("merlin.conf");
    }

    Path state(String name) {
        return site.state(name, folder.resolve(name));
    }

    public BenchProcess startDaemon(String name) throws IOException {
        return start("daemon_" + name, name, "merlind", "-c", conf(name).toString());
    }

    public BenchProcess startScheduler(String process, String name) throws IOException {
        String services = Integer.toString(settings.services());
        return start(process, name, "merlin-bench", "scheduler", conf(name).toString(), services);
    }

    BenchProcess start(String process, String node, String command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(site.within(node));
        words.add(settings.bin().resolve(command).toString());
        words.addAll(List.of(arguments));
        BenchProcess started = new BenchProcess(process, folder, node, words);
        processes.add(started);
        return started;
    }

    public void stop(BenchProcess process) {
        process.close();
        processes.remove(process);
    }

    /** Waits until each of these sees all others and all agree on who runs what. */
    public void settle(List<String> names) throws IOException {
        await(() -> names.stream()
                .allMatch(name -> view(name)
                        .filter(view -> view.verdict() == 0 && !view.handover())
                        .isPresent()));
    }

    /** Waits until a node's scheduler is there. */
    void awaitActive(String name) throws IOException {
        await(() -> view(name).filter(view -> view.nodes().get(0).active()).isPresent());
    }

    /** Waits until one of these nodes writes their database. */
    void awaitWriter(List<String> names) throws IOException {
        await(() -> names.stream().anyMatch(this::writes));
    }

    private boolean writes(String name) {
        try {
            return new AdminClient(state(name).resolve("admin.sock"))
                    .sinks().stream().anyMatch(sink -> sink.state().equals("writing"));
        } catch (IOException e) {
            return false; // not up yet
        }
    }

    /** Waits until a node is connected to so many others. */
    void awaitConnected(String name, int others) throws IOException {
        await(() -> view(name).stream()
                        .flatMap(view -> view.nodes().stream().skip(1))
                        .filter(node -> node.connectedSeconds() > 0)
                        .count()
                >= others);
    }

    /** Bytes of records in a node's log. */
    long logBytes(String name) throws IOException {
        return new AdminClient(state(name).resolve("admin.sock"))
                .cluster()
                .log()
                .bytes();
    }

    private void await(BooleanSupplier there) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (!there.getAsBoolean()) {
            for (BenchProcess process : processes) {
                if (!process.isAlive()) {
                    throw new IOException("the process " + process.name() + " ended: " + log(process.name()));
                }
            }
            if (System.nanoTime() > until) {
                throw new IOException("the nodes did not see each other within " + SETTLE_SECONDS + " s: "
                        + log(processes.get(0).name()));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** The cluster as one of them sees it, if its daemon answers. */
    public Optional<ClusterView> view(String name) {
        try {
            return Optional.of(new AdminClient(state(name).resolve("admin.sock")).cluster());
        } catch (IOException e) {
            return Optional.empty(); // not up yet
        }
    }

    /** What a process has written since it was started last. */
    public String log(String process) throws IOException {
        return Files.readString(folder.resolve(process + ".log"));
    }

    /** Seconds of CPU since the start of each process, by its name. */
    Map<String, Double> cpu() throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (BenchProcess process : processes) {
            seconds.put(process.name(), process.cpuSeconds());
        }
        return seconds;
    }

    /** What each process used since. */
    Map<String, Double> cpuSince(Map<String, Double> before) throws IOException {
        Map<String, Double> spent = cpu();
        spent.replaceAll((name, seconds) -> BenchReport.rounded(seconds - before.getOrDefault(name, 0.0)));
        return spent;
    }

    /** A line of the kernel's about the memory of each process, in 2^20 bytes, by its name. */
    Map<String, Double> memory(String what) throws IOException {
        Map<String, Double> all = new LinkedHashMap<>();
        for (BenchProcess process : processes) {
            all.put(process.name(), BenchReport.rounded(process.memoryMb(what)));
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).close();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
