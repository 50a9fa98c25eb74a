package org.merlin.module.quartz.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.module.quartz.objects.Inventories;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.merlin.module.quartz.state.ObjectState;

@Timeout(30)
class CheckRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private CheckRunner runner(String commandLine, Duration timeout) throws IOException {
        Inventory inventory = Inventories.of("""
                define command {
                  command_name c
                  command_line %s
                }
                define host {
                  host_name h
                  check_command c
                }
                define service {
                  host_name h
                  service_description s
                  check_command c
                }
                """.formatted(commandLine.replace(";", "\\;")));
        Macros macros = new Macros(inventory, index -> ObjectState.PENDING, ZoneId.systemDefault());
        CheckRunner runner = new CheckRunner("yoda", RunLog.open(Optional.of(directory.resolve("runs")), "yoda"));
        runner.use(inventory, macros, timeout);
        return runner;
    }

    private Finding service(String commandLine, Duration timeout) throws IOException, InterruptedException {
        return runner(commandLine, timeout)
                .run("h;s", System.currentTimeMillis())
                .orElseThrow();
    }

    private Finding host(String commandLine) throws IOException, InterruptedException {
        return runner(commandLine, LONG).run("h", System.currentTimeMillis()).orElseThrow();
    }

    @Test
    void takesExitStatusAndOutput() throws Exception {
        Finding found = service("echo \"slow | t=3s\"; exit 1", LONG);
        assertThat(found.state()).isEqualTo(1);
        assertThat(found.output().text()).isEqualTo("slow");
        assertThat(found.output().perfData()).isEqualTo("t=3s");
        assertThat(found.endMicros() - found.startMicros()).isEqualTo(found.executionMicros());
    }

    @Test
    void tellsTheCheckItsNodeAndGivesItNoInput() throws Exception {
        assertThat(service("cat; echo $$MERLIN_NODE", LONG).output().text()).isEqualTo("yoda");
    }

    @Test
    void takesWarningsOfAHostForAnAnswer() throws Exception {
        assertThat(host("exit 1").state()).isZero();
        assertThat(host("exit 2").state()).isEqualTo(1);
        assertThat(host("exit 3").state()).isEqualTo(1);
    }

    @Test
    void explainsStatusesThatNoPluginHas() throws Exception {
        Finding missing = service("/no/such/plugin -H x", LONG);
        assertThat(missing.state()).isEqualTo(2);
        assertThat(missing.output().text())
                .startsWith("(Return code of 127 is out of bounds - plugin may be missing)")
                .contains("/no/such/plugin");
        Path plain = Files.writeString(directory.resolve("plain"), "");
        assertThat(service(plain.toString(), LONG).output().text())
                .startsWith("(Return code of 126 is out of bounds - plugin may not be executable)");
        assertThat(service("kill -9 $$$$", LONG).output().text())
                .startsWith("(Return code of 137 is out of bounds - ended by signal 9)");
        assertThat(service("exit 77", LONG).output().text()).startsWith("(Return code of 77 is out of bounds)");
    }

    @Test
    void showsWhatWasComplainedWhereNothingWasPrinted() throws Exception {
        assertThat(service("echo broken >&2; exit 2", LONG).output().text())
                .isEqualTo("(No output on stdout) stderr: broken");
    }

    @Test
    void endsACheckThatTakesTooLongWithAllThatItStarted() throws Exception {
        Path pids = directory.resolve("pids");
        Finding found = service(
                "(sleep 300 & echo $$! >>" + pids + "; setsid sleep 300 & echo $$! >>" + pids
                        + "; wait) & echo begun; sleep 300",
                Duration.ofMillis(500));
        assertThat(found.state()).isEqualTo(2);
        assertThat(found.output().text()).matches("\\(Service check timed out after 0\\.[5-9]\\d seconds\\)");
        List<String> started = Files.readAllLines(pids);
        assertThat(started).hasSize(2);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(started)
                        .allSatisfy(pid ->
                                assertThat(isRunning(Long.parseLong(pid))).isFalse()));
    }

    private static boolean isRunning(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Test
    void doesNotWaitForWhatACheckLeavesBehind() throws Exception {
        long begun = System.nanoTime();
        Finding found = service("sleep 5 & echo fine", LONG);
        assertThat(found.output().text()).isEqualTo("fine");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void keepsTheBeginningOfAnEndlessOutput() throws Exception {
        Finding found = service("head -c 3000000 /dev/zero | tr -c x x; exit 0", LONG);
        assertThat(found.state()).isZero();
        assertThat(found.output().text()).hasSize(16 * 1024);
    }

    @Test
    void givesUpRunningChecksWhenClosed() throws Exception {
        CheckRunner runner = runner("sleep 300", LONG);
        CompletableFuture<Optional<Finding>> found = CompletableFuture.supplyAsync(() -> {
            try {
                return runner.run("h;s", 0);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Path runs = directory.resolve("runs");
        await().until(() -> Files.size(runs) > 0);
        runner.close();
        assertThat(found.get()).isEmpty();
    }

    @Test
    void notesEachStart() throws Exception {
        runner("true", LONG).run("h;s", 12345);
        runner("true", LONG).run("h", 12346);
        List<String> lines = Files.readAllLines(directory.resolve("runs"));
        assertThat(lines.get(0)).matches("\\d{13}\t12345\tyoda\th;s");
        assertThat(lines.get(1)).matches("\\d{13}\t12346\tyoda\th");
    }
}
