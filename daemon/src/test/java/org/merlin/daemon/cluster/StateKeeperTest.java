package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.state.StateTable;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/** The state table is the same after any end of the process, whatever the log has forgotten by then. */
class StateKeeperTest {
    private static final StreamId STREAM = new StreamId(5, 2);
    private static final long SECOND = 1_000_000_000L;
    private static final int BODY_BYTES = 200;

    private final DirectStore store = new DirectStore();
    private final PacketWriter writer = new PacketWriter();
    private final StateTable expected = new StateTable();
    private EventFlow flow;
    private boolean whole;
    private long nowNanos;
    private long sequence;

    private static final class Quiet implements Source {
        @Override
        public String name() {
            return "module";
        }

        @Override
        public void acknowledge(Mark mark) {}

        @Override
        public void askAgain(Mark mark) {}
    }

    private void start() {
        flow = new EventFlow(store, 50_000, new Journal(() -> nowNanos));
        store.listener(flow);
        whole = flow.recover(() -> nowNanos / 1000);
    }

    private void result(int object) {
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + BODY_BYTES);
        writer.event(
                packet,
                new PacketWriter.EventHeader(
                        6, 3, 0, STREAM.origin(), ++sequence, STREAM.epoch(), (int) sequence, 1, object),
                ByteBuffer.allocate(BODY_BYTES));
        Chunk chunk = new Chunk(STREAM, 0, sequence - 1, sequence, 1, packet.flip());
        flow.take(chunk, new Quiet());
        store.work(1);
        expected.take(chunk);
    }

    private void pass(int seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            nowNanos += SECOND / 10;
            flow.onTick(nowNanos, nowNanos / 1000);
            flow.onTurn();
        }
    }

    private void isAsExpected() {
        assertThat(flow.state().sorted()).isEqualTo(expected.sorted());
    }

    /** Objects of which results come, 0 for a second that passes, -1 for the end of the process. */
    @Property(tries = 200)
    void survivesEveryEndOfTheProcess(@ForAll @Size(max = 400) List<@IntRange(min = -1, max = 40) Integer> steps) {
        StateKeeperTest one = new StateKeeperTest();
        one.start();
        for (int step : steps) {
            if (step > 0) {
                one.result(step);
            } else if (step == 0) {
                one.pass(1);
            } else {
                one.start();
                assertThat(one.whole).isTrue();
                one.isAsExpected();
            }
        }
        one.start();
        one.isAsExpected();
    }

    /** It stands for events that this node will never get. */
    @Example
    void whatANeighboursTableSaidSurvivesTheEndOfTheProcessAtOnce() {
        start();
        result(1);
        StateKeeperTest neighbour = new StateKeeperTest();
        neighbour.start();
        neighbour.result(2);
        neighbour.result(1);
        Chunk items = neighbour.flow.state().walk(any -> true).next(10_000, 10).orElseThrow();
        flow.takeItems(items);
        flow.takeItems(items);
        assertThat(store.waiting())
                .as("what is known already is not written again")
                .isEqualTo(1);
        store.work(1);
        expected.take(items);
        isAsExpected();
        start();
        isAsExpected();
        result(3);
        pass(30);
        start();
        isAsExpected();
    }

    @Example
    void theLogForgetsNothingThatIsNotInTheFile() {
        start();
        for (int i = 1; i <= 2_000; i++) {
            result(i % 300);
            if (i % 50 == 0) {
                pass(1);
            }
        }
        pass(30);
        assertThat(store.start()).as("the log is bounded").isGreaterThan(1_000);
        assertThat(store.bytes()).isLessThan(60_000);
        start();
        assertThat(whole).isTrue();
        isAsExpected();
    }

    @Example
    void aDamagedFileOfWhichTheLogHasForgottenTheBeginningIsNoWholeState() {
        start();
        for (int i = 1; i <= 2_000; i++) {
            result(i % 300);
            if (i % 50 == 0) {
                pass(1);
            }
        }
        pass(30);
        store.damageState();
        start();
        assertThat(whole).isFalse();
        assertThat(flow.state().size()).as("what the log has").isPositive();
    }

    @Example
    void aFileThatIsOlderThanWhatTheLogHasIsNoWholeState() {
        start();
        Optional<ByteBuffer> before = Optional.empty();
        for (int i = 1; i <= 2_000; i++) {
            result(i % 300);
            if (i % 50 == 0) {
                pass(1);
            }
            before = before.isEmpty() ? store.lastState() : before;
        }
        pass(30);
        store.state(before);
        start();
        assertThat(whole).isFalse();
    }
}
