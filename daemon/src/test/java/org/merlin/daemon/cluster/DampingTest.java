package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DampingTest {
    private static final long SECOND = 1_000_000_000L;

    private final Damping damping = new Damping(30 * SECOND);
    private long now;

    private void goFor(int away, int here) {
        damping.update(null, false, false, now);
        now += away * SECOND;
        damping.update(null, true, false, now);
        now += here * SECOND;
    }

    private long left() {
        return damping.leftNanos(null, now) / SECOND;
    }

    private void begin() {
        damping.update(null, true, false, now);
        now += 100 * SECOND;
    }

    @Test
    void whoGoesTwiceInTenMinutesIsTakenBackAtOnce() {
        begin();
        goFor(10, 10);
        goFor(10, 0);
        assertThat(left()).isZero();
    }

    @Test
    void theThirdTimeItHasToBeQuietForHalfAMinuteThenForTwiceAsLong() {
        begin();
        goFor(10, 10);
        goFor(10, 10);
        goFor(10, 0);
        assertThat(left()).isEqualTo(30);
        now += 29 * SECOND;
        assertThat(left()).isEqualTo(1);
        now += SECOND;
        assertThat(left()).isZero();
        goFor(10, 0);
        assertThat(left()).isEqualTo(60);
        for (int i = 0; i < 10; i++) {
            goFor(1, 10);
        }
        goFor(1, 0);
        assertThat(left()).isEqualTo(600);
    }

    @Test
    void whatIsLongAgoCountsNoMore() {
        begin();
        goFor(10, 10);
        goFor(10, 600);
        goFor(10, 0);
        assertThat(left()).isZero();
    }

    @Test
    void aBurstCountsOnce() {
        begin();
        for (int i = 0; i < 4; i++) {
            goFor(1, 0);
        }
        assertThat(left()).isZero();
    }

    @Test
    void whoSaysGoodbyeMayComeAndGo() {
        begin();
        for (int i = 0; i < 10; i++) {
            damping.update(null, false, true, now);
            now += 10 * SECOND;
            damping.update(null, true, false, now);
            now += 10 * SECOND;
        }
        assertThat(left()).isZero();
    }

    @Test
    void whoIsAwayIsNotWaitedFor() {
        begin();
        goFor(10, 10);
        goFor(10, 10);
        damping.update(null, false, false, now);
        assertThat(left()).isZero();
    }
}
