package org.merlin.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class KnownEpochsTest {
    private static final Comparator<StreamId> BY_AGE = (a, b) -> Integer.compareUnsigned(a.epoch(), b.epoch());

    /** Around the middle of the range, where the sign changes. */
    @Property
    void theNewestOfEachOriginAreKnownWhateverTheOrder(
            @ForAll @Size(max = 80) List<@IntRange(min = -20, max = 20) Integer> epochs) {
        KnownEpochs known = new KnownEpochs();
        Set<StreamId> there = new HashSet<>();
        for (int epoch : epochs) {
            StreamId stream = new StreamId(epoch & 1, epoch + Integer.MIN_VALUE);
            boolean over = known.isOver(stream);
            there.add(stream);
            List<StreamId> gone = known.add(stream);
            assertThat(gone.contains(stream)).as("as it said before").isEqualTo(over);
            there.removeAll(gone);
            assertThat(there.stream().filter(one -> one.origin() == stream.origin()))
                    .hasSizeLessThanOrEqualTo(KnownEpochs.KEPT)
                    .allMatch(one -> gone.stream().allMatch(old -> BY_AGE.compare(old, one) < 0));
        }
    }
}
