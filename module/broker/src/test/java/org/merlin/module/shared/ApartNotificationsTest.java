package org.merlin.module.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.StateType;

/** What nodes that were apart found and told, and what of it contacts are told again. */
final class ApartNotificationsTest extends NotificationsFixture {
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
