package org.merlin.module.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.Differences;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/** Leia and luke are masters, chewie is their poller. */
final class NotificationsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOLD = 5 * SECOND;
    private static final Selection REMOTE = Selection.of(List.of("remote"));

    /** Leia's and luke's, in this order; then two of the poller, whose shares would be leia's and luke's again. */
    private static final int LEIAS = 0;

    private static final int LUKES = 1;
    private static final int FAR = 2;

    private static final List<MonitoredObject> OBJECTS = List.of(
            MonitoredObject.ofHost("a"),
            MonitoredObject.ofHost("b"),
            MonitoredObject.ofHost("c"),
            MonitoredObject.ofHost("d"));

    private final ModelScheduler scheduler = new ModelScheduler(OBJECTS);
    private final List<Notification> told = new ArrayList<>();
    private KnownStates states;
    private Notifications notifications;
    private int revision;
    private boolean grown = true;

    private final Teller teller = new Teller() {
        @Override
        public EventName tell(int index, Event event, int ofRevision, long timeMicros) {
            told.add((Notification) event);
            return new EventName(1, 1, told.size());
        }

        @Override
        public EventName tellAll(long key, Event event, int ofRevision, long timeMicros, boolean masters) {
            throw new IllegalStateException("notifications are of objects");
        }

        @Override
        public long origin() {
            return 1;
        }
    };

    private static RingView agreed(String... names) {
        return RingView.settled(PeerRing.of(names));
    }

    private static RingView inDoubt(String... names) {
        return new RingView(PeerRing.of(names), false, List.of());
    }

    private static RunnerRule master(String self, RingView own, RingView pollers) {
        return new RunnerRule(self, own, Map.of(REMOTE.id(), pollers), Map.of());
    }

    private static RunnerRule poller() {
        return new RunnerRule("chewie", agreed("chewie"), Map.of(), Map.of());
    }

    private static Set<String> silent(boolean is) {
        return is ? Set.of("chewie") : Set.of();
    }

    /** A node that has run for a while with some rings. */
    private void start(RunnerRule rings, boolean notifies, Set<String> silent, boolean masters) {
        SlotTable slots = SlotTable.of(
                OBJECTS, List.of(List.of(), List.of(), List.of("remote"), List.of("remote")), List.of(REMOTE));
        states = new KnownStates(slots, 1, new int[OBJECTS.size()]);
        Notifications.Rule rule = new Notifications.Rule(rings.self(), notifies, silent, masters, HOLD, SECOND);
        notifications = new Notifications(
                rule,
                slots,
                states,
                new ObjectIndex(slots),
                scheduler,
                teller,
                rings,
                configured(rings.self()),
                grown ? -40 * SECOND : 0);
        if (grown) {
            notifications.onTick(true, -3 * SECOND, () -> false);
            notifications.onTick(true, 0, () -> false); // it has compared what it found at its start
        }
    }

    private static RunnerRule configured(String self) {
        return self.equals("chewie") ? poller() : master(self, agreed("leia", "luke"), agreed("chewie"));
    }

    private void startMaster(String self, boolean pollerIsSilent) {
        start(master(self, agreed("leia", "luke"), agreed("chewie")), true, silent(pollerIsSilent), false);
    }

    /** A confirmed state of an object, found here or elsewhere. */
    private CheckResult found(int index, int state) {
        int before = Math.max(0, states.current(index));
        CheckResult result = result(index, before, state, StateType.HARD);
        result = result.of(states.problem(index).then(before, state, revision));
        states.set(index, revision, revision, 1);
        states.setState(index, result);
        return result;
    }

    private CheckResult result(int index, int before, int state, StateType type) {
        revision++;
        return new CheckResult(
                OBJECTS.get(index),
                state,
                type,
                1,
                1,
                CheckType.ACTIVE,
                CheckResult.Output.of(""),
                new CheckResult.Timing(0, revision, 0, 0, 0),
                new CheckResult.History(before, 0, 1, 1, CheckResult.LastTimes.NEVER, 0, 0, 0, 0, false, 0),
                NotificationCount.NONE);
    }

    private Notification mail(int index, int state, int number) {
        NotificationCount count = new NotificationCount(number, revision, 0, 1 << state, false);
        return new Notification(
                OBJECTS.get(index), Notification.NORMAL, state, 1, count, states.problem(index), "", "");
    }

    private boolean may(int index) {
        return notifications.mayNotify(index, Notification.NORMAL, false, 0);
    }

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

    private void startInDoubt(String self) {
        start(master(self, inDoubt("leia", "luke"), agreed("chewie")), true, Set.of(), false);
    }

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

    private void afterReplay() {
        notifications.onReplay(0);
        notifications.onTick(true, 10 * SECOND, () -> false);
    }

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

    // --- counts
    // ------------------------------------------------------------------------------------------------------------

    @Test
    void theNewestCountOfAProblemWinsOverAResultThatDidNotKnowIt() {
        startMaster("leia", true);
        CheckResult result = found(FAR, 2);
        notifications.take(FAR, mail(FAR, 2, 3), 1, 7);
        assertThat(notifications.counted(FAR, result, false).notification().number())
                .isEqualTo(3);
    }

    @Test
    void aCountOfAnEarlierProblemIsNotCounted() {
        startMaster("leia", false);
        found(LEIAS, 2);
        Notification earlier = mail(LEIAS, 2, 3);
        found(LEIAS, 0);
        found(LEIAS, 2);
        notifications.take(LEIAS, mail(LEIAS, 2, 1), 1, 8);
        notifications.take(LEIAS, earlier, 1, 7);
        assertThat(scheduler.counts.get(LEIAS).number()).isEqualTo(1);
    }

    @Test
    void whatWasToldSurvivesARestart() {
        startMaster("leia", false);
        CheckResult problem = found(LEIAS, 2);
        notifications.take(LEIAS, mail(LEIAS, 2, 1), 1, 7);
        List<String> kept = notifications.lines().get();
        startMaster("leia", false);
        kept.forEach(line -> notifications.read(SharedLines.fields(line)));
        states.setState(LEIAS, problem);
        assertThat(problem.problem()).isEqualTo(new Problem(1, 1));
        afterReplay();
        assertThat(scheduler.told).isEmpty();
    }

    /** A scheduler that has just loaded what Nagios keeps: all but the time of the next notification. */
    private void restart() {
        List<String> kept = notifications.lines().get();
        List<List<String>> problems = states.problems().get();
        startMaster("leia", false);
        kept.forEach(line -> notifications.read(SharedLines.fields(line)));
        for (List<String> problem : problems) {
            int index = OBJECTS.indexOf(MonitoredObject.ofHost(problem.get(1)));
            states.keep(index, new Problem(Integer.parseInt(problem.get(2)), Integer.parseInt(problem.get(3))));
        }
        scheduler.counts.replaceAll((index, count) ->
                new NotificationCount(count.number(), count.lastMicros(), 0, count.notifiedOn(), count.noMore()));
        notifications.onLoaded();
    }

    /** Somebody delays the next notification. */
    private void delay(int index, long untilMicros) {
        NotificationCount count = new NotificationCount(1, 7, untilMicros, 4, false);
        scheduler.counts.put(index, count);
        notifications.onNotification(
                index, new Notification(OBJECTS.get(index), Notification.NORMAL, 0, 0, count, Problem.NONE, "", ""), 8);
        notifications.flush();
    }

    @Test
    void aDelayHoldsOverARestart() {
        startMaster("leia", false);
        found(LEIAS, 2);
        delay(LEIAS, 9_000_000);
        restart();
        assertThat(scheduler.counts.get(LEIAS).nextMicros()).isEqualTo(9_000_000);
    }

    @Test
    void aDelayOfAnEarlierProblemOrStateIsOver() {
        startMaster("leia", false);
        found(LEIAS, 2);
        delay(LEIAS, 9_000_000);
        found(LEIAS, 0);
        found(LEIAS, 2);
        found(LUKES, 2);
        delay(LUKES, 9_000_000);
        found(LUKES, 1);
        restart();
        assertThat(scheduler.counts.get(LEIAS).nextMicros()).isZero();
        assertThat(scheduler.counts.get(LUKES).nextMicros()).isZero();
    }

    @Test
    void aCountThatTheSchedulerKeptLaterIsItsOwn() {
        startMaster("leia", false);
        found(LEIAS, 2);
        delay(LEIAS, 9_000_000);
        scheduler.counts.put(LEIAS, new NotificationCount(2, 10, 0, 4, false));
        restart();
        assertThat(scheduler.counts.get(LEIAS).number()).isEqualTo(2);
    }

    private static final long MONTH_MICROS = TimeUnit.DAYS.toMicros(30);

    private void tell(int index, int state, long micros) {
        found(index, state);
        notifications.onNotification(index, mail(index, state, 1), micros);
        notifications.flush();
    }

    private int countsKept() {
        return notifications.lines().get().size();
    }

    @Test
    void whatIsOverAndToldIsForgottenAfterAMonth() {
        startMaster("leia", false);
        tell(LEIAS, 2, 5);
        tell(LEIAS, 0, 7);
        notifications.forget(6 + MONTH_MICROS);
        assertThat(countsKept()).isEqualTo(1);
        notifications.forget(7 + MONTH_MICROS);
        assertThat(countsKept()).isZero();
    }

    @Test
    void aProblemAndARecoveryThatNobodyToldAreNotForgotten() {
        startMaster("leia", false);
        tell(LEIAS, 2, 5);
        tell(LUKES, 2, 5);
        found(LUKES, 0);
        notifications.forget(2 * MONTH_MICROS);
        assertThat(countsKept()).isEqualTo(2);
    }

    @Test
    void aProblemThatCameAndWentUntoldIsForgottenAtOnce() {
        startMaster("leia", false);
        notifications.counted(LUKES, found(LUKES, 2), false);
        assertThat(countsKept()).isEqualTo(1);
        found(LUKES, 0);
        notifications.forget(MONTH_MICROS);
        assertThat(countsKept()).isZero();
    }

    /** As {@link #mail}, of a problem that another node saw begin at another revision. */
    private Notification mailOf(int began, int index, int state) {
        Notification of = mail(index, state, 1);
        return new Notification(
                of.object(), of.reason(), state, 1, of.count(), new Problem(began, began), of.author(), of.text());
    }

    /** Two found it at once, from different states before it: one told it, the other's result wins. */
    @Test
    void aProblemThatTwoFoundAtOnceIsToldOnce() {
        startMaster("leia", false);
        found(LEIAS, 0);
        found(LEIAS, 0);
        found(LEIAS, 2); // revision 3
        found(LEIAS, 2);
        notifications.take(LEIAS, mailOf(2, LEIAS, 2), 3, 7);
        afterReplay();
        assertThat(scheduler.told).isEmpty();
        assertThat(scheduler.counts.get(LEIAS).number()).isEqualTo(1);
    }

    @Test
    void theCountOfAProblemThatTwoFoundAtOnceStays() {
        startMaster("luke", false);
        found(LEIAS, 0);
        found(LEIAS, 2);
        found(LEIAS, 2);
        notifications.take(LEIAS, mailOf(2, LEIAS, 2), 3, 7);
        CheckResult others = found(LEIAS, 2).of(new Problem(3, 3));
        assertThat(notifications.counted(LEIAS, others, false).notification().number())
                .isEqualTo(1);
        states.setState(LEIAS, others);
        startOver(LEIAS, others);
        afterReplay();
        assertThat(scheduler.told).isEmpty();
    }

    // --- who was apart
    // -----------------------------------------------------------------------------------------------------

    /** A check of this node, as the module takes it. */
    private CheckResult check(int index, int state, StateType type) {
        int before = Math.max(0, states.current(index));
        CheckResult found = result(index, before, state, type);
        CheckResult result = found.of(notifications.found(index, found, revision));
        states.set(index, revision, revision, 1);
        states.setState(index, result);
        return result;
    }

    /** What a node found while it was apart, and what therefore wins, whenever that was. */
    private CheckResult oldNews(int index, int state, Problem problem) {
        CheckResult result = result(index, 0, state, StateType.HARD).of(problem);
        notifications.onReplay(0);
        CheckResult counted = notifications.counted(index, result, true);
        states.set(index, revision, revision, 3);
        states.setState(index, counted);
        return counted;
    }

    private void toldHere(int index, int state) {
        check(index, state, StateType.HARD);
        notifications.onNotification(index, mail(index, state, 1), 7);
        notifications.flush();
    }

    @Test
    void aProblemThatOldNewsEndedIsTheSameWhenItIsFoundAgain() {
        startMaster("leia", false);
        toldHere(LEIAS, 2);
        oldNews(LEIAS, 0, Problem.NONE);
        assertThat(may(LEIAS)).as("what contacts know is looked at first").isFalse();
        assertThat(check(LEIAS, 2, StateType.HARD).problem()).isEqualTo(new Problem(1, 1));
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
        assertThat(scheduler.counts.get(LEIAS).number()).isEqualTo(1);
        assertThat(may(LEIAS)).isTrue();
    }

    @Test
    void untilItIsConfirmedAProblemThatIsFoundAgainIsNotTold() {
        startMaster("leia", false);
        toldHere(LEIAS, 2);
        oldNews(LEIAS, 0, Problem.NONE);
        check(LEIAS, 2, StateType.SOFT);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(may(LEIAS)).isFalse();
        check(LEIAS, 2, StateType.HARD);
        notifications.onTick(true, 20 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    @Test
    void aProblemThatIsFoundAgainInAnotherStateIsTold() {
        startMaster("leia", false);
        toldHere(LEIAS, 1);
        oldNews(LEIAS, 0, Problem.NONE);
        assertThat(may(LEIAS)).isFalse();
        check(LEIAS, 2, StateType.HARD);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).containsExactly(LEIAS);
    }

    @Test
    void anEndThatWasSeenIsOneAndTheNextProblemIsTold() {
        startMaster("leia", false);
        toldHere(LEIAS, 2);
        oldNews(LEIAS, 0, Problem.NONE);
        check(LEIAS, 0, StateType.HARD); // contacts hear of no recovery, as they wish
        assertThat(may(LEIAS)).isTrue();
        assertThat(check(LEIAS, 2, StateType.HARD).problem().began()).isEqualTo(4);
    }

    @Test
    void anEndThatOnlyOldNewsTellIsToldWhenACheckHasShownIt() {
        startMaster("leia", false);
        toldHere(LEIAS, 2);
        oldNews(LEIAS, 0, Problem.NONE);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
        assertThat(scheduler.soon).as("the check is run").containsExactly(LEIAS);
        check(LEIAS, 0, StateType.HARD);
        notifications.onTick(true, 20 * SECOND, () -> false);
        assertThat(scheduler.told).as("its recovery").containsExactly(LEIAS);
        assertThat(may(LEIAS)).isTrue();
    }

    @Test
    void whereNoCheckShowsItAnEndThatOldNewsTellIsToldAfterTenMinutes() {
        startMaster("leia", false);
        toldHere(LEIAS, 2);
        oldNews(LEIAS, 0, Problem.NONE);
        notifications.onTick(true, 10 * SECOND, () -> false);
        notifications.onTick(true, 609 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
        notifications.onTick(true, 610 * SECOND, () -> false);
        assertThat(scheduler.told).as("its recovery").containsExactly(LEIAS);
        assertThat(scheduler.soon).hasSize(1);
        notifications.onTick(true, 620 * SECOND, () -> false);
        assertThat(notifications.isWaiting()).isFalse();
    }

    private void aNodeThatWasApartToldAProblemOfWhatIsFineHere(int index) {
        startMaster("leia", false);
        check(index, 0, StateType.HARD);
        check(index, 0, StateType.HARD);
        check(index, 0, StateType.HARD);
        notifications.takeOld(index, mailOf(2, index, 2), 2, 7, 0);
    }

    @Test
    void endsForWhichNoCheckCameAreToldInTurnsOfTheirTime() {
        start(master("leia", agreed("leia"), agreed("chewie")), true, silent(false), false);
        for (int index : List.of(LEIAS, LUKES)) {
            toldHere(index, 2);
            oldNews(index, 0, Problem.NONE);
        }
        notifications.onTick(true, 10 * SECOND, () -> false);
        notifications.onTick(true, 610 * SECOND, () -> true);
        assertThat(scheduler.told).hasSize(1);
        notifications.onTick(true, 611 * SECOND, () -> true);
        assertThat(scheduler.told).hasSize(2);
    }

    @Test
    void aProblemThatANodeToldWhichWasApartIsNotEndedByWhatWasFoundHereBefore() {
        aNodeThatWasApartToldAProblemOfWhatIsFineHere(LEIAS);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
        check(LEIAS, 2, StateType.HARD);
        notifications.onTick(true, 20 * SECOND, () -> false);
        assertThat(scheduler.told).as("it is the same").isEmpty();
        assertThat(notifications.isWaiting()).isFalse();
    }

    @Test
    void whatWasToldOfAProblemCountsWhereAnotherSawItBeginLater() {
        startMaster("leia", false);
        toldHere(LEIAS, 2);
        oldNews(LEIAS, 0, Problem.NONE);
        CheckResult others = oldNews(LEIAS, 2, new Problem(3, 3));
        assertThat(others.notification().number()).isEqualTo(1);
        notifications.takeOld(LEIAS, mailOf(2, LEIAS, 2), 2, 7, 0); // of a third, who had not heard of either
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    /** The teller's clock is behind, so that its recovery seems to be older than the problem's mail. */
    @Test
    void aRecoveryThatWasToldIsNotToldAgainForAResultOfItsRevisionThatDidNotKnowIt() {
        startMaster("leia", false);
        toldHere(LEIAS, 2);
        Problem problem = states.problem(LEIAS);
        toldHere(LEIAS, 0);
        revision--;
        CheckResult others = result(LEIAS, 2, 2, StateType.HARD)
                .of(problem)
                .counted(new NotificationCount(1, 1_000, 0, 1 << 2, false));
        states.set(LEIAS, revision, 1_000, 3);
        CheckResult counted = notifications.counted(LEIAS, others, true);
        states.setState(LEIAS, counted);
        assertThat(counted.notification().number()).isZero();
        notifications.onReplay(0);
        check(LEIAS, 0, StateType.HARD);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    @Test
    void aProblemThatANodeToldWhichWasApartIsNotToldAgain() {
        startMaster("leia", false);
        check(LEIAS, 0, StateType.HARD);
        check(LEIAS, 0, StateType.HARD);
        check(LEIAS, 2, StateType.HARD);
        notifications.takeOld(LEIAS, mailOf(2, LEIAS, 2), 2, 7, 0);
        afterReplay();
        assertThat(scheduler.told).isEmpty();
        assertThat(scheduler.counts.get(LEIAS).number()).isEqualTo(1);
    }

    @Test
    void norIsOneThatThisNodeIsAboutToFind() {
        aNodeThatWasApartToldAProblemOfWhatIsFineHere(LEIAS);
        assertThat(may(LEIAS)).isFalse();
        assertThat(check(LEIAS, 2, StateType.HARD).problem().began()).isEqualTo(2);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(scheduler.told).isEmpty();
    }

    @Test
    void aResultThatDoesNotKnowOfAMailYetDoesNotUndoItsCount() {
        startMaster("leia", false);
        CheckResult others = found(LEIAS, 2);
        scheduler.whenTold = index -> notifications.onNotification(index, mail(index, 2, 1), 7);
        afterReplay();
        assertThat(scheduler.told).containsExactly(LEIAS);
        assertThat(notifications.counted(LEIAS, others, false).notification().number())
                .isEqualTo(1);
    }

    /** From now on the master that has this node's states is the one who tells. */
    private void startOver(int index, CheckResult present) {
        notifications.use(
                master("luke", agreed("luke"), agreed("chewie")), new Notifications.Sight(false, false, false));
        states.setState(index, present);
        notifications.onTick(true, 3 * SECOND, () -> false);
    }

    /** A node that was away brings what it told of a problem when all is over; without memory that would look like a recovery to tell. */
    @Test
    void aRecoveryIsNotToldAgainForAMailThatComesLate() {
        startMaster("leia", false);
        found(LEIAS, 2);
        int problem = revision;
        Notification late = mail(LEIAS, 2, 1);
        tell(LEIAS, 0, 7);
        notifications.forget(MONTH_MICROS);
        notifications.take(LEIAS, late, problem, 5);
        afterReplay();
        assertThat(scheduler.told).isEmpty();
    }

    @Test
    void aComparisonOfManyGoesOnWhereItsTimeWasUp() {
        startInDoubt("luke");
        notifications.use(
                master("luke", agreed("leia", "luke"), agreed("chewie")), new Notifications.Sight(false, false, false));
        found(LUKES, 2);
        notifications.onTick(true, 10 * SECOND, () -> false);
        assertThat(notifications.onTick(true, 20 * SECOND, () -> true)).isTrue();
        while (notifications.onTick(true, 20 * SECOND, () -> true)) {
            assertThat(notifications.isWaiting()).isTrue();
        }
        assertThat(scheduler.told).containsExactly(LUKES);
    }
}
