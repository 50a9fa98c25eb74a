package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the embedded scheduler carries, beside a real daemon: 20,000 services fed passively at 67 results a second, and 50 real
 * process starts a second. Holds that nothing is lost or late by more than an interval, and prints what it cost.
 */
@Tag("long")
class SchedulerLoadIT {
    private static final int SECONDS = 60;

    @TempDir
    private Path work;

    private RealNode node;

    @BeforeEach
    void configure() throws IOException {
        Path ca = Files.createDirectories(work.resolve("ca"));
        node = new RealNode("load", work);
        node.configure(RealNode.authority(ca), ca, "scheduler { run_log = run.log; }\n");
    }

    private void start(String objects) throws IOException {
        Files.createDirectories(node.state());
        Files.writeString(node.state().resolve("objects.cfg"), objects);
        long begun = System.nanoTime();
        node.startDaemon();
        node.startScheduler();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> node.sees("load").filter(seen -> seen.active()).isPresent());
        System.out.printf("active after %.2f s%n", (System.nanoTime() - begun) / 1e9);
    }

    @Test
    void carriesTwentyThousandServicesFedPassivelyAt67ResultsASecond() throws Exception {
        StringBuilder objects = new StringBuilder("define command {\n command_name c\n command_line true\n}\n");
        for (int host = 0; host < 2_000; host++) {
            objects.append("define host {\n host_name h").append(host).append("\n active_checks_enabled 0\n}\n");
            for (int service = 0; service < 10; service++) {
                objects.append("define service {\n host_name h").append(host);
                objects.append("\n service_description s").append(service);
                objects.append("\n check_command c\n active_checks_enabled 0\n max_check_attempts 3\n}\n");
            }
        }
        start(objects.toString());
        Cost before = Cost.of(node);
        feed(67 * SECONDS);
        await().atMost(Duration.ofSeconds(20)).until(() -> figure("services_run") == 67 * SECONDS);
        Cost.of(node).print("20,000 services, 67 passive results a second for " + SECONDS + " s", before);
        assertThat(figure("results_sent")).isEqualTo(67 * SECONDS);
    }

    private long figure(String name) {
        return node.sees("load").orElseThrow().figures().getOrDefault(name, 0L);
    }

    /** Writes results at their times, as a front end does: one write each. */
    private void feed(int results) throws Exception {
        AtomicInteger written = new AtomicInteger();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (OutputStream pipe =
                Files.newOutputStream(node.state().resolve("command.pipe"), StandardOpenOption.WRITE)) {
            var feeding = timer.scheduleAtFixedRate(
                    () -> {
                        int i = written.getAndIncrement();
                        String line = "[1700000000] PROCESS_SERVICE_CHECK_RESULT;h" + i * 7 % 2_000 + ";s" + i % 10
                                + ";" + i % 3 + ";result number " + i + " | n=" + i + "\n";
                        try {
                            pipe.write(line.getBytes(StandardCharsets.UTF_8));
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                        if (i + 1 == results) {
                            throw new IllegalStateException("done");
                        }
                    },
                    0,
                    1_000_000 / 67,
                    TimeUnit.MICROSECONDS);
            await().atMost(Duration.ofSeconds(SECONDS + 30)).until(feeding::isDone);
        } finally {
            timer.shutdownNow();
        }
        assertThat(written).hasValue(results);
    }

    @Test
    void startsFiftyProcessesASecond() throws Exception {
        StringBuilder objects =
                new StringBuilder("define command {\n command_name c\n command_line echo OK | cat\n}\n");
        objects.append("define host {\n host_name h\n active_checks_enabled 0\n}\n");
        for (int service = 0; service < 3_000; service++) {
            objects.append("define service {\n host_name h\n service_description s")
                    .append(service);
            objects.append("\n check_command c\n check_interval 1\n retry_interval 1\n max_check_attempts 3\n}\n");
        }
        start(objects.toString());
        Path log = node.folder().resolve("run.log");
        long from = System.currentTimeMillis();
        Cost before = Cost.of(node);
        await().atMost(Duration.ofSeconds(SECONDS + 30))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> System.currentTimeMillis() - from >= 1000L * SECONDS);
        Cost.of(node).print("50 process starts a second for " + SECONDS + " s", before);
        List<long[]> runs = Files.readAllLines(log).stream()
                .map(line -> line.split("\t"))
                .map(fields -> new long[] {Long.parseLong(fields[0]), Long.parseLong(fields[1])})
                .filter(run -> run[0] >= from && run[0] < from + 1000L * SECONDS)
                .toList();
        long[] late = runs.stream().mapToLong(run -> run[0] - run[1]).sorted().toArray();
        System.out.printf(
                "%.1f starts/s, late p50 %d ms, p99 %d ms, most %d ms%n",
                runs.size() / (double) SECONDS,
                late[late.length / 2],
                late[late.length * 99 / 100],
                late[late.length - 1]);
        assertThat(runs.size()).isBetween(49 * SECONDS, 51 * SECONDS);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** What the processes have used: CPU seconds, and MB resident. */
    private record Cost(double daemonCpu, double schedulerCpu, double childrenCpu, long daemonMb, long schedulerMb) {
        static Cost of(RealNode node) throws IOException {
            return new Cost(
                    cpu(node.daemonPid(), 11),
                    cpu(node.schedulerPid(), 11),
                    cpu(node.schedulerPid(), 13),
                    residentMb(node.daemonPid()),
                    residentMb(node.schedulerPid()));
        }

        /** User and system time from two fields of stat, behind the name in brackets. */
        private static double cpu(long pid, int field) throws IOException {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / 100.0;
        }

        private static long residentMb(long pid) throws IOException {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }

        void print(String what, Cost before) {
            System.out.printf(
                    "%s: CPU daemon %.2f s, scheduler %.2f s, checks %.2f s; resident daemon %d MB, scheduler %d MB%n",
                    what,
                    daemonCpu - before.daemonCpu,
                    schedulerCpu - before.schedulerCpu,
                    childrenCpu - before.childrenCpu,
                    daemonMb,
                    schedulerMb);
        }
    }
}
