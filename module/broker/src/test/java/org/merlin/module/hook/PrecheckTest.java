package org.merlin.module.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

final class PrecheckTest {
    private static final int HOSTS = 1000;

    private final SlotTable slots = SlotTable.of(
            IntStream.range(0, HOSTS)
                    .mapToObj(i -> MonitoredObject.ofHost(String.format("h%04d", i)))
                    .toList(),
            IntStream.range(0, HOSTS).mapToObj(i -> List.<String>of()).toList(),
            List.of());
    private final List<Integer> soon = new ArrayList<>();

    private static RunnerRule rule(String... ring) {
        return new RunnerRule("luke", RingView.settled(PeerRing.of(ring)), Map.of(), Map.of());
    }

    private static RunnerRule blockingOne(String... ring) {
        BitSet one = new BitSet();
        one.set(1);
        return new RunnerRule("luke", RingView.settled(PeerRing.of(ring)), Map.of(), Map.of(), Map.of("luke", one));
    }

    private static final int TIMEOUT = 60;
    private static final int GRACE = 30;

    private long nowNanos = 5;

    private Precheck precheck(RunnerRule rule) {
        return new Precheck(slots, rule, new Precheck.Expiry(TIMEOUT, GRACE), () -> nowNanos);
    }

    private void pass(int seconds) {
        nowNanos += seconds * 1_000_000_000L;
    }

    private Precheck precheck(String... ring) {
        return precheck(rule(ring));
    }

    private void look(Precheck precheck) {
        precheck.runOverdue(soon::add, () -> false);
    }

    @Test
    void runsItsShareAlone() {
        Precheck precheck = precheck("leia", "luke");
        assertThat(precheck.mayRun(0)).isFalse();
        assertThat(precheck.mayRun(1)).isTrue();
    }

    @Test
    void runsAtOnceWhatWasLeftToANodeThatIsGone() {
        Precheck precheck = precheck("leia", "luke");
        precheck.mayRun(0);
        precheck.mayRun(2);
        precheck.onResult(2);
        precheck.use(rule("luke"));
        look(precheck);
        assertThat(soon).containsExactly(0);
    }

    @Test
    void doesNotRunTwiceWhatItRanOnce() {
        Precheck precheck = precheck("leia", "luke");
        precheck.mayRun(0);
        precheck.use(rule("luke"));
        look(precheck);
        precheck.use(rule("luke"));
        look(precheck);
        assertThat(soon).hasSize(1);
        assertThat(precheck.hasChanged()).isFalse();
    }

    @Test
    void leavesTheRestForTheNextTurnWhenTimeIsUp() {
        Precheck precheck = precheck("leia", "luke");
        IntStream.range(0, HOSTS).forEach(precheck::mayRun);
        precheck.use(rule("luke"));
        int turns = 0;
        while (precheck.hasChanged()) {
            precheck.runOverdue(soon::add, () -> true);
            turns++;
        }
        assertThat(soon).hasSize(HOSTS / 2).doesNotHaveDuplicates();
        assertThat(turns).isGreaterThan(HOSTS / 2 - 1);
    }

    @Test
    void neverRunsWhatThisNodeBlocks() {
        Precheck precheck = precheck(blockingOne("leia", "luke"));
        assertThat(precheck.mayRun(1)).isFalse();
        precheck.use(blockingOne("luke"));
        look(precheck);
        assertThat(soon).isEmpty();
    }

    @Test
    void runsEverythingOnceItIsLetGo() {
        Precheck precheck = precheck("leia", "luke");
        precheck.letAllRun();
        assertThat(IntStream.range(0, HOSTS).allMatch(precheck::mayRun)).isTrue();
    }

    @Test
    void theNextInLineRunsWhatIsOverdueAndTheOneAfterItLater() {
        Precheck next = precheck("kylo", "leia", "luke"); // 1 is leia's
        assertThat(next.mayRun(1)).isFalse();
        pass(TIMEOUT + GRACE - 1);
        assertThat(next.mayRun(1)).isFalse();
        assertThat(next.overdue(1)).isZero();
        pass(1);
        assertThat(next.mayRun(1)).isTrue();
        assertThat(next.overdue(1)).isEqualTo(TIMEOUT + GRACE);
        Precheck third = precheck("kylo", "leia", "luke"); // 0 is kylo's
        third.mayRun(0);
        pass(TIMEOUT + GRACE);
        assertThat(third.mayRun(0)).isFalse();
        assertThat(third.overdue(0)).as("seen, and left to leia").isPositive();
        pass(GRACE);
        assertThat(third.mayRun(0)).isTrue();
    }

    @Test
    void whatWasTakenOverStaysSoUntilAnotherBringsAResult() {
        Precheck precheck = precheck("leia", "luke");
        precheck.mayRun(0);
        pass(300);
        assertThat(precheck.mayRun(0)).isTrue();
        precheck.onOwnResult(0);
        pass(300);
        assertThat(precheck.mayRun(0)).isTrue();
        precheck.onResult(0);
        assertThat(precheck.overdue(0)).isZero();
        pass(300);
        assertThat(precheck.mayRun(0)).isFalse();
    }

    @Test
    void aResultOfOurOwnThatNobodyMissedClearsWhatWasLeft() {
        Precheck precheck = precheck("leia", "luke");
        precheck.mayRun(0);
        precheck.onOwnResult(0); // a forced check, or a passive result
        pass(300);
        assertThat(precheck.mayRun(0)).isFalse();
    }

    @Test
    void whatTheSchedulerDoesNotWantToRunAnyMoreIsNotOverdue() {
        Precheck precheck = precheck("leia", "luke");
        precheck.mayRun(0);
        pass(100);
        precheck.mayRun(0);
        pass(200);
        assertThat(precheck.overdue(0)).isPositive();
        pass(100);
        assertThat(precheck.overdue(0)).as("switched off, say").isZero();
    }

    @Test
    void whoIsInNoRingTakesNothingOver() {
        Precheck precheck = precheck("leia", "yoda");
        precheck.mayRun(0);
        pass(10_000);
        assertThat(precheck.mayRun(0)).isFalse();
        assertThat(precheck.overdue(0)).isPositive();
    }

    @Test
    void whatBecomesOursIsNotOverdueAnyMore() {
        Precheck precheck = precheck("leia", "luke");
        precheck.mayRun(0);
        pass(300);
        precheck.mayRun(0);
        precheck.use(rule("luke"));
        assertThat(precheck.overdue(0)).isZero();
        look(precheck);
        assertThat(soon).containsExactly(0);
    }

    @Test
    void noCheckFallsBetweenATableAndTheNext() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            soon.clear();
            Precheck precheck = precheck("leia");
            boolean[] ran = new boolean[HOSTS];
            Thread scheduler = new Thread(() -> {
                for (int index = 0; index < HOSTS; index++) {
                    ran[index] = precheck.mayRun(index);
                }
            });
            scheduler.start();
            precheck.use(rule("luke"));
            look(precheck);
            scheduler.join();
            for (int index = 0; index < HOSTS; index++) {
                assertThat(ran[index] || soon.contains(index)).isTrue();
            }
        }
    }
}
