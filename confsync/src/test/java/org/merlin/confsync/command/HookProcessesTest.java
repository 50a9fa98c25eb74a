package org.merlin.confsync.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.confsync.hooks.HookCommand;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.hooks.HookResult.End;

@Timeout(60)
class HookProcessesTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<HookResult> results = new LinkedBlockingQueue<>();
    private HookProcesses processes = processes(Duration.ofSeconds(30));

    private static HookProcesses processes(Duration limit) {
        return new HookProcesses(Map.of("MERLIN_NODE", "yoda"), limit, Duration.ofMillis(300), Runnable::run);
    }

    @AfterEach
    void close() {
        processes.close();
    }

    private HookResult run(String... words) throws InterruptedException {
        start(words);
        HookResult result = results.poll(40, TimeUnit.SECONDS);
        assertThat(result).as("result of %s", List.of(words)).isNotNull();
        return result;
    }

    private void start(String... words) {
        processes.run(new HookCommand(String.join(" ", words), List.of(words)), results::add);
    }

    /** How many processes have this among their arguments. */
    private static long alive(String argument) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(process -> {
                        try {
                            return Files.readString(process.resolve("cmdline")).contains("\0" + argument + "\0");
                        } catch (IOException e) {
                            return false; // no process, or one that has gone
                        }
                    })
                    .count();
        }
    }

    @Test
    void outputOfBothKindsAndStatusAreKeptAndTheEnvironmentNamesTheNode() throws Exception {
        HookResult result = run("/bin/sh", "-c", "echo $MERLIN_NODE; echo oops >&2; exit 3");
        assertThat(result.end()).isEqualTo(End.EXITED);
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.output()).isEqualTo("yoda\noops\n");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.lastLine()).isEqualTo("oops");
        assertThat(result.sentence()).startsWith("ended with status 3 after ");
    }

    @Test
    void noShellSeesTheWords() throws Exception {
        assertThat(run("echo", "$HOME", "*;", "`id`").output()).isEqualTo("$HOME *; `id`\n");
    }

    @Test
    void thereIsNothingToReadAndThatIsNotWaitedFor() throws Exception {
        assertThat(run("cat").succeeded()).isTrue();
    }

    @Test
    void aProgramIsLookedForAlongThePathThatItIsGiven() throws Exception {
        Path program = folder.resolve("our-own-mon");
        Files.writeString(program, "#!/bin/sh\necho \"$*\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        processes.close();
        processes = new HookProcesses(Map.of("PATH", "/usr/bin:/bin:" + folder), Duration.ofSeconds(30), Runnable::run);
        assertThat(run("our-own-mon", "oconf", "push yoda").output()).isEqualTo("oconf push yoda\n");
    }

    @Test
    void aCommandThatIsNotThereIsSaidSo() throws Exception {
        HookResult result = run("no-such-command-anywhere", "x");
        assertThat(result.end()).isEqualTo(End.NOT_STARTED);
        assertThat(result.output()).contains("no-such-command-anywhere").contains("No such file");
    }

    @Test
    void aColonIsDoneAtOnce() throws Exception {
        assertThat(run(":", "yoda").succeeded()).isTrue();
    }

    @Test
    void aHangingCommandIsEndedWithAllThatItStarted() throws Exception {
        processes = processes(Duration.ofMillis(500));
        HookResult result = run(
                "/bin/sh",
                "-c",
                "echo begun; (sleep 86397.5 & sleep 86397.5 & wait) & (setsid sleep 86397.5); sleep 1d");
        assertThat(result.end()).isEqualTo(End.TIMED_OUT);
        assertThat(result.output()).isEqualTo("begun\n");
        await().atMost(Duration.ofSeconds(5)).until(() -> alive("86397.5") == 0);
    }

    @Test
    void whoIgnoresThatItIsAskedToEndIsMadeTo() throws Exception {
        processes = processes(Duration.ofMillis(500));
        HookResult result = run("/bin/sh", "-c", "trap '' TERM; while :; do sleep 86396.5; done");
        assertThat(result.end()).isEqualTo(End.TIMED_OUT);
        assertThat(result.took()).isGreaterThan(Duration.ofMillis(800));
        await().atMost(Duration.ofSeconds(5)).until(() -> alive("86396.5") == 0);
    }

    @Test
    void whoEndsWhenItIsAskedMaySayItsLastWords() throws Exception {
        processes = processes(Duration.ofMillis(500));
        HookResult result = run("/bin/sh", "-c", "trap 'echo last words; exit 0' TERM; while :; do sleep 0.05; done");
        assertThat(result.end()).isEqualTo(End.TIMED_OUT);
        assertThat(result.output()).endsWith("last words\n");
    }

    @Test
    void ofAFloodTheLastLinesAreKept() throws Exception {
        HookResult result = run("/bin/sh", "-c", "seq 1 400000; echo the end");
        assertThat(result.output())
                .hasSizeLessThanOrEqualTo(HookProcess.OUTPUT_BYTES)
                .endsWith("400000\nthe end\n");
        assertThat(result.output().lines().findFirst().orElseThrow()).matches("39[0-9]{4}");
        assertThat(result.droppedBytes()).isGreaterThan(2_000_000);
    }

    @Test
    void aFloodWithoutEndIsEndedInTime() throws Exception {
        processes = processes(Duration.ofMillis(500));
        HookResult result = run("yes", "flood");
        assertThat(result.end()).isEqualTo(End.TIMED_OUT);
        assertThat(result.output()).startsWith("flood\nflood\n");
    }

    @Test
    void whatItLeavesInTheBackgroundNeitherHoldsUsNorIsEnded() throws Exception {
        HookResult result = run("/bin/sh", "-c", "sleep 86395.5 & echo $!");
        assertThat(result.succeeded()).isTrue();
        assertThat(result.took()).isLessThan(Duration.ofSeconds(10));
        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(result.output().strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }

    @Test
    void colourAndControlCharactersAreTakenOut() throws Exception {
        assertThat(run("printf", "10%%\\r20%%\\r\\n\\033[31mred\\a\\tx").output())
                .isEqualTo("10%\n20%\n [31mred \tx");
    }

    @Test
    void whatRunsWhenTheDaemonEndsIsEndedAndNobodyIsTold() throws Exception {
        Path begun = folder.resolve("begun");
        start("/bin/sh", "-c", "touch " + begun + "; sleep 86394.5");
        await().until(() -> Files.exists(begun));
        processes.close();
        await().atMost(Duration.ofSeconds(5)).until(() -> alive("86394.5") == 0);
        assertThat(results).isEmpty();
    }
}
