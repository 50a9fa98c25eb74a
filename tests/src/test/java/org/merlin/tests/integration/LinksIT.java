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
import org.merlin.daemon.status.NodeView;

/** Two real daemons, by all the ways in which they may be told to meet, and what one says of the other's scheduler. */
class LinksIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path work;

    private RealNode luke;
    private RealNode yoda;

    @BeforeEach
    void configure() throws IOException {
        Path ca = Files.createDirectories(work.resolve("ca"));
        var authority = RealNode.authority(ca);
        luke = new RealNode("luke", work);
        yoda = new RealNode("yoda", work);
        luke.configure(authority, ca, yoda.section("peer", "connect = yes;"));
        yoda.configure(authority, ca, luke.section("peer", "connect = yes;"));
        for (RealNode node : new RealNode[] {luke, yoda}) {
            Files.writeString(node.state().resolve("objects.cfg"), """
                    define command {
                      command_name ok
                      command_line echo fine
                    }
                    define host {
                      host_name h
                      check_command ok
                    }
                    """);
        }
    }

    @AfterEach
    void stop() {
        luke.close();
        yoda.close();
    }

    private static void change(RealNode node, String from, String to) throws IOException {
        String before = Files.readString(node.conf());
        assertThat(before).contains(from);
        Files.writeString(node.conf(), before.replace(from, to));
    }

    private void start() throws IOException {
        luke.startDaemon();
        yoda.startDaemon();
    }

    private void meet(boolean encrypted) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(luke.sees("yoda").map(NodeView::state)).contains("connected");
            assertThat(yoda.sees("luke").map(NodeView::state)).contains("connected");
        });
        assertThat(luke.sees("yoda").map(NodeView::encrypted)).contains(encrypted);
        assertThat(yoda.sees("luke").map(NodeView::encrypted)).contains(encrypted);
    }

    private void plain(RealNode node) throws IOException {
        change(node, "node_name", "tls = off;\nnode_name");
    }

    @Test
    void theyMeetByIpv6() throws IOException {
        change(luke, "127.0.0.1", "::1");
        change(yoda, "127.0.0.1", "::1");
        start();
        meet(true);
        assertThat(luke.sees("yoda").map(NodeView::remote).orElseThrow()).startsWith("[0:0:0:0:0:0:0:1]:");
    }

    @Test
    void theyMeetWithoutTlsWhereBothSayOff() throws IOException {
        plain(luke);
        plain(yoda);
        start();
        meet(false);
    }

    @Test
    void tlsOnOneSideAloneIsRefusedInWords() throws IOException {
        plain(luke);
        start();
        for (RealNode node : new RealNode[] {luke, yoda}) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(node.logLines())
                            .anyMatch(line -> line.contains("MRL-1020") && line.contains("tls = off")));
        }
        assertThat(luke.sees("yoda").map(NodeView::active)).contains(false);
        assertThat(yoda.sees("luke").map(NodeView::state).orElseThrow()).isNotEqualTo("connected");
    }

    @Test
    void oneSideThatDialsIsEnough() throws IOException {
        change(luke, "connect = yes", "connect = no");
        start();
        meet(true);
    }

    @Test
    void aNodeIsActiveWhileItsSchedulerIsThereAndAnswers() throws Exception {
        start();
        luke.startScheduler();
        yoda.startScheduler();
        await().atMost(SOON).until(() -> seesYodaActive());
        yoda.killScheduler();
        await().atMost(SOON).until(() -> !seesYodaActive());
        assertThat(luke.sees("yoda").map(NodeView::state))
                .as("its daemon is still there")
                .contains("connected");
        yoda.startScheduler();
        await().atMost(SOON).until(() -> seesYodaActive());
        yoda.signalScheduler("STOP");
        await().atMost(SOON).until(() -> !seesYodaActive());
        yoda.signalScheduler("CONT");
        await().atMost(SOON).until(() -> seesYodaActive());
    }

    private boolean seesYodaActive() {
        return luke.sees("yoda").filter(NodeView::active).isPresent();
    }
}
