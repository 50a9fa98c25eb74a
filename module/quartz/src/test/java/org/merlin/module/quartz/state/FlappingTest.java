package org.merlin.module.quartz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlappingTest {
    private static long after(long lately, int... states) {
        long now = lately;
        for (int state : states) {
            now = Flapping.with(now, state);
        }
        return now;
    }

    @Test
    void anObjectThatNeverChangedHasNoChange() {
        assertThat(Flapping.percent(0)).isZero();
        assertThat(Flapping.percent(after(0, 0, 0, 0))).isZero();
    }

    @Test
    void oneThatChangesWithEveryCheckHasAHundredPercent() {
        long lately = 0;
        for (int i = 0; i < 42; i++) {
            lately = Flapping.with(lately, i % 2 * 3);
        }
        assertThat(Flapping.percent(lately)).isEqualTo(100, within(1e-9));
    }

    @Test
    void aChangeWeighsMostWhenItIsNew() {
        long lately = after(0, 2);
        assertThat(Flapping.percent(lately)).isEqualTo(6, within(1e-9)); // 1.2 of 20
        for (int i = 0; i < 19; i++) {
            lately = Flapping.with(lately, 2);
        }
        assertThat(Flapping.percent(lately)).isEqualTo(4, within(1e-9)); // 0.8 of 20
        assertThat(Flapping.percent(Flapping.with(lately, 2))).isZero();
    }

    @Test
    void betweenTheThresholdsItStaysAsItWas() {
        assertThat(Flapping.flaps(false, 30, 20, 30)).isTrue();
        assertThat(Flapping.flaps(false, 29, 20, 30)).isFalse();
        assertThat(Flapping.flaps(true, 21, 20, 30)).isTrue();
        assertThat(Flapping.flaps(true, 20, 20, 30)).isFalse();
    }

    @Property
    void whateverAnotherNodeSendsIsAPercentage(@ForAll long lately, @ForAll @IntRange(max = 3) int state) {
        assertThat(Flapping.percent(Flapping.with(lately, state))).isBetween(0.0, 100.0001);
    }
}
