package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerMainTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return SchedulerMain.run(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private Path conf(String objects) throws IOException {
        Path file = Files.writeString(directory.resolve("objects.cfg"), objects);
        return Files.writeString(
                directory.resolve("merlin.conf"),
                "node_name = yoda;\nstate_dir = " + directory + ";\nscheduler { objects = " + file + "; }\n");
    }

    @Test
    void explainsItself() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: merlin-scheduler -c FILE");
        assertThat(run()).isEqualTo(64);
        assertThat(run("-x", "merlin.conf")).isEqualTo(64);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Usage: merlin-scheduler -c FILE");
    }

    @Test
    void checksWithoutTouchingAnything() throws IOException {
        Path conf = conf("define host {\n host_name h\n no_such_word 1\n}\n");
        assertThat(run("--check", "-c", conf.toString())).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("objects.cfg:3: warning: unknown attribute");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Total errors: 0\n");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("merlin.conf", "objects.cfg");
    }

    @Test
    void checksAnotherFolderInThePlaceOfItsObjects() throws IOException {
        Path conf = conf("define host {\n host_name h\n}\n");
        Path folder = Files.createDirectories(directory.resolve("trial/site"));
        Files.writeString(folder.resolve("x.cfg"), "\ndefine host {\n host_name h\n parents i,other\n}\n");
        Path trial = folder.getParent();
        assertThat(run("-c", conf.toString(), "--objects", trial.toString(), "--check"))
                .isEqualTo(78);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "site/x.cfg:4: unknown host 'i'; did you mean 'h'?", "site/x.cfg:4: unknown host 'other'");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Total errors: 2\n");
        assertThat(run("-c", conf.toString(), "--check", "--objects", trial + "/none"))
                .isEqualTo(78);
        assertThat(run("-c", conf.toString(), "--objects", trial.toString()))
                .as("only a check reads other objects")
                .isEqualTo(64);
    }

    @Test
    void refusesAWrongConfiguration() throws IOException {
        Path conf =
                Files.writeString(directory.resolve("merlin.conf"), "no_such_key = 1;\nscheduler { objects = ; }\n");
        assertThat(run("-c", conf.toString())).isEqualTo(78);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("merlin.conf:1: ")
                .contains("no_such_key");
    }

    @Test
    void namesAllMistakesOfTheObjectFileAtOnce() throws IOException {
        Path conf = conf("""
                define host {
                  host_name h
                  parents nobody
                }
                define service {
                  host_name h
                  service_description s
                  check_command missing
                  max_check_attempts none
                }
                """);
        assertThat(run("-c", conf.toString())).isEqualTo(78);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("objects.cfg:3: ") && line.contains("'nobody'"))
                .anyMatch(line -> line.startsWith("objects.cfg:8: ") && line.contains("'missing'"))
                .anyMatch(line -> line.startsWith("objects.cfg:9: ") && line.contains("'none'"));
        assertThat(directory.resolve("command.pipe")).as("nothing was begun").doesNotExist();
    }

    @Test
    void saysWhereItLookedForTheObjectFile() throws IOException {
        Path conf = conf("");
        Files.delete(directory.resolve("objects.cfg"));
        assertThat(run("-c", conf.toString())).isEqualTo(78);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(directory.resolve("objects.cfg").toString());
    }
}
