package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.KnownEpochs;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/** Each reload of a scheduler begins an epoch; how many there were in a year is not to be felt. */
class OverEpochsTest implements Source {
    private static final long ORIGIN = 7;
    private static final int RUNS = 10_000;

    private final DirectStore store = new DirectStore();
    private final PacketWriter writer = new PacketWriter();
    private final List<Mark> acknowledged = new ArrayList<>();
    private EventFlow flow;

    @Override
    public String name() {
        return "module";
    }

    @Override
    public void acknowledge(Mark mark) {
        acknowledged.add(mark);
    }

    @Override
    public void askAgain(Mark mark) {
        throw new AssertionError("asked again for " + mark);
    }

    private void start() {
        flow = new EventFlow(store, 100_000, new Journal(() -> 0));
        store.listener(flow);
        flow.recover(() -> 0);
    }

    private void event(int epoch) {
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES);
        writer.event(packet, new PacketWriter.EventHeader(6, 3, 0, ORIGIN, 1, epoch, 1, 1, 1), ByteBuffer.allocate(0));
        flow.take(new Chunk(new StreamId(ORIGIN, epoch), 0, 0, 1, 1, packet.flip()), this);
        store.work(1);
    }

    @Test
    void onlyTheNewestAreRememberedAlsoAfterARestart() {
        start();
        for (int epoch = 2; epoch <= 2 * RUNS; epoch += 2) {
            event(epoch);
        }
        assertThat(flow.durableMarks(any -> true)).hasSize(KnownEpochs.KEPT);
        assertThat(flow.checkpoint().marks()).hasSize(KnownEpochs.KEPT);
        start();
        assertThat(flow.durableMarks(any -> true))
                .hasSize(KnownEpochs.KEPT)
                .contains(new Mark(new StreamId(ORIGIN, 2 * RUNS), 1));
    }

    @Test
    void whatStillComesOfAnOlderOneWasThereAlready() {
        start();
        for (int epoch = 2; epoch <= 60; epoch += 2) {
            event(epoch);
        }
        acknowledged.clear();
        long taken = flow.eventsTaken();
        event(2);
        assertThat(acknowledged).containsExactly(new Mark(new StreamId(ORIGIN, 2), 1));
        assertThat(flow.eventsTaken()).isEqualTo(taken);
        assertThat(flow.duplicates()).isEqualTo(1);
        event(59);
        assertThat(flow.eventsTaken()).as("one that is newer than some").isEqualTo(taken + 1);
    }
}
