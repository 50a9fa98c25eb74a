package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.is;
import static org.merlin.tests.integration.RealCluster.isHard;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of a poller that tells contacts itself, and those that have nothing to do with contacts. */
abstract class NotifyingPollerContract extends PollerRulesContract {
    NotifyingPollerContract(RealScheduler.Kind kind) {
        super(kind);
    }

    @Override
    boolean pollerNotifies() {
        return true;
    }

    /** Who ran the checks of a host and its services since a time. */
    private Set<String> runnersSince(long millis, String host) throws IOException {
        return cluster().runners(millis).entrySet().stream()
                .filter(entry -> (entry.getKey() + ";").startsWith(host + ";"))
                .flatMap(entry -> entry.getValue().stream())
                .collect(Collectors.toSet());
    }

    @Test
    void thePollerRunsTheChecksOfItsHostgroupAndNothingElseAndTheMastersKnowTheResults() throws Exception {
        long before = System.currentTimeMillis();
        cluster().state("theirs.s0", 1);
        cluster().twoRounds("theirs;s0", "theirs", "base;s0", "base;s1");
        cluster()
                .onAll(
                        "output, figures and attempts",
                        at -> isHard(at, "theirs;s0", 1)
                                && is(at, "theirs;s0", "plugin_output", "state 1")
                                && is(at, "theirs;s0", "performance_data", "n=1")
                                && is(at, "theirs;s0", "current_attempt", "2"));
        assertThat(runnersSince(before, "theirs")).containsExactly(POLLER);
        assertThat(runnersSince(before, "base")).containsExactlyInAnyOrderElementsOf(MASTERS);
        assertThat(cluster().node(POLLER).sees(POLLER).orElseThrow().figures().getOrDefault("unknown_objects", 0L))
                .isZero();
        assertThat(cluster().at(POLLER).object("base;s0")).isEmpty();
    }

    @Test
    void switchesOfItsObjectsGoBothWaysThoseOfHostgroupsAndContactsToo() throws Exception {
        give("leia", "DISABLE_SVC_CHECK;switch;s0");
        give(POLLER, "DISABLE_SVC_EVENT_HANDLER;switch;s1");
        give("luke", "DISABLE_CONTACT_HOST_NOTIFICATIONS;anna");
        cluster().onAll("checks off", at -> is(at, "switch;s0", "active_checks_enabled", "0"));
        cluster().onAll("handler off", at -> is(at, "switch;s1", "event_handler_enabled", "0"));
        cluster().onAll("contact off", at -> contactIs(at, "0"));
        give("leia", "ENABLE_CONTACT_HOST_NOTIFICATIONS;anna");
        cluster().onAll("contact on", at -> contactIs(at, "1"));
        give("luke", "DISABLE_HOSTGROUP_PASSIVE_SVC_CHECKS;remote");
        cluster().onAll("a hostgroup's off", at -> is(at, "switch;s0", "passive_checks_enabled", "0"));
        give(POLLER, "ENABLE_HOSTGROUP_PASSIVE_SVC_CHECKS;remote");
        for (String name : REMOTE) {
            cluster().onAll("a hostgroup's on", at -> is(at, name + ";s1", "passive_checks_enabled", "1"));
        }
    }

    private static boolean contactIs(RealScheduler at, String value) throws IOException {
        return at.blocks("contactstatus").stream()
                .anyMatch(of ->
                        "anna".equals(of.get("contact_name")) && value.equals(of.get("host_notifications_enabled")));
    }

    @Test
    void switchesOfTheProgramGoDownAndNeverUp() throws Exception {
        give("leia", "STOP_ACCEPTING_PASSIVE_HOST_CHECKS");
        cluster().onAll("from a master to all", at -> programIs(at, "passive_host_checks_enabled", "0"));
        give("luke", "START_ACCEPTING_PASSIVE_HOST_CHECKS");
        cluster().onAll("from the other too", at -> programIs(at, "passive_host_checks_enabled", "1"));
        give(POLLER, "DISABLE_EVENT_HANDLERS");
        give(POLLER, "ADD_HOST_COMMENT;switch;1;ben;after it");
        cluster().onAll("what came after", at -> texts(at, "switch").contains("after it"));
        until("the poller's own", () -> programIs(cluster().at(POLLER), "enable_event_handlers", "0"));
        for (String master : MASTERS) {
            assertThat(programIs(cluster().at(master), "enable_event_handlers", "1"))
                    .isTrue();
        }
        give(POLLER, "ENABLE_EVENT_HANDLERS");
        until("on again", () -> programIs(cluster().at(POLLER), "enable_event_handlers", "1"));
    }

    private static boolean programIs(RealScheduler at, String field, String value) throws IOException {
        return at.blocks("programstatus").stream().anyMatch(of -> value.equals(of.get(field)));
    }

    @Test
    void aForcedCheckIsRunOnceByThePollerWhereverItWasAskedFor() throws Exception {
        String object = "forced;s0";
        give("leia", "DISABLE_SVC_CHECK;" + object);
        cluster().onAll("no checks", at -> is(at, object, "active_checks_enabled", "0"));
        cluster().twoRounds("forced;s1");
        long runs = cluster().runs(object);
        for (String node : List.of("leia", POLLER, "luke")) {
            long before = cluster().runs(object);
            give(node, "SCHEDULE_FORCED_SVC_CHECK;" + object + ";" + now());
            until("a check asked for on " + node, () -> cluster().runs(object) > before);
            assertThat(cluster().runner(object)).contains(POLLER);
        }
        cluster().twoRounds("forced;s1");
        assertThat(cluster().runs(object)).isEqualTo(runs + 3);
    }

    @Test
    void mastersRunTheChecksOfAKilledPollerAndMailUntilItIsBack() throws Exception {
        reach(2, "away;s0");
        mailed("PROBLEM", "away;s0");
        cluster().at(POLLER).kill();
        cluster().state("away.s1", 2);
        mailed("PROBLEM", "away;s1");
        assertThat(cluster().mails("PROBLEM", "away;s1"))
                .singleElement()
                .asString()
                .startsWith(masterOf("away;s1") + " ");
        until(
                "the master's check, once both agree",
                () -> cluster().runner("away;s1").equals(Optional.of(masterOf("away;s1"))));
        cluster().at(POLLER).start();
        cluster().awaitSettled();
        until("a check by the poller", () -> cluster().runner("away;s1").equals(Optional.of(POLLER)));
        reach(0, "away;s0", "away;s1");
        mailed("RECOVERY", "away;s0");
        mailed("RECOVERY", "away;s1");
        cluster().twoRounds("away;s0", "away;s1");
        onceByTheTeller("PROBLEM", "away;s0");
        assertThat(cluster().mails("PROBLEM", "away;s1")).hasSize(1);
        onceByTheTeller("RECOVERY", "away;s0");
        onceByTheTeller("RECOVERY", "away;s1");
    }
}
