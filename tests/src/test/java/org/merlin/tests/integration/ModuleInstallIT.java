package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mon module install} into the configuration of a real Nagios, which then is a node; and out of it again. */
class ModuleInstallIT {
    @TempDir
    private Path work;

    @Test
    void aNagiosIsANodeAfterTheInstallationAndAloneAfterItsEnd() throws Exception {
        assumeTrue(RealNagios.missing().isEmpty(), () -> RealNagios.missing().orElseThrow());
        try (RealNode node = new RealNode("luke", work)) {
            Path ca = Files.createDirectories(work.resolve("ca"));
            node.configure(RealNode.authority(ca), ca, "");
            RealNagios nagios = new RealNagios(node);
            nagios.configure(objects());
            Path cfg = node.folder().resolve("nagios/nagios.cfg");
            String without = Files.readString(cfg)
                    .replaceAll("(?m)^broker_module=.*\n", "")
                    .replace("event_broker_options=-1", "event_broker_options=0");
            Files.writeString(cfg, without);
            module(node, cfg, "install");
            assertThat(RealNagios.moduleFolder().resolve("merlin.jsa")).exists();
            assertThat(verify(cfg)).isZero();
            node.startDaemon();
            nagios.start();
            try {
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .until(() -> status(node).contains("local luke: ACTIVE")
                                && status(node).contains("nagios 4"));
            } finally {
                nagios.stop();
            }
            module(node, cfg, "uninstall");
            assertThat(Files.readString(cfg)).isEqualTo(without);
            assertThat(RealNagios.moduleFolder().resolve("merlin.jsa")).doesNotExist();
            assertThat(verify(cfg)).isZero();
        }
    }

    private void module(RealNode node, Path cfg, String action) throws Exception {
        RealNode.Ended ended = RealNode.mon(
                work,
                "--merlin-cfg=" + node.conf(),
                "module",
                action,
                "--scheduler",
                "nagios4",
                "--config",
                cfg.toString());
        assertThat(ended.status()).as(ended.err()).isZero();
    }

    private String status(RealNode node) throws Exception {
        return RealNode.mon(work, "--merlin-cfg=" + node.conf(), "node", "status")
                .out();
    }

    private int verify(Path cfg) throws IOException, InterruptedException {
        return new ProcessBuilder(RealNagios.program().toString(), "-v", cfg.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("verify.log").toFile())
                .start()
                .waitFor();
    }

    private static String objects() {
        return """
                define command {
                  command_name check
                  command_line /bin/true
                }
                define timeperiod {
                  timeperiod_name always
                  alias always
                  sunday 00:00-24:00
                }
                define contact {
                  contact_name anna
                  host_notification_period always
                  service_notification_period always
                  host_notification_options d,r
                  service_notification_options c,r
                  host_notification_commands check
                  service_notification_commands check
                }
                define host {
                  host_name h
                  alias h
                  address 127.0.0.1
                  check_command check
                  max_check_attempts 2
                  check_period always
                  notification_period always
                  contacts anna
                }
                define service {
                  host_name h
                  service_description s
                  check_command check
                  max_check_attempts 2
                  check_period always
                  notification_period always
                  contacts anna
                }
                """;
    }
}
