package org.merlin.backlog.chronicle;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.tests.fuzz.Hostile;

/**
 * A log of which bytes changed on the disk. An input is a list of changes of four bytes each: where (three bytes, modulo the used
 * length of the file) and what is written there. What is read afterwards is some of what was written, in order, and never anything
 * else; or the log is refused in words.
 */
class LogSegmentFuzzTest {
    private static final LogSettings SETTINGS = new LogSettings(1 << 20, 0);
    private static final int RECORDS = 12;
    private static final Path FOLDER = Path.of("target", "fuzz-log");
    private static byte[] sound;

    /** What was written: record {@code i} has {@code i} times its own number as bytes. */
    private static ByteBuffer record(int i) {
        ByteBuffer record = ByteBuffer.allocate(20 * i + 1);
        while (record.hasRemaining()) {
            record.put((byte) i);
        }
        return record.flip();
    }

    private static Path file() {
        return FOLDER.resolve(String.format("%020d", 0)).resolve(ChronicleRuntime.recordsFile());
    }

    private static void begin() throws IOException {
        deleteAll();
        try (EventLog log = ChronicleEventLog.open(FOLDER, SETTINGS)) {
            for (int i = 0; i < RECORDS; i++) {
                log.append(record(i), 2);
            }
            log.sync();
        }
        if (sound == null) {
            byte[] all = Files.readAllBytes(file());
            int used = all.length;
            while (all[used - 1] == 0) {
                used--;
            }
            sound = java.util.Arrays.copyOf(all, used);
        }
    }

    private static void deleteAll() throws IOException {
        if (Files.exists(FOLDER)) {
            try (Stream<Path> files = Files.walk(FOLDER)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    static Stream<byte[]> seeds() {
        return Stream.of(new byte[] {0, 1, 0, 9}, new byte[] {2, 0, 20, -1, 2, 0, 24, -1}, new byte[0]);
    }

    @MethodSource("seeds")
    @FuzzTest
    void whatIsReadWasWritten(byte[] changes) {
        Hostile.decode(1 << 20, 64, IOException.class, () -> {
            begin();
            change(changes);
            return readAll();
        });
    }

    private static void change(byte[] changes) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file().toFile(), "rw")) {
            for (int i = 0; i + 4 <= changes.length && i < 64; i += 4) {
                int at = (changes[i] & 0xff) << 16 | (changes[i + 1] & 0xff) << 8 | changes[i + 2] & 0xff;
                out.seek(at % sound.length);
                out.write(changes[i + 3]);
            }
        }
    }

    private static Object readAll() throws IOException {
        try (EventLog log = ChronicleEventLog.open(FOLDER, SETTINGS)) {
            List<Long> positions = new ArrayList<>();
            try (EventLog.Reader reader = log.reader(0)) {
                while (reader.next()) {
                    if (reader.position() % 2 != 0
                            || reader.position() >= 2 * RECORDS
                            || !reader.record().equals(record((int) reader.position() / 2))) {
                        throw new AssertionError("a record at " + reader.position() + " that was never written");
                    }
                    if (!positions.isEmpty() && reader.position() <= positions.get(positions.size() - 1)) {
                        throw new AssertionError("position " + reader.position() + " after " + positions);
                    }
                    positions.add(reader.position());
                }
            }
            long end = log.end();
            if (end < 2 * RECORDS) {
                throw new AssertionError("positions from " + end + " on are given a second time");
            }
            log.append(record(3), 1);
            return positions;
        }
    }
}
