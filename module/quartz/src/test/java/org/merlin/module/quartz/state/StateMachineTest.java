package org.merlin.module.quartz.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

class StateMachineTest {
    private static final int MAX = 3;

    private final StateMachine machine = new StateMachine(new Ids());
    private ObjectState state = ObjectState.PENDING;
    private long at;

    private static Finding finding(int state, CheckType type, long atMicros) {
        return new Finding(state, type, Output.of("text"), atMicros, atMicros + 5, 1, 5);
    }

    /** {@code STATE TYPE ATTEMPT} as it becomes, and as it is logged. */
    private static String told(Step step) {
        ObjectState after = step.after();
        return after.state() + " " + after.type() + " " + after.attempt() + ", "
                + step.alert()
                        .map(alert -> "logged " + alert.state() + " " + alert.type() + " " + alert.attempt())
                        .orElse("not logged");
    }

    private List<String> hosts(CheckType type, int max, int... states) {
        List<String> told = new ArrayList<>();
        for (int next : states) {
            Step step = machine.host(state, finding(next, type, ++at), max, true);
            state = step.after();
            told.add(told(step));
        }
        return told;
    }

    private List<String> services(boolean hostUp, int... states) {
        List<String> told = new ArrayList<>();
        for (int next : states) {
            Step step = machine.service(state, finding(next, CheckType.ACTIVE, ++at), MAX, hostUp);
            state = step.after();
            told.add(told(step));
        }
        return told;
    }

    @Test
    void aHostThatWasUpGoesDownAndComesBack() {
        assertThat(hosts(CheckType.ACTIVE, MAX, 1, 1, 1, 1, 0))
                .containsExactly(
                        "1 SOFT 1, logged 1 SOFT 1",
                        "1 SOFT 2, logged 1 SOFT 2",
                        "1 HARD 3, logged 1 HARD 3",
                        "1 HARD 1, not logged",
                        "0 HARD 1, logged 0 HARD 1");
    }

    @Test
    void aHostThatWasDownComesUpAndGoesDown() {
        hosts(CheckType.ACTIVE, MAX, 1, 1, 1);
        assertThat(hosts(CheckType.ACTIVE, MAX, 0, 1, 1, 1, 1))
                .containsExactly(
                        "0 HARD 1, logged 0 HARD 1",
                        "1 SOFT 1, logged 1 SOFT 1",
                        "1 SOFT 2, logged 1 SOFT 2",
                        "1 HARD 3, logged 1 HARD 3",
                        "1 HARD 1, not logged");
    }

    @Test
    void aHostRecoversSoftlyFromASoftProblem() {
        assertThat(hosts(CheckType.ACTIVE, MAX, 1, 0, 0, 1))
                .containsExactly(
                        "1 SOFT 1, logged 1 SOFT 1",
                        "0 SOFT 2, logged 0 SOFT 2",
                        "0 HARD 1, not logged",
                        "1 SOFT 1, logged 1 SOFT 1");
    }

    @Test
    void oneAttemptIsHardAtOnce() {
        assertThat(hosts(CheckType.ACTIVE, 1, 1, 0))
                .containsExactly("1 HARD 1, logged 1 HARD 1", "0 HARD 1, logged 0 HARD 1");
    }

    @Test
    void whatSomebodySaysOfAHostIsHardAtOnce() {
        assertThat(hosts(CheckType.PASSIVE, MAX, 1, 1, 2, 0))
                .containsExactly(
                        "1 HARD 1, logged 1 HARD 1",
                        "1 HARD 1, not logged",
                        "2 HARD 1, logged 2 HARD 1",
                        "0 HARD 1, logged 0 HARD 1");
    }

    @Test
    void aHostBehindOthersThatAreDownIsUnreachable() {
        Step step = machine.host(state, finding(1, CheckType.ACTIVE, 1), MAX, false);
        assertThat(step.after().state()).isEqualTo(2);
    }

    @Test
    void aServiceGoesThroughSoftToHardAndBack() {
        assertThat(services(true, 2, 2, 2, 2, 1, 0, 0))
                .containsExactly(
                        "2 SOFT 1, logged 2 SOFT 1",
                        "2 SOFT 2, logged 2 SOFT 2",
                        "2 HARD 3, logged 2 HARD 3",
                        "2 HARD 3, not logged",
                        "1 HARD 3, logged 1 HARD 3",
                        "0 HARD 1, logged 0 HARD 3",
                        "0 HARD 1, not logged");
    }

    @Test
    void aServiceThatRecoversSoftlyIsLoggedWithTheNextAttempt() {
        assertThat(services(true, 1, 0)).containsExactly("1 SOFT 1, logged 1 SOFT 1", "0 HARD 1, logged 0 SOFT 2");
    }

    @Test
    void aServiceOnAHostThatIsDownNeedsNoConfirmation() {
        assertThat(services(false, 2, 2)).containsExactly("2 HARD 1, logged 2 HARD 1", "2 HARD 1, not logged");
        state = ObjectState.PENDING;
        services(true, 2);
        assertThat(services(false, 2)).containsExactly("2 HARD 1, logged 2 HARD 1");
    }

    @Test
    void keepsTimesOfChangesAndNumbersOfProblems() {
        services(true, 0, 2, 2, 2, 1, 0);
        assertThat(state.lastChangeMicros()).isEqualTo(6);
        assertThat(state.hard()).isEqualTo(new ObjectState.Hard(0, 6));
        assertThat(state.lastTimes().state0()).isEqualTo(6);
        assertThat(state.lastTimes().state1()).isEqualTo(5);
        assertThat(state.lastTimes().state2()).isEqualTo(4);
        assertThat(state.ids()).isEqualTo(new ObjectState.Ids(3, 2, 0, 1));
        services(true, 2);
        assertThat(state.ids()).isEqualTo(new ObjectState.Ids(4, 3, 2, 1));
        assertThat(state.hard()).isEqualTo(new ObjectState.Hard(0, 6));
    }

    @Property
    void whatOthersAreToldMakesTheSameState(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 3) Integer> states) {
        StateMachine own = new StateMachine(new Ids());
        ObjectState now = ObjectState.PENDING;
        for (int next : states) {
            now = own.service(
                            now,
                            finding(next, CheckType.ACTIVE, 1 + now.timing().startMicros()),
                            MAX,
                            true)
                    .after()
                    .withRevision(7);
        }
        assertThat(ObjectState.of(now.toResult(MonitoredObject.ofService("h", "s"), MAX), 7))
                .isEqualTo(now);
    }

    @Property
    void attemptsStayWithinTheirBound(
            @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 3) Integer> states,
            @ForAll @IntRange(min = 1, max = 5) int max,
            @ForAll boolean hostUp) {
        StateMachine own = new StateMachine(new Ids());
        ObjectState now = ObjectState.PENDING;
        for (int next : states) {
            now = own.service(now, finding(next, CheckType.ACTIVE, 1), max, hostUp)
                    .after();
            assertThat(now.attempt()).isBetween(1, max);
            assertThat(now.type() == StateType.SOFT || now.hard().state() == now.state())
                    .as("the last hard state includes the result")
                    .isTrue();
            assertThat(now.type() == StateType.SOFT && now.state() != 0 && now.attempt() == max)
                    .as("a full count of attempts is hard")
                    .isFalse();
        }
    }
}
