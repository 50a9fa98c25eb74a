package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.status.NodeView;

/** Two peers with the embedded scheduler: who tells contacts, and that what people note on one is on the other. */
@Timeout(180)
class EmbeddedNotificationsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int SERVICES = 6;

    @TempDir
    private Path work;

    private RealNode luke;
    private RealNode yoda;
    private Path told;
    private Path handled;
    private Path status;

    @BeforeEach
    void start() throws Exception {
        Path ca = Files.createDirectories(work.resolve("ca"));
        var authority = RealNode.authority(ca);
        luke = new RealNode("luke", work);
        yoda = new RealNode("yoda", work);
        String scheduler = "scheduler { interval_length = 1; retention_interval = 1; }\n";
        luke.configure(authority, ca, yoda.section("peer", "connect = yes;") + scheduler);
        yoda.configure(authority, ca, luke.section("peer", "connect = yes;") + scheduler);
        told = work.resolve("told");
        handled = work.resolve("handled");
        status = Files.writeString(work.resolve("status"), "0\n");
        StringBuilder objects = new StringBuilder("""
                define command {
                  command_name from-file
                  command_line exit $$(cat %s)
                }
                define command {
                  command_name tell
                  command_line echo "$$MERLIN_NODE $NOTIFICATIONTYPE$ $SERVICEDESC$ $NOTIFICATIONCOMMENT$" >>%s
                }
                define command {
                  command_name handle
                  command_line echo "$$MERLIN_NODE $SERVICESTATE$ $SERVICEDESC$" >>%s
                }
                define contact {
                  contact_name ann
                  service_notification_commands tell
                  host_notification_commands tell
                }
                define host {
                  host_name h
                  active_checks_enabled 0
                  contacts ann
                }
                """.formatted(status, told, handled));
        for (int i = 0; i < SERVICES; i++) {
            objects.append("""
                    define service {
                      host_name h
                      service_description s%d
                      check_command from-file
                      check_interval 1
                      event_handler handle
                      notification_interval 0
                    }
                    """.formatted(i));
        }
        for (RealNode node : List.of(luke, yoda)) {
            Files.writeString(node.state().resolve("objects.cfg"), objects);
            node.startDaemon();
            node.startScheduler();
        }
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(luke.sees("yoda").map(NodeView::active)).contains(true);
            assertThat(yoda.sees("luke").map(NodeView::active)).contains(true);
            for (RealNode node : List.of(luke, yoda)) {
                assertThat(node.view().orElseThrow().rings()).anySatisfy(ring -> {
                    assertThat(ring.ring()).hasSize(2);
                    assertThat(ring.agreed()).isTrue();
                });
            }
        });
    }

    @AfterEach
    void stop() {
        luke.close();
        yoda.close();
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static void command(RealNode node, String command) throws IOException {
        Files.writeString(
                node.state().resolve("command.pipe"),
                "[" + System.currentTimeMillis() / 1000 + "] " + command + "\n",
                StandardOpenOption.WRITE);
    }

    private static String log(RealNode node) throws IOException {
        return Files.readString(node.state().resolve("scheduler.log"));
    }

    /** What a node has written down, as of about a second ago. */
    private static String kept(RealNode node) throws IOException {
        command(node, "SAVE_STATE_INFORMATION");
        Path file = node.state().resolve("retention.dat");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void allAre(String word) {
        await().atMost(SOON).untilAsserted(() -> {
            for (RealNode node : List.of(luke, yoda)) {
                for (int i = 0; i < SERVICES; i++) {
                    assertThat(log(node)).contains("SERVICE ALERT: h;s" + i + ";" + word + ";HARD");
                }
            }
        });
    }

    @Test
    void eachProblemAndItsEndAreToldOnceByWhoRunsTheCheck() throws Exception {
        Files.writeString(status, "2\n");
        allAre("CRITICAL");
        await().atMost(SOON).until(() -> lines(told).size() >= SERVICES);
        Files.writeString(status, "0\n");
        await().atMost(SOON).until(() -> lines(told).size() >= 2 * SERVICES);
        Thread.sleep(2000); // one that is too many would come with the next results
        List<String> lines = lines(told);
        assertThat(lines)
                .extracting(line -> line.substring(line.indexOf(' ') + 1).strip())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 2 * SERVICES)
                        .mapToObj(i -> (i < SERVICES ? "PROBLEM s" : "RECOVERY s") + i % SERVICES)
                        .toList());
        assertThat(lines).anyMatch(line -> line.startsWith("luke ")).anyMatch(line -> line.startsWith("yoda "));
        assertThat(lines(handled)).hasSize(2 * SERVICES);
    }

    @Test
    void whatPeopleNoteOnOneNodeIsOnTheOtherAndSoIsItsDeletion() throws Exception {
        Files.writeString(status, "2\n");
        allAre("CRITICAL");
        await().atMost(SOON).until(() -> lines(told).size() >= SERVICES);
        long now = System.currentTimeMillis() / 1000;
        command(luke, "ADD_SVC_COMMENT;h;s0;1;me;a remark");
        command(luke, "SCHEDULE_SVC_DOWNTIME;h;s1;" + (now - 5) + ";" + (now + 600) + ";1;0;0;me;some work");
        command(luke, "ACKNOWLEDGE_SVC_PROBLEM;h;s2;2;1;1;me;it is mine");
        command(luke, "DISABLE_SVC_NOTIFICATIONS;h;s3");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kept(yoda))
                        .contains("a remark", "some work", "it is mine", "set\tSERVICE\th\ts3\tnotifications\t0"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(lines(told))
                        .filteredOn(line -> line.contains("ACKNOWLEDGEMENT"))
                        .singleElement()
                        .asString()
                        .endsWith(" ACKNOWLEDGEMENT s2 it is mine"));
        assertThat(lines(told))
                .filteredOn(line -> line.contains("DOWNTIMESTART s1"))
                .hasSize(1);
        command(yoda, "DEL_ALL_SVC_COMMENTS;h;s0");
        command(yoda, "DEL_DOWNTIME_BY_START_TIME_COMMENT;;some work");
        command(yoda, "REMOVE_SVC_ACKNOWLEDGEMENT;h;s2");
        command(yoda, "ENABLE_SVC_NOTIFICATIONS;h;s3");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kept(luke))
                        .doesNotContain("a remark", "\nacknowledged\th;s2")
                        .doesNotContainPattern("\ndowntime\t")
                        .contains("set\tSERVICE\th\ts3\tnotifications\t1"));
    }

    @Test
    void whatIsHandedInOnEitherNodeIsToldOnceByWhoRunsTheCheck() throws Exception {
        for (int i = 0; i < SERVICES; i++) {
            command(luke, "DISABLE_SVC_CHECK;h;s" + i);
        }
        await().atMost(SOON).untilAsserted(() -> {
            for (RealNode node : List.of(luke, yoda)) {
                assertThat(kept(node).split("active=false", -1)).hasSize(SERVICES + 1);
            }
        });
        for (int i = 0; i < SERVICES; i++) {
            command(i % 2 == 0 ? luke : yoda, "PROCESS_SERVICE_CHECK_RESULT;h;s" + i + ";2;bad");
            command(luke, "SEND_CUSTOM_SVC_NOTIFICATION;h;s" + i + ";2;me;hello");
        }
        await().atMost(SOON).until(() -> lines(told).size() >= 2 * SERVICES);
        await().atMost(SOON).until(() -> lines(handled).size() >= SERVICES);
        Thread.sleep(2000); // one that is too many
        assertThat(lines(told))
                .extracting(line -> line.substring(line.indexOf(' ') + 1).strip())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 2 * SERVICES)
                        .mapToObj(i -> i < SERVICES ? "PROBLEM s" + i : "CUSTOM s" + (i - SERVICES) + " hello")
                        .toList());
        assertThat(lines(told).stream()
                        .map(line -> line.split(" ")[0] + " " + line.split(" ")[2])
                        .distinct())
                .as("one node for each service")
                .hasSize(SERVICES);
        assertThat(lines(handled)).hasSize(SERVICES);
    }

    @Test
    void whoIsLeftTellsOfWhatHappensLater() throws Exception {
        yoda.killScheduler();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(luke.sees("yoda").map(NodeView::active)).contains(false));
        Files.writeString(status, "2\n");
        await().atMost(SOON).until(() -> lines(told).size() >= SERVICES);
        Thread.sleep(2000); // one that is too many
        assertThat(lines(told)).hasSize(SERVICES).allMatch(line -> line.startsWith("luke PROBLEM "));
        yoda.startScheduler();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(luke.sees("yoda").map(NodeView::active)).contains(true));
        Thread.sleep(5000); // what it finds, and what it compares
        assertThat(lines(told)).as("known already").hasSize(SERVICES);
        Files.writeString(status, "0\n");
        await().atMost(SOON).until(() -> lines(told).size() >= 2 * SERVICES);
        Thread.sleep(2000);
        assertThat(lines(told)).hasSize(2 * SERVICES);
    }
}
