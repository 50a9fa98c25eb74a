package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real Nagios that are peers, with our daemons between. Check commands and notification commands append to files who ran what;
 * those files are the proof.
 */
class NagiosIT {
    private static final int HOSTS = 4;
    private static final int SERVICES = 3;

    @TempDir
    private Path work;

    private final List<RealNode> nodes = new ArrayList<>();
    private final List<RealNagios> schedulers = new ArrayList<>();

    @BeforeEach
    void configure() throws IOException {
        assumeTrue(RealNagios.missing().isEmpty(), () -> RealNagios.missing().orElseThrow());
        Path ca = Files.createDirectories(work.resolve("ca"));
        var authority = RealNode.authority(ca);
        RealNode luke = new RealNode("luke", work);
        RealNode yoda = new RealNode("yoda", work);
        luke.configure(authority, ca, yoda.section("peer", ""));
        yoda.configure(authority, ca, luke.section("peer", ""));
        for (RealNode node : List.of(luke, yoda)) {
            nodes.add(node);
            RealNagios nagios = new RealNagios(node);
            nagios.configure(objects());
            schedulers.add(nagios);
            node.startDaemon();
            nagios.start();
        }
        await().atMost(Duration.ofSeconds(60)).until(this::settled);
    }

    private boolean settled() {
        return nodes.stream()
                .allMatch(node -> node.view()
                        .filter(view -> view.verdict() == 0 && !view.handover())
                        .isPresent());
    }

    /** The same on both nodes, so that their configurations have one hash. */
    private String objects() throws IOException {
        Path check = script("check", """
                echo "$MERLIN_NODE $1 $(date +%%s%%3N)" >> %1$s/proof
                state=0
                [ -f %1$s/state-$1 ] && state=$(cat %1$s/state-$1)
                echo "state $state|n=1"
                exit $state
                """.formatted(work));
        Path mail = script("mail", "echo \"$MERLIN_NODE $*\" >> %s/mails\n".formatted(work));
        StringBuilder text = new StringBuilder("""
                define command {
                  command_name check
                  command_line %s $ARG1$
                }
                define command {
                  command_name mail
                  command_line %s $HOSTNAME$ $ARG1$ $NOTIFICATIONTYPE$ $NOTIFICATIONNUMBER$ $SERVICEDESC$
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
                  host_notification_options d,r
                  service_notification_options w,c,r
                  host_notification_commands mail!host
                  service_notification_commands mail!service
                }
                """.formatted(check, mail));
        for (int host = 0; host < HOSTS; host++) {
            text.append("define host {\n host_name h").append(host).append("\n alias h\n address 127.0.0.1\n");
            text.append(checked("h" + host));
            for (int service = 0; service < SERVICES; service++) {
                text.append("define service {\n host_name h").append(host);
                text.append("\n service_description s").append(service).append('\n');
                text.append(checked("h" + host + ".s" + service));
            }
        }
        for (int host = 0; host < 2; host++) {
            text.append("define service {\n host_name h").append(host).append("\n service_description z\n");
            text.append(checked("none").replace("max_check", "active_checks_enabled 0\n max_check"));
        }
        return text.toString();
    }

    private static String checked(String object) {
        return " check_command check!" + object
                + "\n check_interval 0.05\n retry_interval 0.05\n max_check_attempts 2\n"
                + " check_period always\n notification_period always\n notification_interval 0\n contacts anna\n}\n";
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(work.resolve(name), "#!/bin/sh\n" + text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (RealNagios nagios : schedulers) {
            nagios.stop();
        }
        nodes.forEach(RealNode::close);
    }

    /** By object, the nodes that ran its check since a time. */
    private Map<String, Set<String>> runners(long sinceMillis) throws IOException {
        Map<String, Set<String>> runners = new HashMap<>();
        for (String line : Files.readAllLines(work.resolve("proof"))) {
            String[] words = line.split(" ");
            if (Long.parseLong(words[2]) >= sinceMillis) {
                runners.computeIfAbsent(words[1], any -> new HashSet<>()).add(words[0]);
            }
        }
        return runners;
    }

    private List<String> mails() throws IOException {
        Path mails = work.resolve("mails");
        return Files.exists(mails) ? Files.readAllLines(mails) : List.of();
    }

    private void sharesAreThoseOfTheSlots() {
        long since = System.currentTimeMillis();
        await().atMost(Duration.ofSeconds(40)).until(() -> runners(since).size() == HOSTS * (1 + SERVICES));
        await().untilAsserted(() -> {
            Map<String, Set<String>> runners = runners(since);
            for (int host = 0; host < HOSTS; host++) {
                assertThat(runners.get("h" + host)).containsExactly(host % 2 == 0 ? "luke" : "yoda");
                for (int service = 0; service < SERVICES; service++) {
                    assertThat(runners.get("h" + host + ".s" + service))
                            .containsExactly(
                                    (host * SERVICES + Math.min(host, 2) + service) % 2 == 0 ? "luke" : "yoda");
                }
            }
        });
    }

    @Test
    void peersShareTheChecksAndKnowAllResults() throws Exception {
        sharesAreThoseOfTheSlots();
        for (RealNagios nagios : schedulers) {
            for (int host = 0; host < HOSTS; host++) {
                String name = "h" + host;
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(nagios.status(name, "s0"))
                                .contains("\tplugin_output=state 0\n")
                                .contains("\tperformance_data=n=1\n")
                                .contains("\thas_been_checked=1\n"));
            }
        }
    }

    @Test
    void aProblemIsNotifiedOnceByItsRunner() throws Exception {
        Files.writeString(work.resolve("state-h0.s1"), "2");
        await().atMost(Duration.ofSeconds(40)).until(() -> !mails().isEmpty());
        for (RealNagios nagios : schedulers) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(nagios.status("h0", "s1"))
                            .contains("\tcurrent_state=2\n")
                            .contains("\tstate_type=1\n")
                            .contains("\tcurrent_attempt=2\n"));
            assertThat(nagios.log()).contains("SERVICE ALERT: h0;s1;CRITICAL;SOFT;1;state 2");
            assertThat(nagios.log()).contains("SERVICE ALERT: h0;s1;CRITICAL;HARD;2;state 2");
        }
        Files.delete(work.resolve("state-h0.s1"));
        await().atMost(Duration.ofSeconds(40)).until(() -> mails().size() >= 2);
        long since = System.currentTimeMillis();
        await().atMost(Duration.ofSeconds(20)).until(() -> runners(since).size() == HOSTS * (1 + SERVICES));
        assertThat(mails()).containsExactly("yoda h0 service PROBLEM 1 s1", "yoda h0 service RECOVERY 2 s1");
    }

    /** Both are yoda's. Nagios lets nobody block what it is handed: who gets it applies it, and leaves the mail to the runner. */
    @Test
    void aPassiveResultIsKnownToAllAndNotifiedOnceByTheRunner() throws Exception {
        handInTwice(0, "h0", "yoda h0 service PROBLEM 1 z");
        handInTwice(1, "h1", "yoda h1 service PROBLEM 1 z");
        assertThat(mails()).containsExactly("yoda h0 service PROBLEM 1 z", "yoda h1 service PROBLEM 1 z");
    }

    private void handInTwice(int scheduler, String host, String mail) throws Exception {
        for (int attempt = 1; attempt <= 2; attempt++) {
            schedulers
                    .get(scheduler)
                    .command("PROCESS_SERVICE_CHECK_RESULT;" + host + ";z;2;burning\\nfirst floor|heat=900");
            int attempts = attempt;
            for (RealNagios nagios : schedulers) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(nagios.status(host, "z"))
                                .contains("\tcurrent_state=2\n")
                                .contains("\tcurrent_attempt=" + attempts + "\n")
                                .contains("\tplugin_output=burning\n")
                                .contains("\tlong_plugin_output=first floor")
                                .contains("\tperformance_data=heat=900\n"));
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> mails().contains(mail));
        long since = System.currentTimeMillis(); // a second mail would come in the time of a round of checks
        await().atMost(Duration.ofSeconds(20)).until(() -> runners(since).size() == HOSTS * (1 + SERVICES));
    }

    @Test
    void checksOfAKilledNagiosRunAtItsPeerAndReturnWithIt() throws Exception {
        long killed = System.currentTimeMillis();
        schedulers.get(1).kill();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> runners(killed + 500).entrySet().stream()
                                .filter(entry -> entry.getValue().contains("luke"))
                                .count()
                        == HOSTS * (1 + SERVICES));
        schedulers.get(1).start();
        await().atMost(Duration.ofSeconds(60)).until(this::settled);
        sharesAreThoseOfTheSlots();
    }

    @Test
    void reloadsKeepTheSchedulersAndTheirShares() throws Exception {
        for (int i = 0; i < 5; i++) {
            String before = schedulers.get(0).log();
            int starts = before.split("MRL-2000", -1).length;
            schedulers.get(0).reload();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> schedulers.get(0).log().split("MRL-2000", -1).length > starts);
        }
        assertThat(schedulers.get(0).lives()).isTrue();
        await().atMost(Duration.ofSeconds(60)).until(this::settled);
        sharesAreThoseOfTheSlots();
    }

    @Test
    void theQueryHandlerTellsTheNodesByTheKeysOfTheOriginal() throws Exception {
        List<String> lines = schedulers.get(0).ask("#merlin nodeinfo").lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("instance_id=0;name=luke;").contains(";type=local;state=STATE_CONNECTED;");
        assertThat(lines.get(1)).contains(";name=yoda;").contains(";type=peer;").contains(";encrypted=1;");
        assertThat(schedulers.get(0).ask("#merlin help")).contains("nodeinfo");
        assertThat(schedulers.get(0).ask("#merlin nonsense")).startsWith("400");
        nodes.get(0).killDaemon();
        assertThat(schedulers.get(0).ask("#merlin nodeinfo")).startsWith("error=no daemon answers");
    }

    @Test
    void aWrongConfigurationLeavesTheSchedulerAlone() throws Exception {
        schedulers.get(0).stop();
        Files.writeString(nodes.get(0).conf(), Files.readString(nodes.get(0).conf()) + "\npulse_intervall = 1;\n");
        long since = System.currentTimeMillis();
        schedulers.get(0).start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> runners(since).values().stream()
                                .filter(who -> who.contains("luke"))
                                .count()
                        == HOSTS * (1 + SERVICES));
        assertThat(schedulers.get(0).log())
                .contains("unknown key 'pulse_intervall', did you mean 'pulse_interval'?")
                .contains("the scheduler goes on alone");
    }
}
