package org.merlin.module.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;

/** What counts of a problem, whoever told of it. */
final class NotificationCountsTest extends NotificationsFixture {
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
}
