package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded scheduler as a process: how it is stopped, killed and started again. */
@Timeout(180)
class EmbeddedSchedulerIT {
    private static final String COMMANDS = """
            define command {
              command_name slow
              command_line (sleep 86399.25 & sleep 86399.25) & sleep 86399.25
            }
            define host {
              host_name h
              active_checks_enabled 0
            }
            """;

    @TempDir
    private Path work;

    private RealNode node;

    @BeforeEach
    void configure() throws IOException {
        Path ca = Files.createDirectories(work.resolve("ca"));
        node = new RealNode("yoda", work);
        node.configure(
                RealNode.authority(ca),
                ca,
                "scheduler { run_log = run.log; interval_length = 1; max_concurrent_checks = 250; }\n");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void objects(String text) throws IOException {
        Files.createDirectories(node.state());
        Files.writeString(node.state().resolve("objects.cfg"), COMMANDS + text);
    }

    private void start(int starts) throws IOException {
        node.startScheduler();
        await().atMost(Duration.ofSeconds(30)).until(() -> said("MRL-3000 ") == starts);
    }

    /** How often the module's log holds a text. */
    private long said(String text) throws IOException {
        return Files.readAllLines(node.folder().resolve("module.log")).stream()
                .filter(line -> line.contains(text))
                .count();
    }

    private void command(String line) throws IOException {
        Files.writeString(node.state().resolve("command.pipe"), line + "\n", StandardOpenOption.WRITE);
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(node.state().resolve("scheduler.log"));
    }

    private Path retention() {
        return node.state().resolve("retention.dat");
    }

    private static String service(String name, String rest) {
        return "define service {\n host_name h\n service_description " + name + "\n " + rest + "\n}\n";
    }

    @Test
    void stopsAtOnceWithAllThatItsChecksHaveStarted() throws Exception {
        StringBuilder services = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            services.append(service("s" + i, "check_command slow\n check_interval 4"));
        }
        objects(services.toString());
        start(1);
        await().atMost(Duration.ofSeconds(60)).until(() -> sleepers() == 600);
        long begun = System.nanoTime();
        assertThat(node.stopScheduler(Duration.ofSeconds(20))).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        await().atMost(Duration.ofSeconds(5)).until(() -> sleepers() == 0);
        assertThat(log()).last().asString().contains("] Successfully shutdown... (PID=");
        assertThat(retention()).isNotEmptyFile();
    }

    /** Processes that only checks of this test start. */
    private static long sleepers() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(process -> process.resolve("cmdline"))
                    .filter(cmdline -> read(cmdline).startsWith("sleep\00086399.25"))
                    .count();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException | UncheckedIOException e) {
            return ""; // no process, or one that has gone
        }
    }

    @Test
    void keepsWhatItKnewWhenItIsKilledWhileItSaves() throws Exception {
        objects(service("s", "active_checks_enabled 0"));
        for (int round = 1; round <= 5; round++) {
            start(round);
            command("[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;s;2;round " + round);
            command("[1700000000] SAVE_STATE_INFORMATION");
            String kept = "text=round " + round;
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Files.exists(retention())
                            && Files.readString(retention()).contains(kept));
            for (int more = 0; more < 20 * round; more++) {
                command("[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;s;1;after " + round + "." + more);
                command("[1700000000] SAVE_STATE_INFORMATION");
            }
            node.killScheduler();
        }
        start(6);
        assertThat(said("MRL-3010")).as("no file was damaged").isZero();
        await().untilAsserted(
                        () -> assertThat(log().stream().filter(line -> line.contains("INITIAL SERVICE STATE: h;s;")))
                                .last()
                                .asString()
                                .matches(".*;(CRITICAL;HARD;1;round 5|WARNING;HARD;1;after 5\\.\\d+)"));
    }

    @Test
    void goesOnWithADamagedRetentionFile() throws Exception {
        objects(service("s", "active_checks_enabled 0"));
        start(1);
        command("[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;s;2;bad");
        assertThat(node.stopScheduler(Duration.ofSeconds(20))).isZero();
        try (RandomAccessFile file = new RandomAccessFile(retention().toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        start(2);
        assertThat(said("WARN  MRL-3010 the retention file is damaged")).isEqualTo(1);
        await().untilAsserted(
                        () -> assertThat(log()).last().asString().endsWith("INITIAL SERVICE STATE: h;s;OK;HARD;1;"));
        command("[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;s;1;later");
        await().untilAsserted(() ->
                assertThat(log().stream()).anyMatch(line -> line.endsWith("SERVICE ALERT: h;s;WARNING;HARD;1;later")));
    }

    @Test
    void refusesAnObjectFileAndNamesAllItsMistakes() throws Exception {
        objects(service("s", "check_command slo\n check_interval often\n max_check_attempts 0"));
        node.startScheduler();
        assertThat(node.awaitScheduler(Duration.ofSeconds(30))).isEqualTo(78);
        assertThat(Files.readAllLines(node.folder().resolve("module.log")))
                .containsExactly(
                        "objects.cfg:12: unknown command 'slo'; did you mean 'slow'?",
                        "objects.cfg:13: check_interval is 'often'; a number like 5 or 0.5 would be right",
                        "objects.cfg:14: max_check_attempts is '0'; a whole number from 1 would be right");
    }
}
