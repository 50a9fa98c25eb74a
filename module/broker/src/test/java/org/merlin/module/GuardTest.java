package org.merlin.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.module.Guard.Place;

final class GuardTest {
    private final List<String> faults = new ArrayList<>();
    private int detached;
    private final Guard guard = new Guard((where, fault) -> faults.add(where), () -> detached++);

    private void fail(Place place, int times) {
        for (int i = 0; i < times; i++) {
            guard.take(place, 7, () -> {
                throw new IllegalStateException("made by a test");
            });
        }
    }

    private void succeed(Place place) {
        guard.take(place, 7, () -> {});
    }

    @Test
    void letsGoOnceAfterTenFaultsInARow() {
        fail(Place.COMMENT, Guard.MAX_IN_A_ROW - 1);
        assertThat(guard.detached()).isFalse();
        fail(Place.COMMENT, Guard.MAX_IN_A_ROW);
        assertThat(guard.detached()).isTrue();
        assertThat(detached).isEqualTo(1);
        assertThat(faults).hasSize(Guard.MAX_IN_A_ROW).containsOnly("taking the comment 7");
    }

    @Test
    void aSuccessForgetsTheFaultsAtItsPlace() {
        fail(Place.COMMENT, Guard.MAX_IN_A_ROW - 1);
        succeed(Place.COMMENT);
        fail(Place.COMMENT, Guard.MAX_IN_A_ROW - 1);
        assertThat(guard.detached()).isFalse();
    }

    @Test
    void aPlaceThatAlwaysFailsIsNotSavedByOthersThatSucceed() {
        for (int i = 0; i < Guard.MAX_IN_A_ROW; i++) {
            fail(Place.COMMENT, 1);
            succeed(Place.RESULT);
            assertThat(guard.decide(Place.CHECK, 7, index -> false)).isEqualTo(i == Guard.MAX_IN_A_ROW - 1);
        }
        assertThat(guard.detached()).isTrue();
    }

    @Test
    void aFaultHereAndThereIsNotInARow() {
        for (Place place : Place.values()) {
            fail(place, Guard.MAX_IN_A_ROW - 1);
        }
        assertThat(guard.detached()).isFalse();
    }

    @Test
    void aDecisionThatFailsIsTheSchedulersOwn() {
        assertThat(guard.decide(Place.CHECK, 3, index -> {
                    throw new IllegalStateException("made by a test");
                }))
                .isTrue();
        assertThat(faults).containsExactly("deciding about the check of 3");
        assertThat(guard.decide(Place.CHECK, 3, index -> false)).isFalse();
    }
}
