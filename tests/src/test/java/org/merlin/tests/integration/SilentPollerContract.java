package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.until;

import org.junit.jupiter.api.Test;

/** The rules of a poller that is to leave mails to its masters, as long as it sees one. */
abstract class SilentPollerContract extends PollerRulesContract {
    @Override
    boolean pollerNotifies() {
        return false;
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
