package org.merlin.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogFullException;
import org.merlin.backlog.memory.MemoryEventLog;
import org.merlin.daemon.cluster.Store;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.time.NanoClock;

/** The test's own thread plays the loop: answers wait in a queue until it runs them. */
class LogThreadTest implements Store.Listener {
    private final Queue<Runnable> loop = new ConcurrentLinkedQueue<>();
    private final List<Long> positions = new ArrayList<>();
    private final List<Boolean> rooms = new ArrayList<>();
    private final AtomicBoolean diskFull = new AtomicBoolean();
    private int synced;
    private int checkpoints;

    @TempDir
    Path folder;

    private LogThread log;

    @BeforeEach
    void open() throws IOException {
        log = thread();
    }

    private LogThread thread() throws IOException {
        return new LogThread(
                new FullNowAndThen(),
                new CheckpointFile(folder),
                new StateFile(folder),
                loop::add,
                loop::add,
                NanoClock.SYSTEM,
                new Journal(NanoClock.SYSTEM),
                () -> {});
    }

    /** A log on a disk that can be filled. */
    private final class FullNowAndThen implements EventLog {
        private final EventLog inner = new MemoryEventLog();

        @Override
        public long append(ByteBuffer record, int events) {
            if (diskFull.get()) {
                throw new LogFullException(Path.of("log"), 1, 2);
            }
            return inner.append(record, events);
        }

        @Override
        public void sync() {
            inner.sync();
        }

        @Override
        public void discard(long position) {
            inner.discard(position);
        }

        @Override
        public void leap(long position) {
            inner.leap(position);
        }

        @Override
        public long startWithin(long maxBytes) {
            return inner.startWithin(maxBytes);
        }

        @Override
        public long start() {
            return inner.start();
        }

        @Override
        public long end() {
            return inner.end();
        }

        @Override
        public long bytes() {
            return inner.bytes();
        }

        @Override
        public Reader reader(long position) {
            return inner.reader(position);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    @AfterEach
    void close() {
        diskFull.set(false);
        log.close();
    }

    private void runLoop() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    private static ByteBuffer record(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    @Test
    void answersInTheOrderOfTheCallsAndThenThatItIsOnTheDisk() {
        log.start(this);
        for (int i = 0; i < 1000; i++) {
            log.append(record(10), 3);
        }
        await().until(() -> {
            runLoop();
            return synced == 1000;
        });
        assertThat(positions).hasSize(1000).isSorted().startsWith(0L, 3L, 6L);
        assertThat(log.end()).isEqualTo(3000);
    }

    @Test
    void isNotRoomyWhileTooMuchWaits() {
        log.start(this);
        for (int i = 0; i < 5; i++) {
            log.append(record(EventLog.MAX_RECORD_BYTES), 1); // answers wait for the loop, which is this thread
        }
        assertThat(log.roomy()).isFalse();
        assertThat(rooms).containsExactly(false);
        await().until(() -> {
            runLoop();
            return log.roomy();
        });
    }

    @Test
    void keepsARecordOfAFullDiskUntilThereIsRoom() {
        diskFull.set(true);
        log.start(this);
        log.append(record(10), 1);
        await().until(() -> {
            runLoop();
            return !log.roomy();
        });
        assertThat(positions).isEmpty();
        diskFull.set(false);
        await().until(() -> {
            runLoop();
            return log.roomy() && synced == 1;
        });
        assertThat(positions).containsExactly(0L);
    }

    @Test
    void keepsACheckpointAndForgetsWhatLiesBelow() throws IOException {
        log.start(this);
        for (int i = 0; i < 10; i++) {
            log.append(record(10), 1);
        }
        await().until(() -> {
            runLoop();
            return synced == 10;
        });
        log.checkpoint(ByteBuffer.wrap(new byte[] {1, 2, 3}), 7);
        await().until(() -> {
            runLoop();
            return checkpoints == 1;
        });
        assertThat(log.start()).isEqualTo(7);
        assertThat(new CheckpointFile(folder).read()).contains(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        log.checkpoint(ByteBuffer.wrap(new byte[] {4}), 9);
        await().until(() -> {
            runLoop();
            return checkpoints == 2;
        });
        assertThat(thread().lastCheckpoint()).contains(ByteBuffer.wrap(new byte[] {4}));
    }

    @Test
    void aCheckpointIsKeptWhileTheDiskIsFullSinceItMakesRoom() {
        log.start(this);
        log.append(record(10), 1);
        log.append(record(10), 1);
        await().until(() -> {
            runLoop();
            return synced == 2;
        });
        diskFull.set(true);
        log.append(record(10), 1);
        await().until(() -> {
            runLoop();
            return !log.roomy();
        });
        log.checkpoint(ByteBuffer.allocate(8), 1);
        await().until(() -> {
            runLoop();
            return checkpoints == 1;
        });
        assertThat(log.start()).isEqualTo(1);
        assertThat(log.roomy()).isFalse();
    }

    @Test
    void aCheckpointThatCannotBeWrittenLeavesTheOldOneAndTheLog() throws IOException {
        log.start(this);
        log.append(record(10), 1);
        log.append(record(10), 1);
        log.checkpoint(ByteBuffer.wrap(new byte[] {1}), 0);
        await().until(() -> {
            runLoop();
            return checkpoints == 1;
        });
        Files.createDirectory(folder.resolve("checkpoint.new"));
        log.checkpoint(ByteBuffer.wrap(new byte[] {2}), 1);
        await().until(() -> {
            runLoop();
            return checkpoints == 2;
        });
        assertThat(log.start()).isZero();
        assertThat(new CheckpointFile(folder).read()).contains(ByteBuffer.wrap(new byte[] {1}));
    }

    @Override
    public void onCheckpoint(long nowNanos) {
        checkpoints++;
    }

    @Override
    public void onAppended(long position, long nowNanos) {
        positions.add(position);
    }

    @Override
    public void onSynced(int records, long nowNanos) {
        synced += records;
    }

    @Override
    public void onStateKept(boolean ok, boolean last) {}

    @Override
    public void onRoom(boolean roomy, long nowNanos) {
        rooms.add(roomy);
    }
}
