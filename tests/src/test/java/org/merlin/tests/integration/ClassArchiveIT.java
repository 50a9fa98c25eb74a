package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.cli.AdminClient;

/** The daemon's classes, made ready by {@code bin/} after a build or an installation: in a folder that has jars as an installed package has. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClassArchiveIT {
    private static final Path JARS = RealNode.HOME.resolve("daemon/target");

    @TempDir
    private Path folder;

    private Path home;
    private Path archive;

    @BeforeEach
    void install() throws IOException {
        home = folder.resolve("home");
        archive = home.resolve("lib/merlind.jsa");
        copy(RealNode.HOME.resolve("bin"), home.resolve("bin"));
        copy(JARS.resolve("lib"), home.resolve("lib/daemon"));
        Files.copy(JARS.resolve("merlin-daemon-0.1.0.jar"), home.resolve("lib/daemon/merlin-daemon-0.1.0.jar"));
        Files.writeString(
                folder.resolve("merlin.conf"),
                "node_name = luke;\nstate_dir = state;\ndaemon { address = 127.0.0.1; port = 1; pidfile = pid; }\n");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private Process run(String... words) throws IOException {
        ProcessBuilder process = new ProcessBuilder(words).redirectErrorStream(true);
        process.environment().put("MERLIND_JAVA_OPTS", "-Xlog:class+load:file=" + folder.resolve("classes"));
        process.redirectOutput(folder.resolve("said").toFile());
        return process.start();
    }

    private void make() throws Exception {
        Process made = run("bash", "-c", ". '" + home.resolve("bin/merlin-env") + "' && merlin_make_archive");
        assertThat(made.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("said"))).isEmpty();
        assertThat(archive).exists();
    }

    /** Starts a daemon, asks it something and ends it; returns the classes of ours that it loaded, and where from. */
    private List<String> loadedByADaemon() throws Exception {
        Process daemon = run(
                home.resolve("bin/merlind").toString(),
                "-c",
                folder.resolve("merlin.conf").toString());
        try {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> new AdminClient(folder.resolve("state/admin.sock"))
                                    .cluster()
                                    .nodes()
                                    .size()
                            == 1);
        } finally {
            daemon.destroy();
            daemon.waitFor();
        }
        try (Stream<String> lines = Files.lines(folder.resolve("classes"))) {
            return lines.filter(line -> line.contains(" org.merlin.")).toList();
        }
    }

    private static long ready(List<String> loaded) {
        return loaded.stream()
                .filter(line -> line.contains("shared objects file"))
                .count();
    }

    @Test
    void aDaemonTakesItsClassesFromTheArchiveAndItStartsWithoutAWord() throws Exception {
        make();
        List<String> loaded = loadedByADaemon();
        assertThat(ready(loaded)).isGreaterThan(loaded.size() * 9L / 10);
        assertThat(Files.readAllLines(folder.resolve("said")))
                .isNotEmpty()
                .allMatch(line -> line.contains(" MRL-"), "lines of ours");
    }

    @Test
    void anArchiveThatDoesNotFitIsLeftAsideWithoutAWord() throws Exception {
        make();
        Files.writeString(home.resolve("lib/daemon/one-more.jar"), "");
        assertThat(ready(loadedByADaemon())).as("of other jars").isZero();
        Files.delete(archive);
        Files.writeString(archive, "no archive");
        List<String> loaded = loadedByADaemon();
        assertThat(loaded).isNotEmpty();
        assertThat(ready(loaded)).as("damaged").isZero();
        assertThat(Files.readAllLines(folder.resolve("said")))
                .isNotEmpty()
                .allMatch(line -> line.contains(" MRL-"), "lines of ours");
    }

    /** Java 17 makes no use of an archive there. */
    @Test
    void aDaemonStartsFromAFolderWithABlankInItsName() throws Exception {
        home = Files.move(home, folder.resolve("a home"));
        archive = home.resolve("lib/merlind.jsa");
        make();
        assertThat(loadedByADaemon()).isNotEmpty();
    }

    @Test
    void whyThereIsNoneIsSaid() throws Exception {
        Files.delete(home.resolve("lib/daemon/merlin-daemon-0.1.0.jar"));
        Process made = run("bash", "-c", ". '" + home.resolve("bin/merlin-env") + "' && merlin_make_archive");
        made.waitFor();
        assertThat(Files.readString(folder.resolve("said"))).contains("why stands in " + archive + ".log");
        assertThat(Files.readString(home.resolve("lib/merlind.jsa.log"))).contains("org.merlin.daemon.Training");
        assertThat(archive).doesNotExist();
    }
}
