package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.ca.CertificateAuthority;

/** A poller whose links to its masters are cut for a minute, while it and they go on. */
class PollerCutOffIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration CUT = Duration.ofSeconds(60);
    private static final long INTERVAL_MILLIS = 3_000;

    @TempDir
    private Path folder;

    private RealNode one;
    private RealNode two;
    private RealNode poller;

    @Test
    void getsItsMastersResultsAndTheyGetIts() throws IOException {
        CertificateAuthority authority = RealNode.authority(folder.resolve("ca"));
        Proof proof = new Proof(folder.resolve("proof"), 4, 2, 2, INTERVAL_MILLIS);
        try (RealNode a = new RealNode("master1", folder);
                RealNode b = new RealNode("master2", folder);
                RealNode c = new RealNode("poller1", folder);
                CutableProxy toOne = new CutableProxy(a.port());
                CutableProxy toTwo = new CutableProxy(b.port())) {
            one = a;
            two = b;
            poller = c;
            String pollerSection = c.section("poller", "hostgroup = poller1; connect = no;");
            String scheduler = "scheduler { objects = objects.cfg; }\n";
            one.configure(authority, folder.resolve("ca"), scheduler + two.section("peer", "") + pollerSection);
            two.configure(authority, folder.resolve("ca"), scheduler + one.section("peer", "") + pollerSection);
            poller.configure(
                    authority,
                    folder.resolve("ca"),
                    scheduler + "master master1 { address = 127.0.0.1; port = " + toOne.port() + "; }\n"
                            + "master master2 { address = 127.0.0.1; port = " + toTwo.port() + "; }\n");
            Files.writeString(one.folder().resolve("objects.cfg"), proof.objects());
            Files.writeString(two.folder().resolve("objects.cfg"), proof.objects());
            Files.writeString(poller.folder().resolve("objects.cfg"), proof.siteObjects());
            for (RealNode node : List.of(one, two, poller)) {
                node.startDaemon();
                node.startScheduler();
            }
            await().atMost(PATIENCE).until(this::settled);

            toOne.cut();
            toTwo.cut();
            long cutAt = System.currentTimeMillis();
            await().atMost(PATIENCE).until(() -> ranSites(proof, cutAt) >= 6);
            await().atMost(PATIENCE)
                    .until(() -> one.sees("poller1")
                            .filter(node -> node.backlog().events() > 0)
                            .isPresent());
            await().atMost(PATIENCE.plus(CUT)).until(() -> System.currentTimeMillis() - cutAt > CUT.toMillis());
            toOne.heal();
            toTwo.heal();
            await().atMost(PATIENCE).until(this::settled);
            await().atMost(PATIENCE).until(this::nothingOwed);

            long foundByMasters = ranSites(proof, 0);
            assertThat(figure(poller, "results_received"))
                    .as("results of its objects that masters found, %d by their commands", foundByMasters)
                    .isGreaterThanOrEqualTo(foundByMasters - 2); // a run may be on its way
            for (RealNode node : List.of(one, two, poller)) {
                assertThat(figure(node, "duplicates")).as(node.name()).isZero();
                assertThat(figure(node, "gaps")).as(node.name()).isZero();
            }
            long foundByPoller = proof.runs().values().stream()
                    .flatMap(List::stream)
                    .filter(ran -> ran.node().equals("poller1"))
                    .count();
            assertThat(figure(one, "results_received"))
                    .as("what the poller and the other master found")
                    .isGreaterThanOrEqualTo(foundByPoller - 2);
        }
    }

    private boolean settled() {
        return List.of(one, two, poller).stream()
                .allMatch(node -> node.view()
                        .filter(view -> view.verdict() == 0 && !view.handover())
                        .isPresent());
    }

    private boolean nothingOwed() {
        return List.of(one, two, poller).stream()
                .allMatch(node -> node.view()
                        .filter(view -> view.nodes().stream()
                                .allMatch(other -> other.backlog().events() == 0))
                        .isPresent());
    }

    private static long ranSites(Proof proof, long since) throws IOException {
        long count = 0;
        for (Map.Entry<String, List<Proof.Ran>> runs : proof.runs().entrySet()) {
            if (runs.getKey().matches("h[01](;.*)?")) {
                count += runs.getValue().stream()
                        .filter(ran -> ran.node().startsWith("master") && ran.millis() >= since)
                        .count();
            }
        }
        return count;
    }

    private static long figure(RealNode node, String name) {
        return node.sees(node.name()).orElseThrow().figures().getOrDefault(name, 0L);
    }
}
