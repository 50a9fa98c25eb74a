package org.merlin.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeGateTest {
    private final Deque<Runnable> turns = new ArrayDeque<>();
    private final List<Integer> begun = new ArrayList<>();
    private final List<Integer> away = new ArrayList<>();
    private final List<Numbered> comers = new ArrayList<>();
    private long nowNanos;
    private final HandshakeGate gate = new HandshakeGate(10, 100, () -> nowNanos, turns::add);

    private final class Numbered implements HandshakeGate.Comer {
        private final int number;

        Numbered(int number) {
            this.number = number;
        }

        @Override
        public void begin() {
            begun.add(number);
        }

        @Override
        public void turnAway() {
            away.add(number);
        }
    }

    private boolean enter(int count) {
        boolean all = true;
        for (int i = 0; i < count; i++) {
            comers.add(new Numbered(comers.size()));
            all &= gate.enter(comers.get(comers.size() - 1));
        }
        return all;
    }

    private void turn() {
        turns.remove().run();
    }

    @Test
    void whoComesBeginsAtOnceWhileThereIsRoom() {
        enter(10);
        assertThat(begun).hasSize(10);
        assertThat(turns).as("no turn while nobody waits").isEmpty();
    }

    @Test
    void soManyAreInProgressAtMostAndTheOthersWaitInTheirOrder() {
        enter(30);
        turn();
        assertThat(begun).hasSize(10);
        gate.leave(comers.get(3));
        gate.leave(comers.get(4));
        turn();
        assertThat(begun).hasSize(12).isSorted();
        assertThat(away).isEmpty();
    }

    @Test
    void whoTakesLongGoesIfOthersWait() {
        enter(12);
        nowNanos += HandshakeGate.LONG_NANOS;
        turn();
        assertThat(away).containsExactly(0, 1);
        assertThat(begun).hasSize(12);
        nowNanos += 10 * HandshakeGate.LONG_NANOS;
        assertThat(turns).as("nobody waits, nobody has to go").isEmpty();
    }

    @Test
    void whoComesWhenTooManyWaitIsNotLetIn() {
        assertThat(enter(110)).isTrue();
        assertThat(enter(1)).isFalse();
        gate.leave(comers.get(0));
        turn();
        assertThat(enter(1)).isTrue();
        assertThat(enter(1)).isFalse();
    }
}
