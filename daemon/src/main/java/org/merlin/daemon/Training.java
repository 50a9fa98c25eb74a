package org.merlin.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.merlin.daemon.ca.CertificateAuthority;
import org.merlin.daemon.cli.AdminClient;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * Two daemons that find each other over loopback, with TLS, and end at once: for a JVM that writes an archive of the classes that it used,
 * from which {@code merlind} starts sooner and takes less memory. A program of its own, run by {@code bin/} after a build.
 */
public final class Training {
    private static final List<String> NAMES = List.of("a", "b");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Training() {}

    /** Ends the process, whatever happens: a daemon that did not start may have left threads. Status 1 if they did not find each other. */
    public static void main(String[] arguments) {
        boolean met = false;
        try {
            Path folder = Files.createTempDirectory("merlin-training");
            try {
                met = meet(folder);
            } finally {
                delete(folder);
            }
        } catch (IOException | ConfException | RuntimeException e) {
            e.printStackTrace();
        } finally {
            System.exit(met ? 0 : 1);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static boolean meet(Path folder) throws IOException, ConfException {
        write(folder);
        List<Daemon> daemons = new ArrayList<>();
        try {
            for (String name : NAMES) {
                MerlinConf conf = MerlinConf.load(folder.resolve(name + ".conf"));
                DaemonMain.logTo(conf.daemon().log());
                daemons.add(Daemon.assemble(conf, NanoClock.SYSTEM, log -> {}, () -> {}));
            }
            long until = System.nanoTime() + PATIENCE_NANOS;
            while (System.nanoTime() - until < 0) {
                if (NAMES.stream().allMatch(name -> sees(folder, name))) {
                    return true;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            return false;
        } finally {
            daemons.forEach(Daemon::close);
        }
    }

    private static boolean sees(Path folder, String name) {
        try {
            return new AdminClient(folder.resolve(name).resolve("admin.sock"))
                    .cluster().nodes().stream()
                            .skip(1) // itself
                            .allMatch(other -> other.state().equals("connected"));
        } catch (IOException e) {
            return false; // not up yet
        }
    }

    private static void write(Path folder) throws IOException {
        CertificateAuthority authority = CertificateAuthority.init(folder.resolve("ca"), false, Clock.systemUTC());
        try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int[] ports = {a.getLocalPort(), b.getLocalPort()};
            for (int own = 0; own < 2; own++) {
                String name = NAMES.get(own);
                Path tls = Files.createDirectories(folder.resolve(name).resolve("tls"));
                Files.copy(folder.resolve("ca/ca.crt"), tls.resolve("ca.crt"));
                authority.issue(name, tls, CertificateAuthority.LEAF_LIFE);
                Files.writeString(folder.resolve(name + ".conf"), """
                                node_name = %1$s;
                                state_dir = %1$s;
                                daemon { address = 127.0.0.1; port = %2$d; }
                                peer %3$s { address = 127.0.0.1; port = %4$d; }
                                """.formatted(
                                name, ports[own], NAMES.get(1 - own), ports[1 - own]));
            }
        }
    }
}
