package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the embedded scheduler carries beside a real daemon: 20,000 services fed passively at 67 results a second, the same without
 * a result, and 50 real process starts a second. Holds that nothing is lost or late, and prints what it cost:
 *
 * <pre>mvn verify -Plong -pl tests -am -Dit.test=EmbeddedSchedulerLoadIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("long")
class EmbeddedSchedulerLoadIT {
    private static final int SECONDS = 60;
    private static final int RESULTS_PER_SECOND = 67;
    private static final int HOSTS = 2_000;
    private static final int SERVICES_PER_HOST = 10;
    private static final int SAMPLES = 200;

    @TempDir
    private Path work;

    private RealNode node;

    @BeforeEach
    void configure() throws IOException {
        Path ca = Files.createDirectories(work.resolve("ca"));
        node = new RealNode("load", work);
        node.configure(RealNode.authority(ca), ca, "scheduler { run_log = run.log; }\n");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void start(String objects) throws IOException {
        Files.createDirectories(node.state());
        Files.writeString(node.state().resolve("objects.cfg"), objects);
        node.startDaemon();
        long begun = System.nanoTime();
        node.startScheduler();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> node.sees("load").filter(seen -> seen.active()).isPresent());
        say("daemon and scheduler active after %.2f s", (System.nanoTime() - begun) / 1e9);
    }

    private static void say(String format, Object... values) {
        System.out.println("figure: " + String.format(Locale.ROOT, format, values));
    }

    private void pass(Duration time) {
        long from = System.nanoTime();
        await().atMost(time.plusSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> System.nanoTime() - from >= time.toNanos());
    }

    private String manyPassiveServices() {
        StringBuilder objects = new StringBuilder("define command {\n command_name c\n command_line true\n}\n");
        objects.append("define command {\n command_name read\n command_line echo \"$SERVICEOUTPUT:h0:s0$\" >>")
                .append(work.resolve("seen"))
                .append("\n}\n");
        for (int host = 0; host < HOSTS; host++) {
            objects.append("define host {\n host_name h").append(host).append("\n active_checks_enabled 0\n}\n");
            for (int service = 0; service < SERVICES_PER_HOST; service++) {
                objects.append("define service {\n host_name h").append(host);
                objects.append("\n service_description s").append(service);
                objects.append(host == 0 && service == 1 ? "\n check_command read" : "\n check_command c");
                objects.append("\n active_checks_enabled 0\n max_check_attempts 3\n}\n");
            }
        }
        return objects.toString();
    }

    /** All services in turn but those of the first host, which are for looking at. */
    private static String result(int number) {
        int host = 1 + number % (HOSTS - 1);
        return result(
                "h" + host, "s" + number / (HOSTS - 1) % SERVICES_PER_HOST, number % 3, "number " + number + " | n=1");
    }

    private static String result(String host, String service, int state, String output) {
        return "[" + System.currentTimeMillis() / 1000 + "] PROCESS_SERVICE_CHECK_RESULT;" + host + ";" + service + ";"
                + state + ";" + output;
    }

    @Test
    void carriesTwentyThousandServicesFedPassivelyAt67ResultsASecond() throws Exception {
        start(manyPassiveServices());
        PassiveFeed feed = new PassiveFeed(pipe(), RESULTS_PER_SECOND, EmbeddedSchedulerLoadIT::result);
        long[] latencies;
        try (feed) {
            pass(Duration.ofSeconds(5)); // both processes have compiled what they need
            int from = feed.written();
            Cost before = Cost.of(node);
            pass(Duration.ofSeconds(SECONDS));
            say(
                    "20,000 services, %d passive results in %d s: %s",
                    feed.written() - from, SECONDS, Cost.of(node).since(before));
            latencies = latencies();
        }
        sayDelays("from the pipe to a check that was told the new state", latencies);
        int total = feed.total() + SAMPLES;
        await().atMost(Duration.ofSeconds(20)).until(() -> figure("services_run") == total + SAMPLES);
        assertThat(figure("results_sent"))
                .as("with the commands, which others are told of")
                .isEqualTo(total + 2 * SAMPLES);
        assertThat(Files.readAllLines(node.state().resolve("scheduler.log")).stream()
                        .filter(line -> line.contains("] PASSIVE SERVICE CHECK: ")))
                .hasSize(total);
        assertThat(latencies[SAMPLES / 2]).isLessThan(100);
    }

    private Path pipe() {
        return node.state().resolve("command.pipe");
    }

    private long figure(String name) {
        return node.sees("load").orElseThrow().figures().getOrDefault(name, 0L);
    }

    /** Hands in a result, then has a check run that is told what is known; milliseconds until that starts. */
    private long[] latencies() throws IOException {
        Path seen = Files.writeString(work.resolve("seen"), "");
        long[] millis = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            int number = i;
            long begun = System.currentTimeMillis();
            Files.writeString(
                    pipe(),
                    result("h0", "s0", 0, "sample " + i) + "\n[1] SCHEDULE_FORCED_SVC_CHECK;h0;s1;\n",
                    StandardOpenOption.WRITE);
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Files.readAllLines(seen).size() > number);
            assertThat(Files.readAllLines(seen)).last().isEqualTo("sample " + i);
            millis[i] = runs().get(i)[0] - begun;
        }
        Arrays.sort(millis);
        return millis;
    }

    /** Start and due time of all checks that have run; milliseconds since 1970. */
    private List<long[]> runs() throws IOException {
        return Files.readAllLines(node.folder().resolve("run.log")).stream()
                .map(line -> line.split("\t"))
                .map(fields -> new long[] {Long.parseLong(fields[0]), Long.parseLong(fields[1])})
                .toList();
    }

    private static void sayDelays(String what, long[] sortedMillis) {
        say(
                "%s: p50 %d ms, p99 %d ms, most %d ms",
                what,
                sortedMillis[sortedMillis.length / 2],
                sortedMillis[sortedMillis.length * 99 / 100],
                sortedMillis[sortedMillis.length - 1]);
    }

    @Test
    void costsLittleWhileNothingHappens() throws Exception {
        start(manyPassiveServices());
        pass(Duration.ofSeconds(5));
        Cost before = Cost.of(node);
        pass(Duration.ofSeconds(SECONDS));
        Cost after = Cost.of(node);
        say("20,000 services, idle for %d s: %s", SECONDS, after.since(before));
        assertThat(after.schedulerCpu() - before.schedulerCpu()).isLessThan(0.02 * SECONDS);
        assertThat(after.daemonCpu() - before.daemonCpu()).isLessThan(0.02 * SECONDS);
    }

    @Test
    void startsFiftyProcessesASecond() throws Exception {
        StringBuilder objects =
                new StringBuilder("define command {\n command_name c\n command_line /bin/true \\; exit 0\n}\n");
        objects.append("define host {\n host_name h\n active_checks_enabled 0\n}\n");
        for (int service = 0; service < 50 * SECONDS; service++) {
            objects.append("define service {\n host_name h\n service_description s")
                    .append(service);
            objects.append("\n check_command c\n check_interval 1\n retry_interval 1\n max_check_attempts 3\n}\n");
        }
        start(objects.toString());
        pass(Duration.ofSeconds(5));
        long from = System.currentTimeMillis();
        Cost before = Cost.of(node);
        pass(Duration.ofSeconds(SECONDS));
        long to = System.currentTimeMillis();
        Cost after = Cost.of(node);
        List<long[]> runs =
                runs().stream().filter(run -> run[0] >= from && run[0] < to).toList();
        double perSecond = runs.size() * 1000.0 / (to - from);
        say("%.1f process starts a second for %d s: %s", perSecond, SECONDS, after.since(before));
        sayDelays(
                "from due to started",
                runs.stream().mapToLong(run -> run[0] - run[1]).sorted().toArray());
        assertThat(perSecond).isBetween(49.0, 51.0);
    }
}
