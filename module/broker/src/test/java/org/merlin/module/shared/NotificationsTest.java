package org.merlin.module.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.slot.Differences;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;

/** Who tells contacts, who is in doubt, and what is compared after a replay. */
final class NotificationsTest extends NotificationsFixture {
    // --- who
    // ---------------------------------------------------------------------------------------------------------------

    @Test
    void theRunnerTells() {
        startMaster("leia", false);
        assertThat(may(LEIAS)).isTrue();
        assertThat(may(LUKES)).isFalse();
        assertThat(may(FAR)).isFalse();
    }

    @Test
    void whoFindsAProblemLaterThanOthersHoldsItFromWhenItWasKnown() {
        start(master("leia", inDoubt("leia", "luke"), agreed("chewie")), true, Set.of(), false);
        found(LEIAS, 1);
        notifications.onState(LEIAS, true, 0);
        long later = HOLD - SECOND;
        assertThat(notifications.mayNotify(LEIAS, Notification.NORMAL, false, later))
                .isFalse();
        found(LEIAS, 1);
        notifications.onState(LEIAS, false, later);
        notifications.onTick(true, HOLD - 1, () -> false);
        assertThat(scheduler.told).isEmpty();
        notifications.onTick(true, HOLD + 3 * SECOND, () -> false);
        assertThat(scheduler.told).as("not a second data timeout later").containsExactly(LEIAS);
    }

    @Test
    void ofASilentPollersObjectsTheMasterTellsThatWouldRunThem() {
        startMaster("leia", true);
        assertThat(may(FAR)).isTrue();
        assertThat(may(FAR + 1)).isFalse();
        assertThat(notifications.isRunner(FAR)).isFalse();
        startMaster("luke", true);
        assertThat(may(FAR)).isFalse();
        assertThat(may(FAR + 1)).isTrue();
    }

    @Test
    void mastersThatTookOverTell() {
        start(master("leia", agreed("leia", "luke"), agreed()), true, Set.of(), false);
        assertThat(may(FAR)).isTrue();
        assertThat(notifications.isRunner(FAR)).isTrue();
        assertThat(may(FAR + 1)).isFalse();
    }

    @Test
    void ofWhatNobodyRunsOneMasterTellsWhatPollersLeftUntold() {
        Map<Integer, Boolean> noTakeover = Map.of(REMOTE.id(), false);
        for (String self : List.of("leia", "luke")) {
            RunnerRule rings = new RunnerRule(self, agreed("leia", "luke"), Map.of(REMOTE.id(), agreed()), noTakeover);
            start(rings, true, Set.of(), false);
            found(FAR, 2);
            afterReplay();
        }
        assertThat(scheduler.told).containsExactly(FAR);
    }

    /** As a passive result of it, which all nodes take. */
    @Test
    void ofWhatAllBlockOneTells() {
        List<String> telling = new ArrayList<>();
        for (String self : List.of("leia", "luke")) {
            BitSet all = new BitSet();
            all.set(0, OBJECTS.size());
            RunnerRule rings =
                    new RunnerRule(self, agreed("leia", "luke"), Map.of(), Map.of(), Map.of("leia", all, "luke", all));
            start(rings, true, Set.of(), false);
            if (notifications.isTeller(LUKES)) {
                telling.add(self);
            }
        }
        assertThat(telling).containsExactly("luke");
    }

    @Test
    void aDrainedPollerWhoseMastersRunItsChecksTellsNothing() {
        start(new RunnerRule("chewie", agreed(), Map.of(), Map.of()), true, Set.of(), true);
        assertThat(may(FAR)).isFalse();
    }

    @Test
    void aSilentPollerTellsWhileItSeesNoMaster() {
        start(poller(), false, Set.of(), true);
        assertThat(may(FAR)).isFalse();
        see(false);
        assertThat(may(FAR)).isTrue();
        see(true);
        assertThat(may(FAR)).isFalse();
    }

    private void see(boolean masters) {
        notifications.use(poller(), new Notifications.Sight(masters, false, false));
        notifications.onTick(true, -10 * SECOND, () -> false);
        notifications.onTick(true, 0, () -> false);
    }

    /** As when its daemon starts: the first that it tells is that no master is there. */
    @Test
    void aSilentPollerWaitsALittleForItsMastersToComeBack() {
        start(poller(), false, Set.of(), true);
        found(FAR, 2);
        notifications.use(poller(), new Notifications.Sight(false, false, false));
        assertThat(may(FAR)).isFalse();
        notifications.onTick(true, 0, () -> false);
        assertThat(may(FAR)).isFalse();
        notifications.use(poller(), new Notifications.Sight(true, false, false));
        notifications.onTick(true, SECOND, () -> false);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    @Test
    void aPollerThatIsNotSilentTellsWhoeverItSees() {
        start(poller(), true, Set.of(), true);
        assertThat(may(FAR)).isTrue();
    }

    @Test
    void whatOthersFoundIsAloudForWhoTellsInTheirPlace() {
        startMaster("leia", true);
        assertThat(notifications.isAloud(FAR, found(FAR, 2), "chewie")).isTrue();
        assertThat(notifications.isAloud(FAR + 1, found(FAR + 1, 2), "chewie")).isFalse();
        assertThat(notifications.isAloud(LEIAS, found(LEIAS, 2), "luke")).isFalse();
        startMaster("leia", false);
        assertThat(notifications.isAloud(FAR, found(FAR, 2), "chewie")).isFalse();
    }

    // --- doubt
    // -------------------------------------------------------------------------------------------------------------

    /** After how many seconds more than the timeout a node in doubt tells of an object. */
    private int placeOf(String self, int index) {
        scheduler.told.clear();
        startInDoubt(self);
        found(index, 2);
        assertThat(may(index)).isFalse();
        notifications.onTick(true, HOLD - 1, () -> false);
        for (int place = 0; place < 5; place++) {
            notifications.onTick(true, HOLD + place * SECOND, () -> false);
            if (!scheduler.told.isEmpty()) {
                return place;
            }
        }
        return -1;
    }

    @Test
    void whoIsInDoubtHoldsAMailForATimeoutAndItsPlaceAndNoTwoHaveTheSame() {
        for (int index : List.of(LEIAS, LUKES)) {
            assertThat(List.of(placeOf("leia", index), placeOf("luke", index))).containsExactlyInAnyOrder(0, 1);
        }
    }

    @Test
    void whoRanWhatWasOverdueIsInDoubt() {
        startMaster("luke", false);
        found(LEIAS, 2);
        assertThat(notifications.mayNotify(LEIAS, Notification.NORMAL, true, 0)).isFalse();
        notifications.onTick(true, HOLD + SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LEIAS);
        startMaster("luke", false);
        found(LEIAS, 2);
        assertThat(notifications.mayNotify(LEIAS, Notification.NORMAL, true, 0)).isFalse();
        notifications.take(LEIAS, mail(LEIAS, 2, 1), revision, 7);
        notifications.onTick(true, HOLD + SECOND, () -> false);
        assertThat(scheduler.told).as("leia told it").hasSize(1);
    }

    @Test
    void whileANodeIsKeptOutOfTheRingWhoTellsIsInDoubt() {
        startMaster("luke", false);
        RunnerRule alone = master("luke", agreed("luke"), agreed("chewie"));
        notifications.use(alone, new Notifications.Sight(false, false, true));
        afterReplay();
        found(LUKES, 2);
        assertThat(may(LUKES)).isFalse();
        notifications.onTick(true, HOLD + SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LUKES);
    }

    /** Leia and luke have loaded different lists; if it is {@code known} in what, leia lacks what is luke's. */
    private static RingView different(boolean known) {
        BitSet lukes = new BitSet();
        lukes.set(LUKES);
        return new RingView(
                PeerRing.of("leia", "luke"),
                known,
                List.of(),
                known ? Differences.of(Map.of("leia", lukes)) : Differences.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoRunsACheckWhileListsDifferIsInDoubt(boolean known) {
        RunnerRule rule = master("luke", different(known), agreed("chewie"));
        start(rule, true, Set.of(), false);
        found(LUKES, 2);
        assertThat(may(LUKES)).isFalse();
        notifications.onTick(true, HOLD - 1, () -> false);
        assertThat(scheduler.told).isEmpty();
        notifications.onTick(true, HOLD + 3 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LUKES);
        startMaster("luke", false);
        found(LUKES, 2);
        assertThat(may(LUKES)).as("lists that are the same leave no doubt").isTrue();
    }

    @Test
    void whileListsDifferAMailThatAnotherSentIsDropped() {
        start(master("luke", different(true), agreed("chewie")), true, Set.of(), false);
        found(LUKES, 2);
        assertThat(may(LUKES)).isFalse();
        notifications.take(LUKES, mail(LUKES, 2, 1), revision, 1);
        notifications.onTick(true, HOLD + 3 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    /** Lists may differ for as long as nobody mends a file. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whileListsDifferTheComparisonTellsAfterTheSameWait(boolean known) {
        start(master("luke", different(known), agreed("chewie")), true, Set.of(), false);
        int mine = known ? LUKES : LEIAS; // in doubt about everything
        found(mine, 2);
        notifications.onReplay(0);
        notifications.onTick(true, 2 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
        notifications.onTick(true, 2 * SECOND + HOLD + 3 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(mine);
        assertThat(notifications.isWaiting())
                .as("it does not compare over and over")
                .isFalse();
    }

    @Test
    void aMinorityTellsNothingUntilItIsNoneAnyMore() {
        startMaster("luke", false);
        RunnerRule alone = master("luke", agreed("luke"), agreed("chewie"));
        notifications.use(alone, new Notifications.Sight(false, true, false));
        settle(10);
        found(LUKES, 2);
        assertThat(may(LUKES)).isFalse();
        settle(20);
        assertThat(scheduler.told).isEmpty();
        notifications.use(
                master("luke", agreed("leia", "luke"), agreed("chewie")), new Notifications.Sight(false, false, false));
        settle(30);
        assertThat(scheduler.told).containsExactly(LUKES);
    }

    /** Other rings were told: seconds later, and once what it compares then has been quiet for long enough. */
    private void settle(int second) {
        notifications.onTick(true, second * SECOND, () -> false);
        notifications.onTick(true, (second + 5) * SECOND, () -> false);
    }

    @Test
    void whoIsInDoubtDropsAMailThatAnotherSent() {
        startInDoubt("luke");
        found(LEIAS, 2);
        assertThat(may(LEIAS)).isFalse();
        notifications.take(LEIAS, mail(LEIAS, 2, 1), 1, 7);
        notifications.onTick(true, 100 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
        assertThat(scheduler.counts.get(LEIAS).number()).isEqualTo(1);
    }

    @Test
    void aMailOfAnEarlierProblemDoesNotCountForTheNextOneInTheSameState() {
        startInDoubt("luke");
        found(LEIAS, 2);
        notifications.take(LEIAS, mail(LEIAS, 2, 1), 1, 7);
        found(LEIAS, 0); // contacts hear of no recovery, as they wish
        found(LEIAS, 2);
        assertThat(may(LEIAS)).isFalse();
        notifications.onTick(true, 100 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LEIAS);
    }

    @Test
    void whatWasToldLaterCountsHoweverEarlyItsNodesClock() {
        startInDoubt("luke");
        found(LEIAS, 1);
        notifications.take(LEIAS, mail(LEIAS, 1, 1), 1, 9_000_000);
        found(LEIAS, 2);
        assertThat(may(LEIAS)).isFalse();
        notifications.take(LEIAS, mail(LEIAS, 2, 2), 2, 7);
        notifications.onTick(true, 100 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    @Test
    void doubtAboutOneGroupHoldsNothingOfAnother() {
        start(master("leia", agreed("leia", "luke"), inDoubt("chewie")), true, Set.of(), false);
        assertThat(may(LEIAS)).isTrue();
        assertThat(may(FAR)).isFalse();
        notifications.onTick(true, 0, () -> false);
        assertThat(notifications.isWaiting()).isTrue();
    }

    @Test
    void whatIsNoProblemAndNoRecoveryIsToldAtOnceByTheRunner() {
        startInDoubt("luke");
        assertThat(notifications.mayNotify(LUKES, Notification.CUSTOM, false, 0))
                .isTrue();
        assertThat(notifications.mayNotify(LEIAS, Notification.CUSTOM, false, 0))
                .isFalse();
    }

    // --- compared after a replay
    // -------------------------------------------------------------------------------------------

    @Test
    void afterAReplayThePresentStateIsToldOnceIfNobodyDid() {
        startMaster("leia", false);
        found(LEIAS, 2);
        found(LUKES, 2);
        found(FAR, 2);
        afterReplay();
        assertThat(scheduler.told).containsExactly(LEIAS);
        notifications.onNotification(LEIAS, mail(LEIAS, 2, 1), 7);
        notifications.flush();
        afterReplay();
        assertThat(scheduler.told).containsExactly(LEIAS);
        assertThat(told)
                .singleElement()
                .satisfies(of -> assertThat(of.problem().began()).isEqualTo(1));
    }

    @Test
    void afterAReplayNothingIsToldThatAnotherTold() {
        startMaster("leia", false);
        found(LEIAS, 2);
        notifications.take(LEIAS, mail(LEIAS, 2, 1), 1, 7);
        afterReplay();
        assertThat(scheduler.told).isEmpty();
        found(LEIAS, 0);
        afterReplay();
        assertThat(scheduler.told).containsExactly(LEIAS);
    }

    @Test
    void theComparisonWaitsForTheEndOfTheStreamAndForQuiet() {
        startMaster("leia", false);
        found(LEIAS, 2);
        notifications.onReplay(0);
        notifications.onTick(true, SECOND, () -> false);
        notifications.onTick(false, 4 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
        assertThat(notifications.isWaiting()).isTrue();
        notifications.onTick(true, 4 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LEIAS);
        assertThat(notifications.isWaiting()).isFalse();
    }

    @Test
    void theComparisonDoesNotWaitForAStreamThatHasNoEnd() {
        startMaster("leia", false);
        found(LEIAS, 2);
        notifications.onReplay(0);
        notifications.onTick(false, 2 * SECOND + HOLD, () -> false);
        assertThat(scheduler.told).containsExactly(LEIAS);
    }

    @Test
    void aSilentPollerTellsWhatItsMastersHadNoTimeToTell() {
        start(poller(), false, Set.of(), true);
        found(FAR, 2);
        assertThat(may(FAR)).isFalse();
        notifications.use(poller(), new Notifications.Sight(false, false, false));
        notifications.onTick(true, 0, () -> false);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(FAR);
    }

    @Test
    void mastersThatReturnDoNotTellAgainWhatASilentPollerTold() {
        startMaster("leia", true);
        found(FAR, 2);
        notifications.take(FAR, mail(FAR, 2, 1), 1, 7);
        afterReplay();
        assertThat(scheduler.told).isEmpty();
    }

    /** What others told while it was away comes with what it catches up with. */
    @Test
    void aSchedulerThatHasJustStartedComparesBeforeItTells() {
        grown = false;
        startMaster("leia", false);
        found(LEIAS, 2);
        assertThat(may(LEIAS)).isFalse();
        notifications.use(
                master("leia", agreed("leia", "luke"), agreed("chewie")), new Notifications.Sight(false, false, false));
        notifications.onTick(true, 0, () -> false);
        notifications.onTick(true, 3 * SECOND, () -> false);
        assertThat(scheduler.told)
                .as("before its daemon has told what others found")
                .isEmpty();
        notifications.onStateTold();
        notifications.onTick(true, 3 * SECOND, () -> false);
        notifications.onTick(true, 5 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LEIAS);
        assertThat(may(LEIAS)).isTrue();
    }

    /** As after a power cut: the daemon takes longer, and what it knows was told shortly before. */
    @Test
    void aSchedulerThatStartsBeforeItsDaemonWaitsForIt() {
        grown = false;
        startMaster("leia", false);
        found(LEIAS, 2);
        notifications.onTick(true, 3 * HOLD, () -> false);
        assertThat(may(LEIAS)).isFalse();
        assertThat(scheduler.told).isEmpty();
        notifications.onStateTold();
        notifications.onTick(false, 4 * HOLD, () -> false);
        assertThat(scheduler.told).as("what was told has to be applied").isEmpty();
        notifications.take(LEIAS, mail(LEIAS, 2, 1), 1, 7);
        notifications.onTick(true, 5 * HOLD, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    @Test
    void aSchedulerWhoseDaemonDoesNotComeTellsInTheEnd() {
        grown = false;
        startMaster("leia", false);
        found(LEIAS, 2);
        notifications.onTick(true, 30 * SECOND, () -> false);
        notifications.onTick(true, 32 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LEIAS);
        assertThat(may(LEIAS)).isTrue();
    }
}
