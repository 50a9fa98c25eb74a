package org.merlin.tests.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real Nagios beside a real daemon: its folder below the node's, its process, its files. */
final class RealNagios implements RealScheduler {
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/sbin/nagios4"), Path.of("/usr/local/nagios/bin/nagios"));
    private static final Path MODULE = RealNode.HOME.resolve("module/nagios/target/merlin/merlin.so");

    private final RealNode node;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private Optional<Process> process = Optional.empty();

    RealNagios(RealNode node) {
        this.node = node;
        this.folder = node.folder().resolve("nagios");
    }

    /** Why tests with a real Nagios cannot run here; empty if they can. */
    static Optional<String> missing() {
        if (PROGRAMS.stream().noneMatch(Files::isExecutable)) {
            return Optional.of("there is no Nagios here: apt-get install nagios4-core");
        }
        return Files.exists(MODULE)
                ? Optional.empty()
                : Optional.of("merlin.so was not built: apt-get install gcc, and a JDK with jni.h");
    }

    /** Skips tests where they cannot run. */
    static void assumePossible() {
        assumeTrue(missing().isEmpty(), () -> missing().orElseThrow());
    }

    /** One with its configuration written. */
    static RealNagios of(RealNode node, String objects) throws IOException {
        RealNagios nagios = new RealNagios(node);
        nagios.configure(objects);
        return nagios;
    }

    /** Writes its main configuration around an object file. */
    void configure(String objects) throws IOException {
        Path var = Files.createDirectories(folder.resolve("var"));
        Files.createDirectories(var.resolve("spool"));
        Files.writeString(folder.resolve("objects.cfg"), objects);
        Files.writeString(folder.resolve("nagios.cfg"), """
                log_file=%1$s/nagios.log
                cfg_file=%2$s/objects.cfg
                object_cache_file=%1$s/objects.cache
                status_file=%1$s/status.dat
                status_update_interval=1
                state_retention_file=%1$s/retention.dat
                retain_state_information=1
                retention_update_interval=1
                temp_file=%1$s/tmp
                temp_path=%1$s
                check_result_path=%1$s/spool
                command_file=%1$s/nagios.cmd
                check_external_commands=1
                cached_host_check_horizon=0
                cached_service_check_horizon=0
                log_service_retries=1
                log_host_retries=1
                lock_file=%1$s/nagios.pid
                query_socket=%1$s/nagios.qh
                nagios_user=%4$s
                nagios_group=%4$s
                illegal_macro_output_chars=`~$&|'"<>
                event_broker_options=-1
                broker_module=%3$s %5$s
                """.formatted(
                        var, folder, MODULE, System.getProperty("user.name"), node.conf()));
    }

    /** Sets a variable of the processes that are started from now on. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    /** Takes back what {@link #environment} set. */
    void usualEnvironment() {
        environment.clear();
    }

    /** Its main configuration file. */
    Path config() {
        return folder.resolve("nagios.cfg");
    }

    Path commandPipe() {
        return folder.resolve("var/nagios.cmd");
    }

    /** The folder of merlin.so and its jars. */
    static Path moduleFolder() {
        return MODULE.getParent();
    }

    ProcessHandle process() {
        return process.orElseThrow().toHandle();
    }

    static Path program() {
        return PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElseThrow();
    }

    @Override
    public void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                program().toString(), folder.resolve("nagios.cfg").toString());
        builder.environment().put("MERLIN_NODE", node.name());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("out.log").toFile()));
        process = Optional.of(builder.start());
    }

    /** Has it read its configuration anew. */
    @Override
    public void reload() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.orElseThrow().pid()))
                .start()
                .waitFor();
    }

    @Override
    public void forget() throws IOException {
        Files.delete(folder.resolve("var/retention.dat"));
    }

    @Override
    public boolean lives() {
        return process.filter(Process::isAlive).isPresent();
    }

    @Override
    public void command(String command) throws IOException {
        Files.writeString(
                folder.resolve("var/nagios.cmd"),
                "[" + Instant.now().getEpochSecond() + "] " + command + "\n",
                StandardOpenOption.WRITE);
    }

    @Override
    public String log() throws IOException {
        Path log = folder.resolve("var/nagios.log");
        return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
    }

    @Override
    public List<Map<String, String>> blocks(String type) throws IOException {
        Path file = folder.resolve("var/status.dat");
        List<Map<String, String>> blocks = new ArrayList<>();
        if (!Files.exists(file)) {
            return blocks;
        }
        Map<String, String> block = null;
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
            if (line.equals(type + " {")) {
                block = new HashMap<>();
                blocks.add(block);
            } else if (line.strip().equals("}")) {
                block = null;
            } else if (block != null && line.contains("=")) {
                int equals = line.indexOf('=');
                block.put(line.substring(0, equals).strip(), line.substring(equals + 1));
            }
        }
        return blocks;
    }

    /** Asks its query handler, and reads until it hangs up. */
    String ask(String question) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("var/nagios.qh")));
            channel.write(ByteBuffer.wrap((question + "\0").getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer some = ByteBuffer.allocate(16 * 1024);
            while (channel.read(some.clear()) >= 0) {
                answer.write(some.array(), 0, some.position());
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    /** What its status file says of a service, as text; empty if it is not there. */
    String status(String host, String service) throws IOException {
        Path file = folder.resolve("var/status.dat");
        if (!Files.exists(file)) {
            return "";
        }
        for (String block : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n\t}\n")) {
            if (block.contains("servicestatus {\n\thost_name=" + host + "\n\tservice_description=" + service + "\n")) {
                return block + "\n";
            }
        }
        return "";
    }

    @Override
    public void kill() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            process = Optional.empty();
        }
    }

    @Override
    public void stop() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroy(); // its workers go with it
            if (!process.get().waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
            process = Optional.empty();
        }
    }
}
