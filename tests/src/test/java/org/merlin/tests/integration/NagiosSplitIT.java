package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.confsync.objects.MainCommands;
import org.merlin.confsync.objects.Part;
import org.merlin.confsync.objects.Splitter;

/** Parts of pollers, cut out of what a real Nagios has loaded, are read by a real Nagios. */
class NagiosSplitIT {
    private static final List<List<String>> SELECTIONS = List.of(
            List.of("site0"),
            List.of("site1"),
            List.of("site2"),
            List.of("site0", "site2"),
            List.of("odd"),
            List.of("everything"));

    @TempDir
    private Path work;

    @BeforeEach
    void needsNagios() {
        RealNagios.assumePossible();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void nagiosAcceptsEveryPartOfAConfigurationWithEveryTypeOfObject(long seed) throws Exception {
        Path master = folder("master");
        Files.writeString(master.resolve("objects.cfg"), new EveryObject(seed).text());
        Splitter whole = precached(master);
        assertThat(whole.remarks()).isEmpty();
        for (List<String> selection : SELECTIONS) {
            Part part = whole.part(selection);
            assertThat(part.remarks()).isEmpty();
            assertThat(part.hosts()).isPositive();
            Path poller = folder("poller-" + String.join("-", selection));
            Files.write(poller.resolve("objects.cfg"), bytes(part));
            // what the poller's Nagios has loaded is what the master's has: nothing got lost, escapes included
            assertThat(text(precached(poller).part(selection))).isEqualTo(text(part));
        }
        String everything = text(whole.part(List.of("everything")));
        for (String type : EveryObject.TYPES) {
            assertThat(everything).contains("define " + type + " {");
        }
    }

    @Test
    void whatWasChangedWhileItRanAndRetainedAltersNoPart() throws Exception {
        Path master = folder("master");
        Files.writeString(master.resolve("objects.cfg"), new EveryObject(5).text());
        String before = loadedPart(master, List.of());
        String after = loadedPart(
                master,
                List.of(
                        "DISABLE_HOST_CHECK;h0",
                        "DISABLE_SVC_NOTIFICATIONS;h0;s0",
                        "CHANGE_NORMAL_SVC_CHECK_INTERVAL;h0;s0;77",
                        "CHANGE_CUSTOM_HOST_VAR;h0;RACK;moved"));
        assertThat(Files.readString(master.resolve("retention.dat")))
                .contains("check_interval=77.000000", "RACK=1;moved");
        assertThat(after).isEqualTo(before);
        assertThat(loadedPart(master, List.of())).isEqualTo(before);
    }

    /** Starts it, hands in commands, ends it; returns a part of what it wrote when it had started. */
    private String loadedPart(Path folder, List<String> commands) throws Exception {
        Files.deleteIfExists(folder.resolve("objects.cache"));
        Process nagios = nagios(folder);
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Files.exists(folder.resolve("nagios.cmd"))
                            && Files.exists(folder.resolve("objects.cache"))
                            && Files.exists(folder.resolve("status.dat")));
            String log = Files.readString(folder.resolve("nagios.log"));
            for (String command : commands) {
                Files.writeString(
                        folder.resolve("nagios.cmd"), "[" + System.currentTimeMillis() / 1000 + "] " + command + "\n");
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                String since = Files.readString(folder.resolve("nagios.log")).substring(log.length());
                return commands.stream().allMatch(since::contains);
            });
        } finally {
            nagios.destroy();
            assertThat(nagios.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        try (InputStream in = Files.newInputStream(folder.resolve("objects.cache"))) {
            return text(Splitter.read("objects.cache", in, List.of()).part(List.of("everything")));
        }
    }

    private Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        Files.createDirectories(folder.resolve("spool"));
        Files.writeString(folder.resolve("nagios.cfg"), """
                log_file=%1$s/nagios.log
                cfg_file=%1$s/objects.cfg
                object_cache_file=%1$s/objects.cache
                precached_object_file=%1$s/objects.precache
                status_file=%1$s/status.dat
                status_update_interval=1
                state_retention_file=%1$s/retention.dat
                retain_state_information=1
                temp_file=%1$s/tmp
                temp_path=%1$s
                check_result_path=%1$s/spool
                command_file=%1$s/nagios.cmd
                check_external_commands=1
                log_external_commands=1
                lock_file=%1$s/nagios.pid
                query_socket=%1$s/nagios.qh
                nagios_user=%2$s
                nagios_group=%2$s
                illegal_macro_output_chars=`~$&|'"<>
                check_for_updates=0
                execute_host_checks=0
                execute_service_checks=0
                enable_event_handlers=1
                global_host_event_handler=global-handler
                ocsp_command=obsess
                obsess_over_services=1
                service_perfdata_command=perfdata
                """.formatted(folder, System.getProperty("user.name")));
        return folder;
    }

    /** Has it check its configuration, and write what it understood. */
    private static Splitter precached(Path folder) throws Exception {
        Process nagios = nagios(folder, "-v", "-p");
        assertThat(nagios.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(nagios.exitValue()).as(() -> read(folder.resolve("out.log"))).isZero();
        try (InputStream in = Files.newInputStream(folder.resolve("objects.precache"))) {
            return Splitter.read(
                    "objects.precache", in, MainCommands.in(Files.readAllLines(folder.resolve("nagios.cfg"))));
        }
    }

    private static Process nagios(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(RealNagios.program().toString()));
        command.addAll(List.of(options));
        command.add(folder.resolve("nagios.cfg").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.log").toFile())
                .start();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static byte[] bytes(Part part) throws IOException {
        var out = new ByteArrayOutputStream();
        part.writeTo(out);
        return out.toByteArray();
    }

    private static String text(Part part) {
        return StandardCharsets.UTF_8.decode(part.bytes()).toString();
    }
}
