package org.merlin.backlog.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merlin.backlog.Records.append;
import static org.merlin.backlog.Records.from;
import static org.merlin.backlog.Records.rest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.EventLogContract;
import org.merlin.backlog.LogFullException;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;
import org.merlin.backlog.Records.Read;

final class ChronicleEventLogTest extends EventLogContract {
    private static final LogSettings SMALL = new LogSettings(100_000, 1 << 20);

    @TempDir
    Path directory;

    @Override
    protected EventLog open() throws IOException {
        return ChronicleEventLog.open(directory.resolve("log"), SMALL);
    }

    private void reopen() throws IOException {
        log.close();
        log = open();
    }

    private List<String> segments() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve("log"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{20}"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void goesOnInTheLastSegmentAfterARestart() throws IOException {
        List<Read> all = new ArrayList<>();
        for (int restart = 0; restart < 5; restart++) {
            all.add(append(log, 2, 100));
            all.add(append(log, 0, 100));
            long bytes = log.bytes();
            reopen();
            assertThat(log.end()).isEqualTo(2 * (restart + 1));
            assertThat(log.bytes()).isEqualTo(bytes);
            assertThat(from(log, 0)).isEqualTo(all);
        }
        assertThat(segments()).containsExactly("00000000000000000000");
    }

    @Test
    void rollsBySizeIntoSegmentsNamedByTheirFirstPosition() throws IOException {
        List<Read> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(append(log, 10, 9_000));
        }
        assertThat(segments()).hasSizeBetween(5, 7).startsWith("00000000000000000000");
        assertThat(from(log, 0)).isEqualTo(all);
        long bytes = log.bytes();
        assertThat(bytes).isBetween(60 * 9_000L, 60 * 9_000L + 300_000);
        reopen();
        assertThat(log.bytes()).isEqualTo(bytes);
        for (int i = 0; i < 60; i++) {
            assertThat(from(log, i * 10 + i % 10)).isEqualTo(all.subList(i, 60));
        }
        all.add(append(log, 10, 10));
        assertThat(from(log, 0)).isEqualTo(all);
        for (String segment : segments()) {
            long base = Long.parseLong(segment);
            assertThat(all).extracting(Read::position).contains(base);
        }
    }

    @Test
    void aReaderGoesOnIntoSegmentsThatAreMadeWhileItWaits() {
        List<Read> all = new ArrayList<>();
        try (EventLog.Reader reader = log.reader(0)) {
            for (int i = 0; i < 60; i++) {
                all.add(append(log, 1, 9_000));
                if (i % 7 == 0) {
                    assertThat(rest(reader)).isEqualTo(all);
                    all.clear();
                }
            }
            assertThat(rest(reader)).isEqualTo(all);
        }
    }

    @Test
    void aSegmentEndsWithARecordThatHasEvents() throws IOException {
        append(log, 4, 60_000);
        append(log, 0, 60_000);
        append(log, 0, 10);
        Read last = append(log, 1, 10);
        assertThat(segments()).hasSize(1);
        append(log, 1, 10);
        assertThat(segments()).containsExactly("00000000000000000000", "00000000000000000005");
        assertThat(from(log, 4)).hasSize(4).contains(last);
        assertThat(from(log, 5)).hasSize(1);
    }

    @Test
    void aRecordWithoutEventsAtTheEndIsReadFromItsPosition() throws IOException {
        append(log, 4, 100_000);
        Read last = append(log, 0, 10);
        Read next = append(log, 1, 110_000);
        Read empty = append(log, 0, 10);
        Read after = append(log, 1, 10);
        assertThat(from(log, 4)).containsExactly(last, next, empty, after);
        assertThat(from(log, 5)).containsExactly(empty, after);
        reopen();
        assertThat(from(log, 4)).containsExactly(last, next, empty, after);
        assertThat(from(log, 5)).containsExactly(empty, after);
    }

    @Test
    void aSegmentWithoutEventsDoesNotRoll() throws IOException {
        List<Read> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(append(log, 0, 10_000));
        }
        assertThat(segments()).hasSize(1);
        reopen();
        all.add(append(log, 1, 10));
        all.add(append(log, 1, 10));
        assertThat(segments()).containsExactly("00000000000000000000", "00000000000000000001");
        assertThat(from(log, 0)).isEqualTo(all);
    }

    @Test
    void syncsWhatWasAppendedToSegmentsThatAreFull() throws IOException {
        List<Read> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(append(log, 1, 20_000));
            if (i % 13 == 0) {
                log.sync();
                log.sync();
            }
        }
        log.sync();
        reopen();
        assertThat(from(log, 0)).isEqualTo(all);
    }

    @Test
    void recordsMayCrossTheBlocksThatAreMapped() throws IOException {
        List<Read> all = new ArrayList<>();
        try (EventLog large = ChronicleEventLog.open(directory.resolve("large"), LogSettings.DEFAULT)) {
            for (int i = 0; i < 36; i++) {
                int length = i % 3 == 0 ? EventLog.MAX_RECORD_BYTES - i : 1_500_000 + i;
                ByteBuffer bytes = Records.bytes(i, length);
                ByteBuffer direct =
                        ByteBuffer.allocateDirect(length).put(bytes.duplicate()).flip();
                large.append(
                        List.of(bytes, direct, bytes.asReadOnlyBuffer(), direct).get(i % 4), 1);
                all.add(new Read(i, 1, bytes));
            }
            assertThat(from(large, 0)).isEqualTo(all);
            large.sync();
        }
    }

    @Test
    void aLogIsOpenOnceAtATime() {
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
        assertThat(append(log, 1, 1).position()).isZero();
    }

    @Test
    void appendsNothingWhileTheDiskIsTooFullAndGoesOnWhenThereIsRoom() throws IOException {
        AtomicLong usable = new AtomicLong(Long.MAX_VALUE);
        AtomicLong asked = new AtomicLong();
        Path path = directory.resolve("guarded");
        List<Read> all = new ArrayList<>();
        try (EventLog guarded =
                ChronicleEventLog.open(LogDirectory.claim(path), new LogSettings(128 << 20, 1 << 20), () -> {
                    asked.incrementAndGet();
                    return usable.get();
                })) {
            for (int i = 0; i < 100; i++) {
                all.add(append(guarded, 1, 30_000));
            }
            assertThat(asked.get()).isBetween(3L, 6L);
            usable.set((1 << 20) + 5_000);
            while (guarded.end() < 200) {
                try {
                    guarded.append(ByteBuffer.allocate(1), 0);
                    guarded.append(ByteBuffer.allocate(30_000), 1);
                    all.add(new Read(guarded.end() - 1, 0, ByteBuffer.allocate(1)));
                    all.add(new Read(guarded.end() - 1, 1, ByteBuffer.allocate(30_000)));
                } catch (LogFullException full) {
                    assertThat(full).hasMessageContaining("guarded");
                    break;
                }
            }
            long end = guarded.end();
            assertThat(end).isLessThan(140);
            assertThatThrownBy(() -> guarded.append(ByteBuffer.allocate(30_000), 1))
                    .isInstanceOf(LogFullException.class);
            assertThat(guarded.end()).isEqualTo(end);
            assertThat(from(guarded, 0)).hasSizeGreaterThanOrEqualTo(all.size());
            usable.set(Long.MAX_VALUE);
            Read next = append(guarded, 1, 30_000);
            assertThat(from(guarded, end)).endsWith(next);
        }
    }

    @Test
    void onAFullDiskTheLastSegmentEndsSoThatItCanGo() throws IOException {
        AtomicLong usable = new AtomicLong(Long.MAX_VALUE);
        try (EventLog guarded = ChronicleEventLog.open(
                LogDirectory.claim(directory.resolve("guarded")), new LogSettings(256 << 20, 64 << 20), usable::get)) {
            for (int i = 0; i < 20; i++) {
                append(guarded, 1, 1 << 20);
            }
            usable.set(60 << 20);
            Read last = append(guarded, 1, 1 << 20); // of what is to be left free, once
            assertThatThrownBy(() -> guarded.append(ByteBuffer.allocate(1), 1)).isInstanceOf(LogFullException.class);
            assertThat(from(guarded, 20)).containsExactly(last);
            guarded.discard(21);
            assertThat(guarded.start()).isEqualTo(21);
            usable.set(81 << 20);
            Read next = append(guarded, 1, 1 << 20);
            assertThat(from(guarded, 0)).containsExactly(next);
        }
    }

    @Test
    void aNewLogOnAFullDiskIsRefusedBeforeAnythingIsMapped() throws IOException {
        Path path = directory.resolve("no-room");
        LogDirectory claimed = LogDirectory.claim(path);
        assertThatThrownBy(() -> ChronicleEventLog.open(claimed, new LogSettings(1 << 20, 1 << 20), () -> 1 << 20))
                .isInstanceOf(LogFullException.class)
                .hasMessageContaining("no-room");
        ChronicleEventLog.open(path, SMALL).close();
    }

    @Test
    void startsNoThreadAndLeavesNone() throws IOException {
        log.close();
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        log = open();
        for (int i = 0; i < 100; i++) {
            append(log, 1, 10_000);
        }
        log.sync();
        from(log, 3);
        Set<Thread> during = new HashSet<>(Thread.getAllStackTraces().keySet());
        during.removeAll(before);
        assertThat(during).isEmpty();
    }

    @Test
    void aReaderThatIsClosedAfterTheLogGivesItsMemoryBack() throws IOException {
        append(log, 1, 10);
        EventLog.Reader reader = log.reader(0);
        assertThat(reader.next()).isTrue();
        log.close();
        assertThat(mappings()).isNotEmpty();
        reader.close();
        assertThat(mappings()).isEmpty();
    }

    private List<String> mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(directory.toString())).toList();
        }
    }

    @Test
    void anInterruptNeitherStopsAnAppendNorASync() {
        Thread.currentThread().interrupt();
        Read first = append(log, 1, 10);
        log.sync();
        Read second = append(log, 1, 10);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(from(log, 0)).containsExactly(first, second);
    }

    @Test
    void anAlmostEmptyLogTakesLittleDisk() throws Exception {
        append(log, 1, 10);
        Process du = new ProcessBuilder("du", "-sk", directory.resolve("log").toString()).start();
        String answer = new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(Long.parseLong(answer.split("\\s")[0])).isLessThan(64);
    }
}
