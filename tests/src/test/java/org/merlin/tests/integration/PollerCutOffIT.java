package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.hostgroup;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.tests.faults.CutableProxy;

/** A poller whose links to its masters are cut for a while, in which it and they go on. */
class PollerCutOffIT {
    private static final List<String> ITS_OBJECTS = List.of("site", "site;s0", "site;s1");
    /** How often each of its checks is run by the masters meanwhile. */
    private static final int RUNS = 12;

    @TempDir
    private Path folder;

    private RealCluster cluster;

    @Test
    void getsItsMastersResultsAndTheyGetIts() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        RealNode one = cluster.node("master1");
        RealNode two = cluster.node("master2");
        RealNode poller = cluster.node("poller1");
        try (CutableProxy toOne = new CutableProxy(one.port());
                CutableProxy toTwo = new CutableProxy(two.port())) {
            String site = cluster.basics()
                    + hostgroup("poller1", "far away")
                    + host("site", " hostgroups poller1", "s0", "s1");
            String all = site + host("base", "", "s0", "s1");
            String section = poller.section("poller", "hostgroup = poller1; connect = no;");
            cluster.configure("master1", two.section("peer", "") + section, all);
            cluster.configure("master2", one.section("peer", "") + section, all);
            cluster.configure("poller1", master("master1", toOne) + master("master2", toTwo), site);
            cluster.start();
            cluster.twoRounds("site", "base");

            toOne.cut();
            toTwo.cut();
            long cutAt = System.currentTimeMillis();
            for (String object : ITS_OBJECTS) {
                until(object + " is run by masters", () -> ranAtMasters(object, cutAt) >= RUNS);
            }
            for (RealNode master : List.of(one, two)) {
                until(
                        "something is kept for the poller",
                        () -> master.sees("poller1")
                                .filter(node -> node.backlog().events() > 0)
                                .isPresent());
            }
            toOne.heal();
            toTwo.heal();
            cluster.awaitSettled();
            until("nobody owes anything", this::nothingOwed);

            long foundByMasters = 0;
            for (String object : ITS_OBJECTS) {
                foundByMasters += ranAtMasters(object, 0);
            }
            assertThat(figure(poller, "results_received"))
                    .as("results of its objects that masters found, %d by their commands", foundByMasters)
                    .isGreaterThanOrEqualTo(foundByMasters - 2); // a run may be on its way
            for (RealNode node : cluster.nodes()) {
                assertThat(figure(node, "duplicates")).as(node.name()).isZero();
                assertThat(figure(node, "gaps")).as(node.name()).isZero();
            }
            long foundByPoller = cluster.runs().stream()
                    .filter(run -> run.node().equals("poller1"))
                    .count();
            assertThat(figure(one, "results_received"))
                    .as("what the poller and the other master found")
                    .isGreaterThanOrEqualTo(foundByPoller - 2);
        } finally {
            cluster.close();
        }
    }

    private static String master(String name, CutableProxy proxy) {
        return "master " + name + " { address = 127.0.0.1; port = " + proxy.port() + "; }\n";
    }

    private boolean nothingOwed() {
        return cluster.nodes().stream()
                .allMatch(node -> node.view()
                        .filter(view -> view.nodes().stream()
                                .allMatch(other -> other.backlog().events() == 0))
                        .isPresent());
    }

    private long ranAtMasters(String object, long since) throws IOException {
        return cluster.runs().stream()
                .filter(run -> run.object().equals(object) && run.node().startsWith("master") && run.millis() >= since)
                .count();
    }

    private static long figure(RealNode node, String name) {
        return node.sees(node.name()).orElseThrow().figures().getOrDefault(name, 0L);
    }
}
