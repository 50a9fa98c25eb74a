package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.hostgroup;
import static org.merlin.tests.integration.RealCluster.is;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What two peers share beside results, seen from outside: by status files and logs of real schedulers, and by what notification
 * commands and event handlers wrote. One cluster for all tests; each uses a host of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedStateContract {
    private static final List<String> HOSTS = List.of(
            "comment",
            "sticky",
            "normal",
            "fixed",
            "flexible",
            "trigger",
            "group1",
            "group2",
            "switch",
            "custom",
            "forced",
            "handler",
            "count",
            "apart",
            "killed",
            "lost",
            "believed",
            "handed1",
            "handed2",
            "left",
            "down",
            "child",
            "emptied");

    private final RealScheduler.Kind kind;
    private RealCluster cluster;

    SharedStateContract(RealScheduler.Kind kind) {
        this.kind = kind;
    }

    @BeforeAll
    void start(@TempDir Path work) throws IOException {
        cluster = new RealCluster(work, kind);
        StringBuilder objects = new StringBuilder(cluster.basics());
        objects.append(hostgroup("pair", "two"));
        for (String name : HOSTS) {
            String more = name.startsWith("group") ? " hostgroups pair" : "";
            more += name.equals("child") ? " parents trigger" : "";
            more += name.equals("switch") ? " _RACK r1" : "";
            objects.append(host(name, more, "s0", "s1"));
        }
        cluster.startPeers("luke", "yoda", objects.toString());
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    RealCluster cluster() {
        return cluster;
    }

    private void give(String node, String command) throws IOException {
        cluster.at(node).command(command);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static List<String> texts(List<Map<String, String>> comments) {
        return comments.stream().map(of -> of.get("comment_data")).toList();
    }

    private void problem(String... services) throws IOException {
        cluster.reach(2, services);
    }

    private void recovery(String... services) throws IOException {
        cluster.reach(0, services);
    }

    private static boolean isAcknowledged(RealScheduler at, String object) throws IOException {
        return at.object(object)
                .filter(of -> of.get("problem_has_been_acknowledged").equals("1"))
                .isPresent();
    }

    // --- comments
    // -------------------------------------------------------------------------------------------------------

    @Test
    void aCommentIsOnBothOnceAndItsDeletionElsewhereDeletesIt() throws Exception {
        give("luke", "ADD_SVC_COMMENT;comment;s0;1;anna;seen; by anna");
        give("luke", "ADD_HOST_COMMENT;comment;1;ben;the host's");
        give("yoda", "ADD_SVC_COMMENT;comment;s1;1;anna;one");
        give("luke", "ADD_SVC_COMMENT;comment;s1;1;anna;and another");
        cluster.onAll(
                "all comments",
                at -> texts(at.comments("comment;s0")).equals(List.of("seen; by anna"))
                        && at.comments("comment;s1").size() == 2
                        && texts(at.comments("comment")).equals(List.of("the host's")));
        String id = cluster.at("yoda").comments("comment;s0").get(0).get("comment_id");
        give("yoda", "DEL_SVC_COMMENT;" + id);
        give("luke", "DEL_ALL_HOST_COMMENTS;comment");
        give("yoda", "DEL_ALL_SVC_COMMENTS;comment;s1");
        cluster.onAll(
                "no comment",
                at -> at.comments("comment;s0").isEmpty()
                        && at.comments("comment;s1").isEmpty()
                        && at.comments("comment").isEmpty());
    }

    // --- acknowledgements
    // -----------------------------------------------------------------------------------------------

    @Test
    void aStickyAcknowledgementIsOnBothWithOneCommentOneMailAndUntilTheRecovery() throws Exception {
        problem("sticky;s0");
        String other = cluster.runner("sticky;s0").orElseThrow().equals("luke") ? "yoda" : "luke";
        give(other, "ACKNOWLEDGE_SVC_PROBLEM;sticky;s0;2;1;0;anna;on it");
        cluster.onAll(
                "the acknowledgement",
                at -> isAcknowledged(at, "sticky;s0")
                        && texts(at.comments("sticky;s0")).equals(List.of("on it")));
        cluster.mailed("ACKNOWLEDGEMENT", "sticky;s0");
        cluster.state("sticky.s0", 1);
        cluster.onAll(
                "a warning that is still acknowledged",
                at -> at.object("sticky;s0")
                                .filter(of -> of.get("current_state").equals("1"))
                                .isPresent()
                        && isAcknowledged(at, "sticky;s0"));
        recovery("sticky;s0");
        cluster.onAll(
                "no acknowledgement",
                at -> !isAcknowledged(at, "sticky;s0")
                        && at.comments("sticky;s0").isEmpty());
        cluster.twoRounds("sticky;s0");
        assertThat(cluster.mails("ACKNOWLEDGEMENT", "sticky;s0"))
                .singleElement()
                .asString()
                .contains(" on it ");
        assertThat(cluster.mails("RECOVERY", "sticky;s0")).hasSize(1);
    }

    @Test
    void anAcknowledgementThatIsNotStickyEndsWithTheStateAndCanBeTakenBackElsewhere() throws Exception {
        problem("normal;s0");
        give("luke", "ACKNOWLEDGE_SVC_PROBLEM;normal;s0;1;0;0;anna;first");
        cluster.onAll("the acknowledgement", at -> isAcknowledged(at, "normal;s0"));
        cluster.state("normal.s0", 1);
        cluster.onAll(
                "none in the other state",
                at -> !isAcknowledged(at, "normal;s0")
                        && at.object("normal;s0")
                                .filter(of -> of.get("current_state").equals("1"))
                                .isPresent());
        give("luke", "ACKNOWLEDGE_SVC_PROBLEM;normal;s0;1;0;1;anna;second");
        cluster.onAll("another acknowledgement", at -> isAcknowledged(at, "normal;s0"));
        give("yoda", "REMOVE_SVC_ACKNOWLEDGEMENT;normal;s0");
        cluster.onAll("it was taken back", at -> !isAcknowledged(at, "normal;s0"));
        recovery("normal;s0");
    }

    // --- downtimes
    // ------------------------------------------------------------------------------------------------------

    @Test
    void aFixedDowntimeBeginsOnBothWithOneMailAndIsDeletedFromElsewhere() throws Exception {
        give("luke", "SCHEDULE_SVC_DOWNTIME;fixed;s0;" + now() + ";" + (now() + 600) + ";1;0;0;anna;a new disk");
        cluster.onAll("the downtime", at -> inDowntime(at, "fixed;s0"));
        cluster.onAll("one comment", at -> at.comments("fixed;s0").size() == 1);
        cluster.mailed("DOWNTIMESTART", "fixed;s0");
        cluster.state("fixed.s0", 2);
        cluster.twoRounds("fixed;s0");
        String id = cluster.at("yoda").downtimes("fixed;s0").get(0).get("downtime_id");
        recovery("fixed;s0");
        give("yoda", "DEL_SVC_DOWNTIME;" + id);
        cluster.onAll(
                "no downtime",
                at -> at.downtimes("fixed;s0").isEmpty()
                        && at.comments("fixed;s0").isEmpty()
                        && !inDowntime(at, "fixed;s0"));
        cluster.mailed("DOWNTIMECANCELLED", "fixed;s0");
        cluster.twoRounds("fixed;s0");
        assertThat(cluster.mails("DOWNTIMESTART", "fixed;s0")).hasSize(1);
        assertThat(cluster.mails("DOWNTIMECANCELLED", "fixed;s0")).hasSize(1);
        assertThat(cluster.mails("PROBLEM", "fixed;s0")).isEmpty();
    }

    private static boolean inDowntime(RealScheduler at, String object) throws IOException {
        return at.object(object)
                .filter(of -> of.get("scheduled_downtime_depth").equals("1"))
                .isPresent();
    }

    @Test
    void aFlexibleDowntimeBeginsOnBothWithTheProblem() throws Exception {
        give(
                "yoda",
                "SCHEDULE_SVC_DOWNTIME;flexible;s0;" + now() + ";" + (now() + 600) + ";0;0;300;anna;when it falls");
        cluster.onAll(
                "a downtime that waits",
                at -> at.downtimes("flexible;s0").size() == 1 && !inDowntime(at, "flexible;s0"));
        cluster.state("flexible.s0", 2);
        cluster.onAll("it has begun", at -> inDowntime(at, "flexible;s0"));
        recovery("flexible;s0");
        cluster.twoRounds("flexible;s0");
        assertThat(cluster.mails("PROBLEM", "flexible;s0")).isEmpty();
        assertThat(cluster.mails("DOWNTIMESTART", "flexible;s0")).hasSize(1);
    }

    @Test
    void downtimesOfAHostAndWhatHangsOnItAreOnBothAndTriggeredAlike() throws Exception {
        give(
                "luke",
                "SCHEDULE_AND_PROPAGATE_TRIGGERED_HOST_DOWNTIME;trigger;" + now() + ";" + (now() + 600)
                        + ";1;0;0;anna;the rack");
        cluster.onAll("both in downtime", at -> inDowntime(at, "trigger") && inDowntime(at, "child"));
        for (RealScheduler at : cluster.all()) {
            assertThat(at.downtimes("child").get(0).get("triggered_by"))
                    .isEqualTo(at.downtimes("trigger").get(0).get("downtime_id"));
        }
        String id = cluster.at("yoda").downtimes("trigger").get(0).get("downtime_id");
        give("yoda", "DEL_HOST_DOWNTIME;" + id);
        cluster.onAll(
                "none left",
                at -> at.downtimes("trigger").isEmpty() && at.downtimes("child").isEmpty());
    }

    @Test
    void downtimesOfAHostgroupAreOnBothAndGoByHostgroupOrComment() throws Exception {
        give("luke", "SCHEDULE_HOSTGROUP_SVC_DOWNTIME;pair;" + now() + ";" + (now() + 600) + ";1;0;0;anna;patches");
        List<String> all = List.of("group1;s0", "group1;s1", "group2;s0", "group2;s1");
        for (String name : all) {
            cluster.onAll("a downtime of " + name, at -> at.downtimes(name).size() == 1);
        }
        give("yoda", "DEL_DOWNTIME_BY_HOSTGROUP_NAME;pair");
        for (String name : all) {
            cluster.onAll("none of " + name, at -> at.downtimes(name).isEmpty());
        }
        give("yoda", "SCHEDULE_SVC_DOWNTIME;group1;s0;" + now() + ";" + (now() + 600) + ";1;0;0;anna;by its comment");
        cluster.onAll("one downtime", at -> at.downtimes("group1;s0").size() == 1);
        give("luke", "DEL_DOWNTIME_BY_START_TIME_COMMENT;;by its comment");
        cluster.onAll("none", at -> at.downtimes("group1;s0").isEmpty());
    }

    // --- switches
    // -------------------------------------------------------------------------------------------------------

    @Test
    void switchesOfObjectsHostgroupsContactsAndTheProgramAreSetOnBoth() throws Exception {
        give("luke", "DISABLE_SVC_CHECK;switch;s0");
        give("yoda", "DISABLE_HOST_NOTIFICATIONS;switch");
        give("luke", "DISABLE_HOSTGROUP_SVC_NOTIFICATIONS;pair");
        give("yoda", "DISABLE_CONTACT_SVC_NOTIFICATIONS;anna");
        give("luke", "CHANGE_NORMAL_SVC_CHECK_INTERVAL;switch;s1;7");
        give("yoda", "STOP_ACCEPTING_PASSIVE_HOST_CHECKS");
        cluster.onAll("checks off", at -> is(at, "switch;s0", "active_checks_enabled", "0"));
        cluster.onAll("a host's notifications off", at -> is(at, "switch", "notifications_enabled", "0"));
        for (String name : List.of("group1;s0", "group1;s1", "group2;s0", "group2;s1")) {
            cluster.onAll("notifications of " + name + " off", at -> is(at, name, "notifications_enabled", "0"));
        }
        cluster.onAll(
                "a contact off",
                at -> at.blocks("contactstatus").stream()
                        .anyMatch(of -> of.get("service_notifications_enabled").equals("0")));
        cluster.onAll(
                "an interval",
                at -> at.object("switch;s1")
                        .filter(of -> Double.parseDouble(of.get("check_interval")) == 7)
                        .isPresent());
        cluster.onAll(
                "the program's switch",
                at -> at.blocks("programstatus").stream()
                        .anyMatch(of -> of.get("passive_host_checks_enabled").equals("0")));
        give("yoda", "ENABLE_SVC_CHECK;switch;s0");
        give("luke", "ENABLE_CONTACT_SVC_NOTIFICATIONS;anna");
        give("luke", "START_ACCEPTING_PASSIVE_HOST_CHECKS");
        cluster.onAll("checks on", at -> is(at, "switch;s0", "active_checks_enabled", "1"));
        cluster.onAll(
                "the contact on",
                at -> at.blocks("contactstatus").stream()
                        .anyMatch(of -> of.get("service_notifications_enabled").equals("1")));
    }

    // --- notifications, event handlers, commands
    // --------------------------------------------------------------------------

    @Test
    void aCustomNotificationIsSentOnceByTheRunner() throws Exception {
        cluster.twoRounds("custom;s0", "custom;s1");
        for (String service : List.of("custom;s0", "custom;s1")) {
            give("luke", "SEND_CUSTOM_SVC_NOTIFICATION;" + service + ";0;anna;look here");
            cluster.mailed("CUSTOM", service);
        }
        cluster.twoRounds("custom;s0");
        for (String service : List.of("custom;s0", "custom;s1")) {
            assertThat(cluster.mails("CUSTOM", service)).hasSize(1);
            assertThat(cluster.mails("CUSTOM", service).get(0))
                    .startsWith(cluster.runner(service).orElseThrow() + " ");
        }
    }

    @Test
    void aForcedCheckIsRunOnceByTheRunnerWhereverItWasAskedFor() throws Exception {
        String[] both = {"forced;s0", "forced;s1"};
        cluster.twoRounds(both);
        Map<String, String> runners = new HashMap<>();
        for (String service : both) {
            runners.put(service, cluster.runner(service).orElseThrow());
            give("luke", "DISABLE_SVC_CHECK;" + service);
        }
        for (String service : both) {
            cluster.onAll("no checks", at -> is(at, service, "active_checks_enabled", "0"));
        }
        cluster.twoRounds("forced"); // what was under way has ended
        for (String service : both) {
            long runs = cluster.runs(service);
            for (int i = 1; i <= 2; i++) {
                give(i == 1 ? "luke" : "yoda", "SCHEDULE_FORCED_SVC_CHECK;" + service + ";" + now());
                long more = runs + i;
                until("a check", () -> cluster.runs(service) >= more);
                assertThat(cluster.runner(service)).contains(runners.get(service));
            }
            cluster.twoRounds("forced");
            assertThat(cluster.runs(service)).isEqualTo(runs + 2);
        }
    }

    @Test
    void eventHandlersAreRunAndContactsAreToldByTheRunnerAlone() throws Exception {
        problem("handler;s0", "handler;s1");
        recovery("handler;s0", "handler;s1");
        for (String service : List.of("s0", "s1")) {
            String runner = cluster.runner("handler;" + service).orElseThrow();
            String of = " handler " + service + " ";
            until(
                    "three calls for " + service,
                    () -> cluster.handled("handler;" + service).size() >= 3);
            cluster.twoRounds("handler;" + service);
            assertThat(cluster.handled("handler;" + service))
                    .containsExactly(
                            runner + of + "CRITICAL SOFT", runner + of + "CRITICAL HARD", runner + of + "OK HARD");
            for (String word : List.of("PROBLEM", "RECOVERY")) {
                assertThat(cluster.mails(word, "handler;" + service))
                        .as(word)
                        .singleElement()
                        .asString()
                        .startsWith(runner + " ");
            }
        }
    }

    @Test
    void notificationCountersAgreeAndSurviveARestart() throws Exception {
        problem("count;s0", "count;s1");
        for (String name : List.of("count;s0", "count;s1")) {
            cluster.onAll("one notification of " + name, at -> is(at, name, "current_notification_number", "1"));
            assertThat(cluster.at("luke").object(name).orElseThrow().get("last_notification"))
                    .isEqualTo(cluster.at("yoda").object(name).orElseThrow().get("last_notification"))
                    .isNotEqualTo("0");
        }
        for (String node : List.of("luke", "yoda")) {
            cluster.at(node).stop();
            int logBefore = cluster.at(node).log().length();
            cluster.at(node).start();
            cluster.awaitSettled();
            assertThat(cluster.at(node).log().substring(logBefore))
                    .as("its two files are of one moment")
                    .doesNotContain("is not the one that");
            cluster.twoRounds("count;s0", "count;s1");
            for (String name : List.of("count;s0", "count;s1")) {
                cluster.onAll("one notification", at -> is(at, name, "current_notification_number", "1"));
            }
        }
        assertThat(cluster.mails("PROBLEM", "count;s0")).hasSize(1);
        assertThat(cluster.mails("PROBLEM", "count;s1")).hasSize(1);
        recovery("count;s0", "count;s1");
        cluster.mailed("RECOVERY", "count;s0");
        cluster.mailed("RECOVERY", "count;s1");
        cluster.twoRounds("count;s0", "count;s1");
        assertThat(cluster.mails("RECOVERY", "count;s0")).hasSize(1);
        assertThat(cluster.mails("RECOVERY", "count;s1")).hasSize(1);
    }

    /** Of what each node is handed, one half is its own and one half the other's to tell. */
    @Test
    void whatIsHandedInOnEitherNodeIsToldOnceByWhoRunsTheCheck() throws Exception {
        Map<String, String> given = Map.of(
                "handed1;s0", "luke",
                "handed1;s1", "luke",
                "handed2;s0", "yoda",
                "handed2;s1", "yoda");
        Map<String, String> runners = new HashMap<>();
        cluster.twoRounds(given.keySet().toArray(String[]::new));
        for (String name : given.keySet()) {
            runners.put(name, cluster.runner(name).orElseThrow());
            give("luke", "DISABLE_SVC_CHECK;" + name);
        }
        for (String name : given.keySet()) {
            cluster.onAll("no checks", at -> is(at, name, "active_checks_enabled", "0"));
        }
        for (String attempt : List.of("1", "2")) {
            for (Map.Entry<String, String> one : given.entrySet()) {
                give(
                        one.getValue(),
                        "PROCESS_SERVICE_CHECK_RESULT;" + one.getKey() + ";2;burning\\nfirst floor|heat=900");
            }
            for (String name : given.keySet()) {
                cluster.onAll(
                        "the result of " + name,
                        at -> is(at, name, "current_state", "2")
                                && is(at, name, "current_attempt", attempt)
                                && is(at, name, "plugin_output", "burning")
                                && is(at, name, "long_plugin_output", "first floor")
                                && is(at, name, "performance_data", "heat=900"));
            }
        }
        for (String name : given.keySet()) {
            cluster.mailed("PROBLEM", name);
        }
        cluster.twoRounds("handed1", "handed2");
        for (String name : given.keySet()) {
            String runner = runners.get(name);
            assertThat(cluster.mails("PROBLEM", name))
                    .as(name)
                    .singleElement()
                    .asString()
                    .startsWith(runner + " ");
            String of = runner + " " + name.replace(';', ' ') + " ";
            assertThat(cluster.handled(name)).containsExactly(of + "CRITICAL SOFT", of + "CRITICAL HARD");
        }
        assertThat(Set.copyOf(runners.values())).containsExactlyInAnyOrder("luke", "yoda");
    }

    // --- partition, kill
    // ----------------------------------------------------------------------------------------------------

    @Test
    void crosswiseChangesInAPartitionAreTheSameOnBothAfterwards() throws Exception {
        give("luke", "ADD_SVC_COMMENT;apart;s0;1;anna;made before");
        give("yoda", "ADD_SVC_COMMENT;apart;s0;1;ben;made before too");
        problem("apart;s1");
        cluster.onAll("two comments", at -> at.comments("apart;s0").size() == 2);
        for (String node : List.of("luke", "yoda")) {
            cluster.node(node).killDaemon();
        }
        deleteComment("luke", "made before too");
        deleteComment("yoda", "made before");
        give("luke", "ADD_SVC_COMMENT;apart;s0;1;anna;luke alone");
        give("yoda", "ADD_SVC_COMMENT;apart;s0;1;anna;yoda alone");
        give("luke", "ACKNOWLEDGE_SVC_PROBLEM;apart;s1;2;0;1;anna;from luke");
        give("yoda", "DISABLE_SVC_NOTIFICATIONS;apart;s0");
        until("luke's own", () -> isAcknowledged(cluster.at("luke"), "apart;s1"));
        for (String node : List.of("luke", "yoda")) {
            cluster.node(node).startDaemon();
        }
        cluster.awaitSettled();
        cluster.onAll(
                "the same comments",
                at -> texts(at.comments("apart;s0")).stream()
                        .sorted()
                        .toList()
                        .equals(List.of("luke alone", "yoda alone")));
        cluster.onAll("the acknowledgement", at -> isAcknowledged(at, "apart;s1"));
        cluster.onAll("the switch", at -> is(at, "apart;s0", "notifications_enabled", "0"));
    }

    private void deleteComment(String node, String text) throws IOException {
        String id = cluster.at(node).comments("apart;s0").stream()
                .filter(of -> of.get("comment_data").equals(text))
                .findFirst()
                .orElseThrow()
                .get("comment_id");
        give(node, "DEL_SVC_COMMENT;" + id);
    }

    @Test
    void aKilledSchedulerGetsBackWhatItDidNotKeepOnce() throws Exception {
        give("yoda", "ADD_SVC_COMMENT;killed;s0;1;anna;kept nowhere");
        give("yoda", "SCHEDULE_SVC_DOWNTIME;killed;s0;" + now() + ";" + (now() + 600) + ";1;0;0;anna;nor this");
        give("luke", "ADD_SVC_COMMENT;killed;s0;1;ben;made elsewhere");
        give("yoda", "DISABLE_SVC_FLAP_DETECTION;killed;s1");
        cluster.onAll(
                "all of it",
                at -> at.comments("killed;s0").size() == 3
                        && at.downtimes("killed;s0").size() == 1
                        && is(at, "killed;s1", "flap_detection_enabled", "0"));
        cluster.at("yoda").kill();
        cluster.at("yoda").start();
        cluster.awaitSettled();
        cluster.onAll(
                "all of it, once",
                at -> at.comments("killed;s0").size() == 3
                        && at.downtimes("killed;s0").size() == 1
                        && is(at, "killed;s1", "flap_detection_enabled", "0"));
        String id = cluster.at("yoda").comments("killed;s0").stream()
                .filter(of -> of.get("comment_data").equals("kept nowhere"))
                .findFirst()
                .orElseThrow()
                .get("comment_id");
        give("yoda", "DEL_SVC_COMMENT;" + id);
        cluster.onAll("two comments", at -> at.comments("killed;s0").size() == 2);
    }

    @Test
    void whoIsLeftTellsAndWhoComesBackHasNothingToAdd() throws Exception {
        String[] both = {"left;s0", "left;s1"};
        cluster.twoRounds(both);
        cluster.at("yoda").kill();
        for (String name : both) {
            cluster.state(name, 2);
        }
        for (String name : both) {
            cluster.mailed("PROBLEM", name);
        }
        cluster.at("yoda").start();
        cluster.awaitSettled();
        problem(both);
        cluster.twoRounds(both);
        for (String name : both) {
            assertThat(cluster.mails("PROBLEM", name))
                    .as(name)
                    .singleElement()
                    .asString()
                    .startsWith("luke ");
        }
        recovery(both);
        for (String name : both) {
            cluster.mailed("RECOVERY", name);
        }
        cluster.twoRounds(both);
        for (String name : both) {
            assertThat(cluster.mails("RECOVERY", name))
                    .as(name)
                    .singleElement()
                    .asString()
                    .startsWith(cluster.runner(name).orElseThrow() + " ");
        }
    }

    @Test
    void aSchedulerThatLostWhatItKeptGetsBackWhatItsDaemonHas() throws Exception {
        give("yoda", "ADD_SVC_COMMENT;lost;s0;1;anna;by yoda");
        give("luke", "ADD_SVC_COMMENT;lost;s0;1;ben;by luke");
        give("luke", "ADD_SVC_COMMENT;lost;s0;1;ben;not for long");
        give("yoda", "SCHEDULE_SVC_DOWNTIME;lost;s0;" + now() + ";" + (now() + 600) + ";1;0;0;anna;a window");
        give("luke", "DISABLE_SVC_NOTIFICATIONS;lost;s0");
        problem("lost;s1");
        give("luke", "ACKNOWLEDGE_SVC_PROBLEM;lost;s1;2;0;1;anna;known");
        cluster.onAll("all of it", at -> at.comments("lost;s0").size() == 4 && isAcknowledged(at, "lost;s1"));
        String id = cluster.at("luke").comments("lost;s0").stream()
                .filter(of -> of.get("comment_data").equals("not for long"))
                .findFirst()
                .orElseThrow()
                .get("comment_id");
        give("luke", "DEL_SVC_COMMENT;" + id);
        cluster.onAll("one less", at -> at.comments("lost;s0").size() == 3);
        cluster.at("yoda").stop();
        cluster.at("yoda").forget();
        cluster.at("yoda").start();
        cluster.awaitSettled();
        cluster.onAll(
                "all of it, once",
                at -> at.comments("lost;s0").size() == 3
                        && at.downtimes("lost;s0").size() == 1
                        && is(at, "lost;s0", "notifications_enabled", "0")
                        && is(at, "lost;s1", "current_state", "2")
                        && isAcknowledged(at, "lost;s1")
                        && texts(at.comments("lost;s1")).equals(List.of("known")));
        cluster.twoRounds("lost;s1");
        assertThat(cluster.mails("PROBLEM", "lost;s1")).hasSize(1);
        assertThat(isAcknowledged(cluster.at("yoda"), "lost;s1")).isTrue();
    }

    /** Its partner's log has none of it any more: only the state table has. */
    @Test
    void aPeerThatWasEmptiedGetsWhatTheOtherKnowsAndTellsNobodyAgain() throws Exception {
        give("yoda", "ADD_SVC_COMMENT;emptied;s0;1;anna;by yoda");
        give("luke", "ADD_SVC_COMMENT;emptied;s0;1;ben;not for long");
        give("yoda", "SCHEDULE_SVC_DOWNTIME;emptied;s0;" + now() + ";" + (now() + 600) + ";1;0;0;anna;a window");
        give("luke", "DISABLE_SVC_NOTIFICATIONS;emptied;s0");
        give("yoda", "DISABLE_SVC_CHECK;emptied;s0");
        problem("emptied;s1");
        give("luke", "ACKNOWLEDGE_SVC_PROBLEM;emptied;s1;2;0;1;anna;known");
        cluster.onAll("all of it", at -> at.comments("emptied;s0").size() == 3 && isAcknowledged(at, "emptied;s1"));
        cluster.mailed("PROBLEM", "emptied;s1");
        String id = cluster.at("luke").comments("emptied;s0").stream()
                .filter(of -> of.get("comment_data").equals("not for long"))
                .findFirst()
                .orElseThrow()
                .get("comment_id");
        give("luke", "DEL_SVC_COMMENT;" + id);
        cluster.onAll(
                "one less, and the switches",
                at -> at.comments("emptied;s0").size() == 2
                        && is(at, "emptied;s0", "notifications_enabled", "0")
                        && is(at, "emptied;s0", "active_checks_enabled", "0"));
        RealNode luke = cluster.node("luke");
        RealNode yoda = cluster.node("yoda");
        cluster.at("yoda").stop();
        yoda.killDaemon();
        luke.killDaemon();
        long before = System.currentTimeMillis();
        luke.startDaemon();
        RealCluster.until("luke has kept its state table", () -> luke.stateKeptMillis() > before);
        luke.killDaemon();
        luke.forgetEvents();
        cluster.at("yoda").forget();
        yoda.empty();
        luke.startDaemon();
        yoda.startDaemon();
        cluster.at("yoda").start();
        cluster.awaitSettled();
        cluster.onAll(
                "all of it, once",
                at -> texts(at.comments("emptied;s0")).contains("by yoda")
                        && at.comments("emptied;s0").size() == 2
                        && at.downtimes("emptied;s0").size() == 1
                        && is(at, "emptied;s0", "notifications_enabled", "0")
                        && is(at, "emptied;s0", "active_checks_enabled", "0")
                        && is(at, "emptied;s1", "current_state", "2")
                        && isAcknowledged(at, "emptied;s1")
                        && texts(at.comments("emptied;s1")).equals(List.of("known")));
        cluster.twoRounds("emptied;s1");
        assertThat(cluster.mails("PROBLEM", "emptied;s1")).hasSize(1);
    }

    @Test
    void whoWasRestartedIsBelievedWhenItTakesOver() throws Exception {
        cluster.twoRounds("believed;s0", "believed;s1");
        cluster.at("yoda").stop();
        cluster.at("yoda").start();
        cluster.awaitSettled();
        cluster.at("luke").stop();
        cluster.state("believed.s0", 1);
        cluster.state("believed.s1", 1);
        for (String name : List.of("believed;s0", "believed;s1")) {
            until("yoda finds it", () -> is(cluster.at("yoda"), name, "current_state", "1"));
        }
        cluster.at("luke").start();
        for (String name : List.of("believed;s0", "believed;s1")) {
            until("luke believes it", () -> is(cluster.at("luke"), name, "current_state", "1"));
        }
        cluster.awaitSettled();
    }

    @Test
    void aHostsProblemIsToldOnceAndItsAcknowledgementIsOnBoth() throws Exception {
        cluster.state("down", 2);
        cluster.onAll(
                "the host is down", at -> is(at, "down", "current_state", "1") && is(at, "down", "state_type", "1"));
        give("luke", "ACKNOWLEDGE_HOST_PROBLEM;down;2;0;1;anna;power cut");
        cluster.onAll(
                "the acknowledgement",
                at -> isAcknowledged(at, "down") && texts(at.comments("down")).equals(List.of("power cut")));
        cluster.onAll("one notification", at -> is(at, "down", "current_notification_number", "1"));
        cluster.state("down", 0);
        cluster.onAll("it is up", at -> is(at, "down", "current_state", "0") && !isAcknowledged(at, "down"));
        cluster.mailed("RECOVERY", "down");
        cluster.twoRounds("down");
        assertThat(cluster.mails("PROBLEM", "down")).hasSize(1);
        assertThat(cluster.mails("RECOVERY", "down")).hasSize(1);
    }
}
