package org.merlin.module.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.StreamId;

class DelayedMarksTest {
    private static final StreamId LUKE = new StreamId(1, 2);
    private static final StreamId YODA = new StreamId(3, 4);

    private final DelayedMarks marks = new DelayedMarks(100);

    @Test
    void theFirstGoesAtOnceWhatFollowsTogether() {
        assertThat(marks.add(List.of(new Mark(LUKE, 1)))).as("to be woken").isTrue();
        assertThat(marks.first()).isTrue();
        assertThat(marks.takeDue(1000)).containsExactly(new Mark(LUKE, 1));
        assertThat(marks.first()).isFalse();
        assertThat(marks.add(List.of(new Mark(LUKE, 2)))).isFalse();
        assertThat(marks.add(List.of(new Mark(LUKE, 3), new Mark(YODA, 9)))).isFalse();
        assertThat(marks.takeDue(1099)).isEmpty();
        assertThat(marks.nanosToNext(1060)).isEqualTo(40);
        assertThat(marks.takeDue(1100)).containsExactly(new Mark(LUKE, 3), new Mark(YODA, 9));
    }

    @Test
    void whoFoundNothingIsWokenForTheNext() {
        marks.add(List.of(new Mark(LUKE, 1)));
        marks.takeDue(1000);
        assertThat(marks.takeDue(1100)).isEmpty();
        assertThat(marks.nanosToNext(1100)).isEqualTo(Long.MAX_VALUE);
        assertThat(marks.add(List.of(new Mark(LUKE, 2)))).as("to be woken").isTrue();
        assertThat(marks.takeDue(1101)).containsExactly(new Mark(LUKE, 2));
    }
}
