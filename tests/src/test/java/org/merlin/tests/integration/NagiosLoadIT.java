package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.protocol.node.ConfigStamp;

/**
 * What the module costs inside a real Nagios with 10,000 services and a peer. Holds that nothing is lost, and prints the figures:
 *
 * <pre>mvn verify -Plong -pl tests -am -Dit.test=NagiosLoadIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("long")
class NagiosLoadIT {
    private static final int HOSTS = 200;
    private static final int SERVICES_PER_HOST = 50;
    private static final int STARTS = 5;
    private static final int REST_SECONDS = 60;
    private static final int SECONDS = 30;
    private static final int OFFERED_PER_SECOND = 10_000;
    private static final int BURST_PER_SECOND = 40_000;
    private static final int BURST_SECONDS = 5;
    private static final int PASSIVE_PER_SECOND = 2_000;

    @TempDir
    private Path work;

    private RealNode luke;
    private RealNode yoda;
    private RealNagios nagios;
    private Path measured;

    @BeforeEach
    void configure() throws IOException, InterruptedException {
        RealNagios.assumePossible();
        Path ca = Files.createDirectories(work.resolve("ca"));
        var authority = RealNode.authority(ca);
        luke = new RealNode("luke", work);
        yoda = new RealNode("yoda", work);
        luke.configure(authority, ca, yoda.section("peer", ""));
        yoda.configure(authority, ca, luke.section("peer", ""));
        nagios = RealNagios.of(luke, objects());
        Files.writeString(
                nagios.config(),
                Files.readString(nagios.config())
                                .replace("status_update_interval=1\n", "status_update_interval=10\n")
                                .replace(
                                        RealNagios.moduleFolder().toString(),
                                        measuredModule().toString())
                        + "log_passive_checks=0\nlog_external_commands=0\n");
        measured = work.resolve("measured");
    }

    /** The module's folder once more, but merlin.so with a stopwatch. */
    private Path measuredModule() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(work.resolve("module"));
        try (Stream<Path> jars = Files.list(RealNagios.moduleFolder())) {
            for (Path jar :
                    jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.createSymbolicLink(folder.resolve(jar.getFileName()), jar);
            }
        }
        Path module = RealNode.HOME.resolve("module/nagios/src");
        Process build = new ProcessBuilder(
                        "sh",
                        module.resolve("main/c/build.sh").toString(),
                        folder.resolve("merlin.so").toString(),
                        module.resolve("test/c/measured.c").toString())
                .inheritIO()
                .start();
        assertThat(build.onExit().join().exitValue()).isZero();
        RealNode.Ended installed = RealNode.mon(
                work,
                "--merlin-cfg=" + luke.conf(),
                "module",
                "install",
                "--scheduler",
                "nagios4",
                "--module-dir",
                folder.toString(),
                "--config",
                nagios.config().toString());
        assertThat(installed.out()).as(installed.err()).contains("makes " + folder.resolve("merlin.jsa"));
        return folder;
    }

    @AfterEach
    void stop() throws InterruptedException {
        nagios.stop();
        luke.close();
        yoda.close();
    }

    /** Every service is checked once a minute. */
    private static String objects() {
        StringBuilder objects = new StringBuilder("""
                define command {
                  command_name c
                  command_line /bin/true
                }
                define timeperiod {
                  timeperiod_name always
                  alias always
                  sunday 00:00-24:00
                  monday 00:00-24:00
                  tuesday 00:00-24:00
                  wednesday 00:00-24:00
                  thursday 00:00-24:00
                  friday 00:00-24:00
                  saturday 00:00-24:00
                }
                define contact {
                  contact_name anna
                  host_notification_period always
                  service_notification_period always
                  host_notification_options n
                  service_notification_options n
                  host_notification_commands c
                  service_notification_commands c
                }
                """);
        String checked = " check_command c\n check_interval 1\n retry_interval 1\n max_check_attempts 1\n"
                + " check_period always\n notification_period always\n notification_interval 0\n contacts anna\n}\n";
        for (int host = 0; host < HOSTS; host++) {
            objects.append("define host {\n host_name h").append(host).append("\n alias h\n address 127.0.0.1\n");
            objects.append(checked);
            for (int service = 0; service < SERVICES_PER_HOST; service++) {
                objects.append("define service {\n host_name h").append(host);
                objects.append("\n service_description s").append(service).append('\n');
                objects.append(checked);
            }
        }
        return objects.toString();
    }

    private LoadedObjects loaded() throws IOException {
        Path file = nagios.config().resolveSibling("objects.cfg");
        ConfigStamp stamp = new ConfigStamp(
                DigestUtils.sha1Hex(Files.readAllBytes(file)),
                Files.getLastModifiedTime(file).toMillis() / 1000);
        return new LoadedObjects(FeedingModule.entries(HOSTS, SERVICES_PER_HOST), stamp);
    }

    private static void say(String format, Object... values) {
        System.out.println("figure: " + String.format(Locale.ROOT, format, values));
    }

    private static void pass(Duration time) {
        long from = System.nanoTime();
        await().atMost(time.plusSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> System.nanoTime() - from >= time.toNanos());
    }

    // --- start and memory -------------------------------------------------------------------------------------------

    @Test
    void startsSoonAndStaysSmall() throws Exception {
        luke.startDaemon();
        yoda.startDaemon();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> luke.view().isPresent() && yoda.view().isPresent());
        String with = Files.readString(nagios.config());
        String without = with.replaceAll("(?m)^broker_module=.*\n", "");
        nagios.environment("MERLIN_MODULE_MEASURE", measured.toString());
        long[] alone = new long[STARTS];
        long[] accompanied = new long[STARTS];
        long[] ours = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
            Files.writeString(nagios.config(), without);
            alone[i] = startMillis(i);
            nagios.stop();
            Files.writeString(nagios.config(), with);
            accompanied[i] = startMillis(i);
            nagios.stop();
            ours[i] = Measured.of(measured).of("first start").nanos() / 1_000_000;
        }
        say(
                "from exec to the event loop, median of %d: %d ms without the module, %d ms with it; %d ms within its calls",
                STARTS, median(alone), median(accompanied), median(ours));
        for (String config : List.of(without, with)) {
            Files.writeString(nagios.config(), config);
            nagios.start();
            pass(Duration.ofSeconds(REST_SECONDS));
            say("after %d s, %s: %s", REST_SECONDS, config.equals(with) ? "with" : "without", memory());
            nagios.stop();
        }
        assertThat(accompanied).as("times").doesNotContain(0);
    }

    private static long median(long[] values) {
        return Arrays.stream(values)
                .sorted()
                .skip(values.length / 2)
                .findFirst()
                .orElseThrow();
    }

    /** The command file's worker is what Nagios starts last before its event loop. */
    private long startMillis(int starts) throws IOException {
        Files.deleteIfExists(nagios.config().resolveSibling("var/nagios.log"));
        Files.deleteIfExists(nagios.config().resolveSibling("var/retention.dat"));
        long begun = System.nanoTime();
        nagios.start();
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> nagios.log().contains("Successfully launched command file worker"));
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private String memory() throws IOException {
        StringBuilder words = new StringBuilder();
        for (String line :
                Files.readAllLines(Path.of("/proc/" + nagios.process().pid() + "/status"))) {
            if (line.startsWith("VmRSS:") || line.startsWith("RssAnon:") || line.startsWith("Threads:")) {
                words.append(line.replaceAll("\\s+", " ")).append("; ");
            }
        }
        for (String line :
                Files.readAllLines(Path.of("/proc/" + nagios.process().pid() + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) { // what it shares with the daemon's JVM counts half
                words.append(line.replaceAll("\\s+", " "));
            }
        }
        return words.toString();
    }

    // --- under load -------------------------------------------------------------------------------------------------

    @Test
    void takesTenThousandResultsASecondFromItsPeer() throws Exception {
        load("");
    }

    @Test
    void takesThemWithALittleHeap() throws Exception {
        load(" -Xmx32m");
    }

    private void load(String options) throws Exception {
        Path collections = work.resolve("gc.log");
        nagios.environment("MERLIN_MODULE_MEASURE", measured.toString());
        nagios.environment("MERLIN_MODULE_JAVA_OPTS", "-Xlog:gc,safepoint:file=" + collections + options);
        luke.startDaemon();
        yoda.startDaemon();
        nagios.start();
        try (FeedingModule peer = new FeedingModule(yoda.conf(), loaded())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> settled());
            pass(Duration.ofSeconds(10)); // the handover, and the first thousand calls
            write();
            pass(Duration.ofSeconds(SECONDS));
            write("a check a minute for each" + options);
            peer.rate(OFFERED_PER_SECOND);
            pass(Duration.ofSeconds(10));
            write();
            int from = received();
            long begun = System.nanoTime();
            pass(Duration.ofSeconds(SECONDS));
            say("received %.0f/s", (received() - from) * 1e9 / (System.nanoTime() - begun));
            write("with " + OFFERED_PER_SECOND + " results/s of the peer" + options);
            peer.rate(0);
            await().atMost(Duration.ofSeconds(120)).until(() -> received() == peer.found());
            int before = peer.found();
            begun = System.nanoTime();
            peer.rate(BURST_PER_SECOND);
            pass(Duration.ofSeconds(BURST_SECONDS));
            peer.rate(0);
            await().atMost(Duration.ofSeconds(120)).until(() -> received() == peer.found());
            say("as fast as it can: %.0f results/s", (peer.found() - before) * 1e9 / (System.nanoTime() - begun));
            write("as fast as it can" + options);
            long run = figure("services_run");
            PassiveFeed feed = new PassiveFeed(nagios.commandPipe(), PASSIVE_PER_SECOND, NagiosLoadIT::passive);
            try (feed) {
                pass(Duration.ofSeconds(5));
                write();
                pass(Duration.ofSeconds(BURST_SECONDS));
                write("with " + PASSIVE_PER_SECOND + " passive results/s handed in here" + options);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> figure("services_run") >= run + feed.total());
            say("at the end: %s", memory());
            sayCollections(collections);
            say("figures: %s", luke.sees("luke").orElseThrow().figures());
            assertThat(lost()).isFalse();
            long sent = figure("hosts_run") + figure("services_run");
            await().atMost(Duration.ofSeconds(30)).until(() -> peer.applied() >= sent);
        }
        assertThat(nagios.log()).doesNotContain("MRL-209");
    }

    private static String passive(int number) {
        return "[" + System.currentTimeMillis() / 1000 + "] PROCESS_SERVICE_CHECK_RESULT;h" + number % HOSTS + ";s"
                + number / HOSTS % SERVICES_PER_HOST + ";0;number " + number
                + ": as it was expected to be|time=0.012s;1;2;0;10";
    }

    private boolean settled() {
        return List.of(luke, yoda).stream()
                .allMatch(node -> node.view()
                        .filter(view -> view.verdict() == 0 && !view.handover())
                        .isPresent());
    }

    private long figure(String name) {
        return luke.sees("luke").orElseThrow().figures().getOrDefault(name, 0L);
    }

    private int received() {
        return (int) figure("results_received");
    }

    private boolean lost() {
        return figure("gaps") + figure("duplicates") + figure("faults") + figure("unknown_objects") != 0;
    }

    /** Has the module write what it measured, and begin anew. */
    private void write() throws IOException {
        int times = Measured.times(measured);
        nagios.command("_MERLIN_MEASURED");
        await().atMost(Duration.ofSeconds(30)).until(() -> Measured.times(measured) > times);
    }

    private void write(String what) throws IOException {
        write();
        Measured.of(measured).kinds().forEach((kind, spent) -> {
            if (kind.startsWith("then") && spent.calls() > 0) {
                say("%s: %s: %s", what, kind, spent);
            }
        });
    }

    private static void sayCollections(Path log) throws IOException {
        for (String kind : List.of("Pause Young", "Pause Full")) {
            double[] millis = Files.readAllLines(log, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.contains(kind) && line.endsWith("ms"))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1, line.length() - 2)))
                    .sorted()
                    .toArray();
            if (millis.length > 0) {
                say(
                        "%s: %d, median %.1f ms, most %.1f ms",
                        kind, millis.length, millis[millis.length / 2], millis[millis.length - 1]);
            }
        }
    }
}
