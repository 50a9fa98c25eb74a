package org.merlin.module.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.slot.SlotTable;

class AcknowledgementsTest {
    private static final MonitoredObject WEB = MonitoredObject.ofHost("web");
    private static final EventName NAME = new EventName(7, 2, 1);

    private final ModelScheduler scheduler = new ModelScheduler(List.of(WEB));
    private KnownStates states;
    private Acknowledgements acknowledgements;

    @BeforeEach
    void build() {
        SlotTable slots = SlotTable.of(List.of(WEB), List.of(List.of()), List.of());
        ObjectIndex objects = new ObjectIndex(slots);
        states = new KnownStates(slots, 1, new int[1]);
        Teller nobody = new Teller() {
            @Override
            public EventName tell(int index, Event event, int revision, long timeMicros) {
                return new EventName(1, 2, 1);
            }

            @Override
            public EventName tellAll(long key, Event event, int revision, long timeMicros, boolean masters) {
                return new EventName(1, 2, 1);
            }

            @Override
            public long origin() {
                return 1;
            }
        };
        Ledger ledger = new Ledger(scheduler, objects, nobody);
        scheduler.listener = ledger;
        acknowledgements = new Acknowledgements(scheduler, objects, states, ledger, nobody);
        scheduler.echo = acknowledgements;
    }

    private void becomes(int state, int began, int since) {
        CheckResult result = new CheckResult(
                WEB,
                state,
                StateType.HARD,
                1,
                1,
                CheckType.ACTIVE,
                Output.of(""),
                new Timing(0, 0, 0, 0, 0),
                new History(0, state, 0, 0, LastTimes.NEVER, 0, 0, 0, 0, false, 0),
                NotificationCount.NONE);
        states.setState(0, result.of(new Problem(began, since)));
        scheduler.process(0, state);
        acknowledgements.onState(0);
    }

    private static Acknowledgement of(int problem, int since, boolean sticky, long endSeconds) {
        return new Acknowledgement(WEB, true, problem, since, sticky, false, true, "anna", "on it", 100, endSeconds);
    }

    private void told(Acknowledgement acknowledgement, int revision) {
        acknowledgements.take(0, NAME, acknowledgement, new Version(revision, 1, 7), true);
    }

    @Test
    void oneThatComesBeforeItsProblemHoldsOnceTheProblemIsKnown() {
        told(of(5, 5, true, 0), 1);
        assertThat(scheduler.isAcknowledged(0)).isFalse();
        becomes(2, 5, 5);
        assertThat(scheduler.isAcknowledged(0)).isTrue();
    }

    @Test
    void oneOfAnEarlierProblemNeverHolds() {
        becomes(2, 9, 9);
        told(of(5, 5, true, 0), 1);
        assertThat(scheduler.isAcknowledged(0)).isFalse();
    }

    @Test
    void oneThatIsNotStickyHoldsInItsStateOnlyWhicheverComesFirst() {
        becomes(2, 5, 5);
        becomes(1, 5, 6);
        told(of(5, 5, false, 0), 1);
        assertThat(scheduler.isAcknowledged(0)).isFalse();
        told(of(5, 6, false, 0), 2);
        assertThat(scheduler.isAcknowledged(0)).isTrue();
        becomes(2, 5, 7);
        assertThat(scheduler.isAcknowledged(0)).isFalse();
    }

    @Test
    void anOlderOneThatComesLateChangesNothing() {
        becomes(2, 5, 5);
        acknowledgements.take(0, NAME, Acknowledgement.removed(WEB, 100), new Version(4, 1, 7), true);
        told(of(5, 5, true, 0), 3);
        assertThat(scheduler.isAcknowledged(0)).isFalse();
    }

    @Test
    void oneWithAnEndIsOverThenOnEveryNodeByItself() {
        becomes(2, 5, 5);
        told(of(5, 5, true, 1000), 1);
        acknowledgements.onTick(999);
        assertThat(scheduler.isAcknowledged(0)).isTrue();
        assertThat(acknowledgements.isWaiting()).isTrue();
        acknowledgements.onTick(1000);
        assertThat(scheduler.isAcknowledged(0)).isFalse();
        assertThat(acknowledgements.isWaiting()).isFalse();
        becomes(1, 5, 6);
        assertThat(scheduler.isAcknowledged(0)).isFalse();
    }
}
