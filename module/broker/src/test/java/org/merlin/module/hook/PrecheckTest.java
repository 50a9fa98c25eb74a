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

    private Precheck precheck(String... ring) {
        return new Precheck(slots, rule(ring));
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
        Precheck precheck = new Precheck(slots, blockingOne("leia", "luke"));
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
