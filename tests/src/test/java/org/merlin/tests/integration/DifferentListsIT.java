package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration is being changed node by node: real daemons and embedded schedulers that have loaded different objects. */
class DifferentListsIT {
    private static final List<String> HOSTS = List.of("h0", "h1", "h2", "h3", "h4", "h5");

    @TempDir
    private Path folder;

    private RealCluster cluster;

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private String objects(List<String> hosts) throws Exception {
        StringBuilder text = new StringBuilder(cluster.basics());
        hosts.forEach(host -> text.append(RealCluster.host(host, "", "s")));
        return text.toString();
    }

    private void load(String node, List<String> hosts) throws Exception {
        Files.writeString(cluster.node(node).state().resolve("objects.cfg"), objects(hosts));
        cluster.at(node).reload();
    }

    private void awaitLists(String word) {
        Awaitility.await("lists " + word)
                .atMost(Duration.ofSeconds(60))
                .until(() -> cluster.nodes().stream()
                        .allMatch(node -> node.view()
                                .filter(view -> view.rings().get(0).lists().equals(word) && !view.handover())
                                .isPresent()));
    }

    /** By object, who ran its check in the rounds from now on. */
    private Map<String, Set<String>> runners(String... objects) throws Exception {
        cluster.twoRounds(objects);
        long from = System.currentTimeMillis();
        cluster.twoRounds(objects);
        return new HashMap<>(cluster.runners(from));
    }

    @Test
    void eachCheckRunsOnOneNodeThoughTheirListsDifferAndByItsSlotWhenTheyAreTheSameAgain() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        cluster.startPeers("luke", "yoda", objects(HOSTS));
        Map<String, Set<String>> bySlot = runners("h0", "h5;s");
        List<String> more = List.of("aaa", "h0", "h1", "h2", "h3", "h4", "h5"); // moves every slot
        load("yoda", more);
        awaitLists("by hash");
        Map<String, Set<String>> byHash = runners("h0", "h5;s", "aaa");
        assertThat(byHash).hasSize(14);
        assertThat(byHash.values()).allSatisfy(nodes -> assertThat(nodes).hasSize(1));
        assertThat(byHash.get("aaa")).as("where it is had").containsExactly("yoda");
        assertThat(byHash.get("aaa;s")).containsExactly("yoda");
        load("yoda", HOSTS);
        awaitLists("same");
        assertThat(runners("h0", "h5;s")).isEqualTo(bySlot);
    }
}
