package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.hostgroup;
import static org.merlin.tests.integration.RealCluster.is;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two masters, leia and luke, and a poller, chewie, that has the hosts of hostgroup {@code remote} alone: who runs, who knows, who
 * tells contacts. Seen from outside, as in {@link SharedStateContract}. One cluster for all tests; each uses a host of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PollerRulesContract {
    static final String POLLER = "chewie";
    static final List<String> MASTERS = List.of("leia", "luke");

    private static final List<String> LOCAL = List.of("base");
    static final List<String> REMOTE =
            List.of("away", "cut", "custom", "forced", "mail", "noted", "passive", "switch", "theirs");

    private final RealScheduler.Kind kind;
    private RealCluster cluster;

    PollerRulesContract(RealScheduler.Kind kind) {
        this.kind = kind;
    }

    /** Whether the poller tells contacts itself. */
    abstract boolean pollerNotifies();

    @BeforeAll
    void start(@TempDir Path work) throws IOException {
        cluster = new RealCluster(work, kind);
        StringBuilder site = new StringBuilder(cluster.basics()).append(hostgroup("remote", "far away"));
        REMOTE.forEach(name -> site.append(host(name, " hostgroups remote", "s0", "s1")));
        StringBuilder all = new StringBuilder(site);
        LOCAL.forEach(name -> all.append(host(name, "", "s0", "s1")));
        String silent = pollerNotifies() ? "" : "notifies = no;";
        String poller = cluster.node(POLLER).section("poller", "hostgroup = remote; " + silent);
        cluster.configure("leia", cluster.node("luke").section("peer", "") + poller, all.toString());
        cluster.configure("luke", cluster.node("leia").section("peer", "") + poller, all.toString());
        cluster.configure(
                POLLER,
                "module { " + silent + " }\n"
                        + cluster.node("leia").section("master", "")
                        + cluster.node("luke").section("master", ""),
                site.toString());
        cluster.start();
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    // --- words
    // -------------------------------------------------------------------------------------------------------------

    RealCluster cluster() {
        return cluster;
    }

    void give(String node, String command) throws IOException {
        cluster.at(node).command(command);
    }

    static long now() {
        return Instant.now().getEpochSecond();
    }

    /** Has several objects reach a state together, which saves time. */
    void reach(int state, String... objects) throws IOException {
        cluster.reach(state, objects);
    }

    /** The master whose share an object would be: its place among all that the masters have, sorted bytewise. */
    static String masterOf(String object) {
        List<String> names = new ArrayList<>();
        for (String host : all()) {
            names.addAll(object.contains(";") ? List.of(host + ";s0", host + ";s1") : List.of(host));
        }
        return MASTERS.get(names.stream().sorted().toList().indexOf(object) % MASTERS.size());
    }

    private static List<String> all() {
        List<String> all = new ArrayList<>(LOCAL);
        all.addAll(REMOTE);
        return all;
    }

    String teller(String object) {
        return pollerNotifies() ? POLLER : masterOf(object);
    }

    void mailed(String word, String object) {
        cluster.mailed(word, object);
    }

    /** One mail in all, by who tells contacts. */
    void onceByTheTeller(String word, String object) throws IOException {
        assertThat(cluster.mails(word, object))
                .as(word + " of " + object)
                .singleElement()
                .asString()
                .startsWith(teller(object) + " ");
    }

    // --- checks, mails, event handlers
    // -------------------------------------------------------------------------------------

    @Test
    void aProblemIsMailedOnceAndItsRecoveryAndCountedAlikeByAll() throws Exception {
        String[] both = {"mail;s0", "mail;s1"};
        reach(2, both);
        for (String object : both) {
            mailed("PROBLEM", object);
            cluster.onAll("one notification", at -> is(at, object, "current_notification_number", "1"));
            String last = cluster.at("leia").object(object).orElseThrow().get("last_notification");
            assertThat(last).isNotEqualTo("0");
            cluster.onAll("the same time", at -> is(at, object, "last_notification", last));
        }
        reach(0, both);
        for (String object : both) {
            mailed("RECOVERY", object);
            cluster.onAll("nothing counted", at -> is(at, object, "current_notification_number", "0"));
        }
        cluster.twoRounds(both);
        for (String object : both) {
            onceByTheTeller("PROBLEM", object);
            onceByTheTeller("RECOVERY", object);
            String of = POLLER + " " + object.replace(';', ' ') + " ";
            assertThat(cluster.handled(object))
                    .containsExactly(of + "CRITICAL SOFT", of + "CRITICAL HARD", of + "OK HARD");
        }
    }

    @Test
    void aPassiveResultIsKnownToAllMailedOnceAndHandledByThePoller() throws Exception {
        String[] both = {"passive;s0", "passive;s1"};
        for (String object : both) {
            give("leia", "DISABLE_SVC_CHECK;" + object);
            cluster.onAll("no checks", at -> is(at, object, "active_checks_enabled", "0"));
        }
        for (int attempt = 1; attempt <= 2; attempt++) {
            String attempts = Integer.toString(attempt);
            for (int i = 0; i < both.length; i++) {
                give(MASTERS.get(i), "PROCESS_SERVICE_CHECK_RESULT;" + both[i] + ";2;burning|heat=900");
            }
            for (String object : both) {
                cluster.onAll(
                        "the result",
                        at -> is(at, object, "current_attempt", attempts)
                                && is(at, object, "plugin_output", "burning")
                                && is(at, object, "performance_data", "heat=900"));
            }
        }
        for (String object : both) {
            mailed("PROBLEM", object);
        }
        cluster.twoRounds("passive");
        for (String object : both) {
            onceByTheTeller("PROBLEM", object);
            String of = POLLER + " " + object.replace(';', ' ') + " ";
            assertThat(cluster.handled(object)).containsExactly(of + "CRITICAL SOFT", of + "CRITICAL HARD");
        }
    }

    // --- commands
    // ----------------------------------------------------------------------------------------------------------

    static List<String> texts(RealScheduler at, String object) throws IOException {
        return at.comments(object).stream().map(of -> of.get("comment_data")).toList();
    }

    @Test
    void aCustomNotificationIsSentOnceByWhoTellsContacts() throws Exception {
        List<String> given = List.of("leia", "luke", POLLER);
        for (int i = 0; i < given.size(); i++) {
            give(given.get(i), "SEND_CUSTOM_SVC_NOTIFICATION;custom;s" + i % 2 + ";0;anna;look here");
        }
        until("three mails", () -> cluster.mails("CUSTOM", "custom;s0").size() >= 2);
        mailed("CUSTOM", "custom;s1");
        cluster.twoRounds("custom;s0");
        onceByTheTeller("CUSTOM", "custom;s1");
        assertThat(cluster.mails("CUSTOM", "custom;s0"))
                .hasSize(2)
                .allMatch(line -> line.startsWith(teller("custom;s0") + " "));
    }
}
