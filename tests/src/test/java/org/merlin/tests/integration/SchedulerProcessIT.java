package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded scheduler as a process among others. */
class SchedulerProcessIT {
    @TempDir
    private Path work;

    private RealNode node;
    private Path said;

    @BeforeEach
    void configure() throws IOException {
        Path ca = Files.createDirectories(work.resolve("ca"));
        node = new RealNode("alone", work);
        node.configure(RealNode.authority(ca), ca, "");
        said = work.resolve("said");
        Files.writeString(node.state().resolve("objects.cfg"), """
                define command {
                  command_name say
                  command_line echo '$HOSTNAME$ $ARG1$' >>%s
                }
                define host {
                  host_name n\u00e4me
                  check_command say!gr\u00fc\u00dfe
                  check_interval 0.01
                }
                """.formatted(said));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void namesReachPluginsAsTheyStandInTheFileInAnyLocale() throws Exception {
        node.environment("LC_ALL", "C");
        node.startScheduler();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(said) && Files.size(said) > 0);
        assertThat(Files.readString(said)).startsWith("n\u00e4me gr\u00fc\u00dfe\n");
    }

    @Test
    void aStateDirectoryThatIsDamagedEndsItAtOnceInWords() throws Exception {
        Files.write(node.state().resolve("module.epoch"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(node.secondScheduler()).isEqualTo(1);
        assertThat(Files.readString(node.folder().resolve("second.log")))
                .contains("MRL-3098")
                .contains("module.epoch is damaged")
                .doesNotContain("\tat ");
    }

    @Test
    void aSecondOneWithTheSameConfigurationIsRefused() throws Exception {
        node.startScheduler();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(said));
        assertThat(node.secondScheduler()).isEqualTo(1);
        assertThat(Files.readString(node.folder().resolve("second.log")))
                .contains("another scheduler with this merlin.conf runs")
                .doesNotContain("\tat ");
    }
}
