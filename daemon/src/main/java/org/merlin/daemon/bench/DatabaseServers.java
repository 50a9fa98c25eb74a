package org.merlin.daemon.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.merlin.daemon.demo.FreePorts;

/**
 * MariaDB servers of this machine's own, on loopback, in a folder that goes with them: one, or three that are a Galera cluster. They need
 * the packages mariadb-server and galera-4 with rsync, and as root run as the user mysql. Confined to one thread.
 */
public final class DatabaseServers implements AutoCloseable {
    private static final long START_SECONDS = 90;
    private static final long END_SECONDS = 20;
    private static final int POOL_MIB = 256;
    private static final Path GALERA = Path.of("/usr/lib/galera/libgalera_smm.so");
    private static final String ACCOUNTS = """
            CREATE DATABASE IF NOT EXISTS merlin CHARACTER SET utf8mb4;
            CREATE USER IF NOT EXISTS merlin@'%' IDENTIFIED BY 'merlin';
            GRANT ALL ON *.* TO merlin@'%';
            """;

    private final Path folder;
    private final List<Server> servers = new ArrayList<>();
    private final boolean cluster;
    private final int poolMib;

    /** One of them. */
    private static final class Server {
        private final Path folder;
        private final int port;
        private final int group;
        private final int increments;
        private final int transfers;
        private Optional<Process> process = Optional.empty();

        Server(Path folder, List<Integer> ports) {
            this.folder = folder;
            this.port = ports.get(0);
            this.group = ports.get(1);
            this.increments = ports.get(2);
            this.transfers = ports.get(3);
        }
    }

    private DatabaseServers(Path folder, boolean cluster, int poolMib) {
        this.folder = folder;
        this.cluster = cluster;
        this.poolMib = poolMib;
    }

    /** Why they cannot be started here; empty if they can. */
    public static Optional<String> missing(boolean cluster) {
        if (program("mariadbd").isEmpty() || program("mariadb-install-db").isEmpty()) {
            return Optional.of("there is no mariadbd: install the package mariadb-server");
        }
        if (cluster && !Files.exists(GALERA)) {
            return Optional.of("there is no " + GALERA + ": install the packages galera-4 and rsync");
        }
        return cluster && program("rsync").isEmpty()
                ? Optional.of("there is no rsync, by which nodes of the cluster get their first copy: install it")
                : Optional.empty();
    }

    private static Optional<Path> program(String name) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one server, or a cluster of three; returns when all take connections. */
    public static DatabaseServers start(boolean cluster) throws IOException {
        return start(cluster, POOL_MIB);
    }

    /**
     * The same.
     *
     * @param poolMib memory of each for its pages
     */
    public static DatabaseServers start(boolean cluster, int poolMib) throws IOException {
        DatabaseServers all = new DatabaseServers(Files.createTempDirectory("merlin-databases-"), cluster, poolMib);
        try {
            Files.setPosixFilePermissions(all.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            int count = cluster ? 3 : 1;
            List<String> names =
                    IntStream.range(0, count * 4).mapToObj(Integer::toString).toList();
            Map<String, Integer> ports = FreePorts.forEach(names);
            for (int i = 0; i < count; i++) {
                int first = i * 4;
                List<Integer> own = IntStream.range(first, first + 4)
                        .mapToObj(n -> ports.get(Integer.toString(n)))
                        .toList();
                all.servers.add(new Server(Files.createDirectories(all.folder.resolve("db" + i)), own));
                all.install(all.servers.get(i));
            }
            for (int i = 0; i < count; i++) {
                all.launch(i, i == 0);
            }
            return all;
        } catch (IOException e) {
            all.close();
            throw e;
        }
    }

    private void install(Server server) throws IOException {
        Path data = Files.createDirectories(server.folder.resolve("data"));
        own(server.folder);
        own(data);
        run(
                server,
                List.of(
                        program("mariadb-install-db").orElseThrow().toString(),
                        "--no-defaults",
                        "--datadir=" + data,
                        "--tmpdir=" + server.folder,
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db",
                        "--user=" + user()));
        Path accounts = Files.writeString(server.folder.resolve("accounts.sql"), ACCOUNTS);
        own(accounts);
    }

    /** As root a server runs as mysql, since the copy by rsync fails otherwise. */
    private static String user() {
        String self = System.getProperty("user.name");
        return self.equals("root") ? "mysql" : self;
    }

    private static void own(Path path) throws IOException {
        Files.setOwner(
                path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user()));
    }

    private static void run(Server server, List<String> words) throws IOException {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(server.folder.resolve("install.log").toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(words.get(0) + " failed: " + last(server.folder.resolve("install.log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String last(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    private void launch(int number, boolean first) throws IOException {
        begin(number, first);
        awaitOpen(servers.get(number));
    }

    private void begin(int number, boolean first) throws IOException {
        Server server = servers.get(number);
        List<String> words = new ArrayList<>(List.of(
                program("mariadbd").orElseThrow().toString(),
                "--no-defaults",
                "--user=" + user(),
                "--datadir=" + server.folder.resolve("data"),
                "--socket=" + server.folder.resolve("socket"),
                "--tmpdir=" + server.folder, // a server that starts removes what others have in a common one
                "--pid-file=" + server.folder.resolve("pid"),
                "--port=" + server.port,
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--init-file=" + server.folder.resolve("accounts.sql"),
                "--innodb-buffer-pool-size=" + poolMib + "M",
                "--innodb-flush-log-at-trx-commit=1",
                "--max-allowed-packet=64M"));
        if (cluster) {
            words.addAll(galera(server, first));
        }
        server.process = Optional.of(new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        server.folder.resolve("server.log").toFile()))
                .start());
    }

    private List<String> galera(Server server, boolean first) {
        String members = servers.stream().map(one -> "127.0.0.1:" + one.group).collect(Collectors.joining(","));
        List<String> words = new ArrayList<>(List.of(
                "--wsrep-on=ON",
                "--wsrep-provider=" + GALERA,
                "--wsrep-cluster-name=merlin",
                "--wsrep-cluster-address=gcomm://" + (first ? "" : members),
                "--wsrep-node-name=" + server.folder.getFileName(),
                "--wsrep-node-address=127.0.0.1:" + server.group,
                "--wsrep-sst-method=rsync",
                "--wsrep-sst-receive-address=127.0.0.1:" + server.transfers,
                "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:" + server.group
                        + ";ist.recv_addr=127.0.0.1:" + server.increments + ";gcache.size=64M",
                "--innodb-autoinc-lock-mode=2",
                "--binlog-format=ROW"));
        if (first) {
            words.add("--wsrep-new-cluster");
        }
        return words;
    }

    private static void awaitOpen(Server server) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", server.port), 500);
                return;
            } catch (IOException e) {
                boolean gone = server.process.isEmpty() || !server.process.get().isAlive();
                if (gone || System.nanoTime() > until) {
                    throw new IOException("mariadbd does not start: " + last(server.folder.resolve("server.log")), e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    /** Ends one at once, as a power failure does. */
    public void kill(int number) throws InterruptedException {
        Process process = servers.get(number).process.orElseThrow();
        process.destroyForcibly().waitFor();
    }

    /** Starts those again that were ended; they join the others, or each other. */
    public void startAgain(int... numbers) throws IOException {
        for (int number : numbers) {
            begin(number, false);
        }
        for (int number : numbers) {
            awaitOpen(servers.get(number));
        }
    }

    /** Keeps all of them from running until they are thawed, as a machine does that is suspended. */
    public void freeze() throws IOException {
        signal("STOP");
    }

    public void thaw() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        List<String> words = new ArrayList<>(List.of("kill", "-" + name));
        servers.forEach(server -> server.process.ifPresent(process -> words.add(Long.toString(process.pid()))));
        try {
            new ProcessBuilder(words).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** How many there are. */
    public int size() {
        return servers.size();
    }

    /** JDBC URL of one of them. */
    public String url(int number) {
        return "jdbc:mariadb://127.0.0.1:" + servers.get(number).port + "/merlin";
    }

    /** Addresses, as {@code host} of section database takes them. */
    public String hosts() {
        return servers.stream().map(server -> "127.0.0.1:" + server.port).collect(Collectors.joining(", "));
    }

    /** CPU seconds and the like are asked of these. */
    List<Long> pids() {
        return servers.stream()
                .map(server -> server.process.orElseThrow().pid())
                .toList();
    }

    @Override
    public void close() {
        for (Server server : servers) {
            server.process.ifPresent(DatabaseServers::end);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("merlin: " + folder + " cannot be removed: " + e);
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
