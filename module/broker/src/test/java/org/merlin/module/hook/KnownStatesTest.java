package org.merlin.module.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.slot.SlotTable;

final class KnownStatesTest {
    private final SlotTable slots = SlotTable.of(List.of(MonitoredObject.ofHost("h")), List.of(List.of()), List.of());

    /** Whatever the order in which two nodes learn of two results, both end with the same one. */
    @Property
    void twoNodesEndWithTheSameState(
            @ForAll @IntRange(min = 1, max = 3) int revisionA,
            @ForAll @LongRange(min = 1, max = 3) long timeA,
            @ForAll @LongRange(min = -2, max = 2) long originA,
            @ForAll @IntRange(min = 1, max = 3) int revisionB,
            @ForAll @LongRange(min = 1, max = 3) long timeB,
            @ForAll @LongRange(min = -2, max = 2) long originB) {
        KnownStates first = new KnownStates(slots, 9, new int[1]);
        KnownStates second = new KnownStates(slots, 9, new int[1]);
        offer(first, revisionA, timeA, originA);
        offer(first, revisionB, timeB, originB);
        offer(second, revisionB, timeB, originB);
        offer(second, revisionA, timeA, originA);
        boolean bothA = first.isSame(0, revisionA, timeA, originA) && second.isSame(0, revisionA, timeA, originA);
        boolean bothB = first.isSame(0, revisionB, timeB, originB) && second.isSame(0, revisionB, timeB, originB);
        assertThat(bothA || bothB).isTrue();
    }

    private static void offer(KnownStates states, int revision, long time, long origin) {
        if (states.isNewer(0, revision, time, origin)) {
            states.set(0, revision, time, origin);
        }
    }
}
