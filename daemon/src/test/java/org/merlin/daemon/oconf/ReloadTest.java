package org.merlin.daemon.oconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.generation.Outcome;
import org.merlin.daemon.cluster.ConfigPort.Run;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.node.ConfigStamp;

final class ReloadTest {
    private static final long SECOND = 1_000_000_000L;

    private final Scheduler scheduler = new Scheduler();
    private final Reload reload = new Reload(20 * SECOND, 0, scheduler);
    private final List<Outcome> outcomes = new ArrayList<>();
    private long now;

    private static final class Scheduler implements Reload.Means {
        private int told;
        private int started;
        private boolean alive = true;
        private boolean byCommand;
        private Outcome telling = Outcome.good("");

        @Override
        public void tell(Run run, Consumer<Outcome> answer) {
            told++;
            answer.accept(telling);
        }

        @Override
        public Optional<String> start() {
            started++;
            return Optional.empty();
        }

        @Override
        public boolean isAlive(int pid) {
            return alive;
        }

        @Override
        public boolean byCommand() {
            return byCommand;
        }

        @Override
        public String complaints() {
            return "Error: in its log";
        }

        @Override
        public void mark() {}
    }

    private static Optional<Run> run(int epoch) {
        return Optional.of(new Run(
                77,
                new NodeInfo(
                        1,
                        1,
                        64,
                        true,
                        "test",
                        0,
                        epoch,
                        0,
                        ConfigStamp.UNKNOWN,
                        NodeInfo.Counts.NONE,
                        1_000,
                        List.of(),
                        List.of(),
                        1,
                        1,
                        List.of())));
    }

    private void pass(double seconds) {
        long end = now + (long) (seconds * SECOND);
        while (now < end) {
            now += SECOND / 10;
            reload.onTick(now);
        }
    }

    private void begin() {
        reload.begin(outcomes::add, now);
    }

    @Test
    void aSchedulerThatIsBackInANewRunAndStaysIsHealthy() {
        reload.onRun(run(2), now);
        begin();
        pass(1);
        reload.onRun(Optional.empty(), now);
        reload.onRun(run(4), now);
        pass(1);
        assertThat(outcomes).isEmpty();
        pass(1);
        assertThat(outcomes).containsExactly(Outcome.good(""));
        assertThat(scheduler.told).isEqualTo(1);
    }

    @Test
    void oneThatComesAndGoesAtOnceIsNot() {
        reload.onRun(run(2), now);
        begin();
        reload.onRun(run(4), now);
        pass(1);
        reload.onRun(Optional.empty(), now);
        scheduler.alive = false;
        pass(3);
        assertThat(outcomes).singleElement().satisfies(outcome -> {
            assertThat(outcome.good()).isFalse();
            assertThat(outcome.words()).contains("process has ended").contains("Error: in its log");
        });
    }

    @Test
    void oneThatGoesOnAsIfNothingHadBeenIsNot() {
        reload.onRun(run(2), now);
        begin();
        pass(21);
        assertThat(outcomes).singleElement().satisfies(outcome -> {
            assertThat(outcome.good()).isFalse();
            assertThat(outcome.words()).contains("without having read it");
        });
    }

    @Test
    void oneThatIsGoneIsStartedAgainUnlessSomebodyElseDoes() {
        reload.onRun(run(2), now);
        reload.onRun(Optional.empty(), now);
        scheduler.alive = false;
        begin();
        pass(3);
        assertThat(scheduler.started).isZero();
        pass(2);
        assertThat(scheduler.started).isEqualTo(1);
        reload.onRun(run(4), now);
        pass(2);
        assertThat(outcomes).containsExactly(Outcome.good(""));
        assertThat(scheduler.told).isZero();
    }

    @Test
    void oneThatHasYetToConnectIsToldWhenItDoes() {
        begin();
        pass(1);
        reload.onRun(run(2), now);
        assertThat(scheduler.told).isEqualTo(1);
        reload.onRun(run(4), now);
        pass(2);
        assertThat(outcomes).containsExactly(Outcome.good(""));
    }

    @Test
    void oneThatATrialHasEndedBeforeThisDaemonBeganIsStartedAgain() {
        scheduler.alive = false;
        Reload anew = new Reload(20 * SECOND, 77, scheduler);
        anew.begin(outcomes::add, now);
        for (int i = 0; i < 60; i++) {
            now += SECOND / 10;
            anew.onTick(now);
        }
        assertThat(scheduler.started).isEqualTo(1);
    }

    @Test
    void whatCannotBeToldIsSaidAtOnce() {
        scheduler.telling = Outcome.bad("may not");
        reload.onRun(run(2), now);
        begin();
        assertThat(outcomes).containsExactly(Outcome.bad("may not"));
        assertThat(reload.busy()).isFalse();
    }

    @Test
    void aCommandMayEndTheProcessAndStartAnother() {
        scheduler.byCommand = true;
        reload.onRun(run(2), now);
        begin();
        reload.onRun(Optional.empty(), now);
        scheduler.alive = false;
        pass(10);
        assertThat(outcomes).isEmpty();
        reload.onRun(run(4), now);
        pass(2);
        assertThat(outcomes).containsExactly(Outcome.good(""));
    }
}
