package org.merlin.backlog.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;
import org.merlin.backlog.Records.Read;

/** Bytes that changed on the disk, and files that were cut: what is whole is read, what is not is passed over, and the log goes on. */
class DamageTest {
    private static final LogSettings SETTINGS = new LogSettings(100_000, 0);

    @TempDir
    Path folder;

    private EventLog open() throws IOException {
        return ChronicleEventLog.open(folder.resolve("log"), SETTINGS);
    }

    private List<Read> written(int records) throws IOException {
        List<Read> all = new ArrayList<>();
        try (EventLog log = open()) {
            for (int i = 0; i < records; i++) {
                all.add(Records.append(log, 2, 3_000));
            }
        }
        return all;
    }

    private Path segment(long base) {
        return folder.resolve("log").resolve(String.format("%020d", base)).resolve(ChronicleRuntime.recordsFile());
    }

    /** Changes one byte of the first record that begins with these bytes' content. */
    private void damage(long base, Read record) throws IOException {
        byte[] file = Files.readAllBytes(segment(base));
        byte[] wanted = record.bytes().array();
        int at = 0;
        while (!java.util.Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length)) {
            at++;
        }
        try (RandomAccessFile out = new RandomAccessFile(segment(base).toFile(), "rw")) {
            out.seek(at + 1_000);
            out.write(file[at + 1_000] ^ 4);
        }
    }

    @Test
    void aDamagedRecordInTheMiddleIsPassedOverAlone() throws IOException {
        List<Read> all = written(20);
        damage(0, all.get(7));
        all.remove(7);
        try (EventLog log = open()) {
            assertThat(Records.from(log, 0)).isEqualTo(all);
            assertThat(Records.from(log, 15)).isEqualTo(all.subList(7, 19));
            assertThat(Records.from(log, 30)).isEqualTo(all.subList(14, 19));
            all.add(Records.append(log, 1, 10));
            assertThat(Records.from(log, 0)).isEqualTo(all);
        }
    }

    /** Chronicle keeps at this place of the file how many records there are. */
    @Test
    void aWrongCountOfRecordsIsNoticedAndCostsNothing() throws IOException {
        List<Read> all = written(20);
        for (int wrong : new int[] {18, 20, 0x6f0013}) {
            try (RandomAccessFile out = new RandomAccessFile(segment(0).toFile(), "rw")) {
                out.seek(72);
                out.writeInt(Integer.reverseBytes(wrong));
            }
            try (EventLog log = open()) {
                assertThat(log.end()).isEqualTo(all.get(all.size() - 1).position() + 2);
                assertThat(Records.from(log, 0)).isEqualTo(all);
                all.add(Records.append(log, 2, 100));
                assertThat(Records.from(log, 0)).isEqualTo(all);
            }
            try (EventLog log = open()) {
                assertThat(Records.from(log, 0)).isEqualTo(all);
            }
        }
    }

    /** Chronicle would go there, and list all that lies before it: found by fuzzing. */
    @Test
    void aPlaceInTheBookkeepingThatLiesFarOutsideIsNoticedAndCostsNothing() throws IOException {
        List<Read> all = written(100);
        List<Path> segments;
        try (var files = Files.list(folder.resolve("log"))) {
            segments = files.filter(Files::isDirectory).sorted().toList();
        }
        assertThat(segments).hasSizeGreaterThan(2);
        int lastPlace = 64;
        int placeOfLists = 152;
        int placeOfFirstList = 240;
        for (Path segment : List.of(segments.get(0), segments.get(segments.size() - 1))) {
            Path file = segment.resolve(ChronicleRuntime.recordsFile());
            for (int at : new int[] {lastPlace, placeOfLists, placeOfFirstList}) {
                for (long wrong : new long[] {1L << 46, -8}) {
                    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                        out.seek(at);
                        out.writeLong(Long.reverseBytes(wrong));
                    }
                    assertThat(SegmentIndex.isWithin(segment)).isFalse();
                    try (EventLog log = open()) {
                        assertThat(Records.from(log, 0)).isEqualTo(all);
                        all.add(Records.append(log, 2, 100));
                    }
                    assertThat(SegmentIndex.isWithin(segment)).isTrue();
                }
            }
        }
    }

    @Test
    void aSegmentWhoseFileIsGoneIsPassedOver() throws IOException {
        List<Read> all = written(100);
        Files.delete(segment(0));
        try (EventLog log = open()) {
            List<Read> rest = Records.from(log, 0);
            assertThat(rest).isNotEmpty().isEqualTo(all.subList(all.size() - rest.size(), all.size()));
            rest.add(Records.append(log, 2, 100));
            assertThat(Records.from(log, 0)).isEqualTo(rest);
        }
    }

    @Test
    void aDamagedLastRecordOfAClosedLogLeavesItsPositionsLost() throws IOException {
        List<Read> all = written(10);
        damage(0, all.get(9));
        try (EventLog log = open()) {
            assertThat(log.end()).isEqualTo(20);
            assertThat(Records.from(log, 0)).isEqualTo(all.subList(0, 9));
            Read next = Records.append(log, 1, 10);
            assertThat(next.position()).isEqualTo(20);
            assertThat(Records.from(log, 19)).containsExactly(next);
        }
    }

    @Test
    void aLogThatWasCutShortGoesOnAtThePositionWhereItWasClosed() throws IOException {
        List<Read> all = written(10);
        try (RandomAccessFile out = new RandomAccessFile(segment(0).toFile(), "rw")) {
            out.setLength(40_000);
        }
        try (EventLog log = open()) {
            assertThat(log.end()).isEqualTo(20);
            List<Read> left = Records.from(log, 0);
            assertThat(left).hasSizeLessThan(10).isEqualTo(all.subList(0, left.size()));
            Read next = Records.append(log, 1, 10);
            assertThat(next.position()).isEqualTo(20);
            assertThat(Records.from(log, 0)).hasSize(left.size() + 1).endsWith(next);
        }
    }

    @Test
    void aLostLastSegmentLeavesItsPositionsLost() throws IOException {
        written(60);
        Path last;
        try (var entries = Files.list(folder.resolve("log"))) {
            last = entries.filter(Files::isDirectory)
                    .sorted()
                    .reduce((a, b) -> b)
                    .orElseThrow();
        }
        EventLogModelTest.delete(last);
        try (EventLog log = open()) {
            assertThat(log.end()).isEqualTo(120);
            int left = Records.from(log, 0).size();
            assertThat(left).isBetween(30, 59);
            Records.append(log, 1, 10);
            assertThat(Records.from(log, 0)).hasSize(left + 1);
        }
        try (EventLog log = open()) {
            assertThat(log.end()).isEqualTo(121);
        }
    }

    @Test
    void aLogOfANewerReleaseIsRefusedInWords() throws IOException {
        written(1);
        Files.writeString(folder.resolve("log/format"), "2\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer release");
        Files.writeString(folder.resolve("log/format"), "1\n");
        open().close();
    }

    @Test
    void aLeapLeavesAHoleThatReadersPass() throws IOException {
        List<Read> all = written(3);
        try (EventLog log = open()) {
            log.leap(100);
            log.leap(50);
            assertThat(log.end()).isEqualTo(100);
            all.add(Records.append(log, 1, 10));
            assertThat(Records.from(log, 0)).isEqualTo(all);
            assertThat(Records.from(log, 60)).isEqualTo(all.subList(3, 4));
        }
        try (EventLog log = open()) {
            assertThat(Records.from(log, 0)).isEqualTo(all);
        }
    }

    /** Whatever byte changes, nothing that was not written is read, and the log can be written again. */
    @Property(tries = 60)
    void nothingWrongIsReadWhateverByteChanges(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        folder = Files.createTempDirectory("merlin-damage");
        try {
            List<Read> all = written(40);
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                long base = random.nextBoolean() ? 0 : lastBase();
                try (RandomAccessFile out = new RandomAccessFile(segment(base).toFile(), "rw")) {
                    out.seek(DATA_FROM + random.nextInt(DATA_BYTES));
                    out.write(random.nextInt(256));
                }
            }
            try (EventLog log = open()) {
                List<Read> left = Records.from(log, 0);
                assertThat(all).containsSubsequence(left);
                for (long position = 0; position < 80; position += 13) {
                    long from = position;
                    assertThat(left.stream().filter(read -> read.position() + 2 > from))
                            .isEqualTo(Records.from(log, position));
                }
                left.add(Records.append(log, 1, 50));
                assertThat(Records.from(log, 0)).isEqualTo(left);
            }
        } finally {
            EventLogModelTest.delete(folder);
        }
    }

    private static final int DATA_FROM = 15_000;
    private static final int DATA_BYTES = 85_000;

    private long lastBase() throws IOException {
        try (var entries = Files.list(folder.resolve("log"))) {
            return Long.parseLong(entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .reduce((a, b) -> b)
                    .orElseThrow());
        }
    }
}
