package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.is;
import static org.merlin.tests.integration.RealCluster.isHard;
import static org.merlin.tests.integration.RealCluster.until;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of a poller that is to leave mails to its masters, as long as it sees one. */
abstract class SilentPollerContract extends PollerRulesContract {
    SilentPollerContract(RealScheduler.Kind kind) {
        super(kind);
    }

    @Override
    boolean pollerNotifies() {
        return false;
    }

    @Test
    void commentsAcknowledgementsAndDowntimesGoBothWays() throws Exception {
        reach(2, "noted;s0", "noted;s1");
        give("leia", "ADD_SVC_COMMENT;noted;s0;1;anna;from above");
        give(POLLER, "ADD_SVC_COMMENT;noted;s0;1;ben;from below");
        give("luke", "ACKNOWLEDGE_SVC_PROBLEM;noted;s0;2;1;1;anna;on it");
        give(POLLER, "ACKNOWLEDGE_SVC_PROBLEM;noted;s1;2;1;1;ben;here too");
        give("leia", "SCHEDULE_SVC_DOWNTIME;noted;s1;" + now() + ";" + (now() + 600) + ";1;0;0;anna;the roof");
        give(POLLER, "SCHEDULE_SVC_DOWNTIME;noted;s0;" + now() + ";" + (now() + 600) + ";1;0;0;ben;the cable");
        cluster().onAll("both comments", at -> texts(at, "noted;s0").containsAll(List.of("from above", "from below")));
        for (String object : List.of("noted;s0", "noted;s1")) {
            cluster().onAll("acknowledged", at -> is(at, object, "problem_has_been_acknowledged", "1"));
            mailed("ACKNOWLEDGEMENT", object);
        }
        for (String object : List.of("noted;s0", "noted;s1")) {
            cluster()
                    .onAll(
                            "in downtime",
                            at -> is(at, object, "scheduled_downtime_depth", "1")
                                    && at.downtimes(object).size() == 1);
            mailed("DOWNTIMESTART", object);
        }
        String id = cluster().at("luke").downtimes("noted;s0").get(0).get("downtime_id");
        give("luke", "DEL_SVC_DOWNTIME;" + id);
        cluster().onAll("no downtime", at -> at.downtimes("noted;s0").isEmpty());
        cluster().twoRounds("noted;s0");
        onceByTheTeller("ACKNOWLEDGEMENT", "noted;s0");
        onceByTheTeller("ACKNOWLEDGEMENT", "noted;s1");
        onceByTheTeller("DOWNTIMESTART", "noted;s1");
        onceByTheTeller("DOWNTIMESTART", "noted;s0");
        for (RealScheduler at : cluster().all()) {
            assertThat(texts(at, "noted;s0")).containsOnlyOnce("from above", "from below");
        }
    }

    @Test
    void thePollerMailsWhileItSeesNoMasterAndNobodyDoesAgainWhenTheyAreBack() throws Exception {
        for (String master : MASTERS) {
            cluster().at(master).kill();
        }
        cluster().state("theirs.s1", 2);
        mailed("PROBLEM", "theirs;s1");
        for (String master : MASTERS) {
            cluster().at(master).start();
        }
        cluster().awaitSettled();
        reach(2, "theirs;s1");
        cluster().twoRounds("theirs;s1", "base;s0");
        assertThat(cluster().mails("PROBLEM", "theirs;s1"))
                .singleElement()
                .asString()
                .startsWith(POLLER + " ");
        reach(0, "theirs;s1");
        mailed("RECOVERY", "theirs;s1");
        cluster().twoRounds("theirs;s1");
        onceByTheTeller("RECOVERY", "theirs;s1");
    }

    /** Each side is alone and tells what it finds; together again, they have nothing to add. */
    @Test
    void aPollerThatWasCutOffBringsItsHistoryAndNoSecondMail() throws Exception {
        cluster().twoRounds("cut;s0");
        cluster().node(POLLER).killDaemon();
        cluster().state("cut.s0", 2);
        until("a mail of each side", () -> cluster().mails("PROBLEM", "cut;s0").size() >= 2);
        cluster().node(POLLER).startDaemon();
        cluster().awaitSettled();
        cluster().onAll("the problem", at -> isHard(at, "cut;s0", 2));
        cluster().twoRounds("cut;s0", "cut;s1");
        assertThat(cluster().mails("PROBLEM", "cut;s0")).hasSize(2);
        reach(0, "cut;s0");
        mailed("RECOVERY", "cut;s0");
        cluster().twoRounds("cut;s0", "cut;s1");
        onceByTheTeller("RECOVERY", "cut;s0");
    }
}
