package org.merlin.backlog.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.backlog.Records.append;
import static org.merlin.backlog.Records.from;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.Records;
import org.merlin.backlog.Records.Read;

/** What is left of a log whose process did not close it. */
final class CrashTest {
    @TempDir
    Path directory;

    @Test
    void allThatAKilledProcessSaidItAppendedIsReadInOrder() throws Exception {
        long end = 0;
        for (int kill = 1; kill <= 4; kill++) {
            long said = appendUntilKilled(3_000 * kill);
            assertThat(said).isGreaterThan(end);
            try (EventLog log = ChronicleEventLog.open(directory, DoomedAppender.SETTINGS)) {
                assertThat(log.end()).isGreaterThan(said);
                checkAll(log);
                end = log.end();
                if (kill % 2 == 0) {
                    log.append(Records.bytes(end, DoomedAppender.length(end)), DoomedAppender.events(end));
                    checkAll(log);
                }
            }
        }
    }

    /** Returns the last position that the process said in a whole line. */
    private long appendUntilKilled(int records) throws IOException, InterruptedException {
        Process process = ChildJvm.start(DoomedAppender.class, directory.toString());
        StringBuilder said = new StringBuilder();
        try (InputStream out = process.getInputStream()) {
            byte[] some = new byte[1000];
            int lines = 0;
            for (int read = out.read(some); read >= 0; read = out.read(some)) {
                String more = new String(some, 0, read, StandardCharsets.US_ASCII);
                said.append(more);
                lines += (int) more.chars().filter(c -> c == '\n').count();
                if (lines >= records) {
                    process.toHandle().destroyForcibly(); // the process itself would also close its pipe
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        int lastLineEnd = said.lastIndexOf("\n");
        return Long.parseLong(said.substring(said.lastIndexOf("\n", lastLineEnd - 1) + 1, lastLineEnd));
    }

    private static void checkAll(EventLog log) {
        long position = 0;
        try (EventLog.Reader reader = log.reader(0)) {
            while (reader.next()) {
                assertThat(reader.position()).isEqualTo(position);
                assertThat(reader.events()).isEqualTo(DoomedAppender.events(position));
                assertThat(reader.record()).isEqualTo(Records.bytes(position, DoomedAppender.length(position)));
                position += reader.events();
            }
        }
        assertThat(log.end()).isEqualTo(position);
    }

    @Test
    void aDocumentThatAProcessDiedInIsAsIfItHadNotBegun() throws Exception {
        dieInsideADocument();
        goesOnAfterTheTenth();
    }

    @Test
    void aLockOfADeadProcessWhoseNumberLivesAgainIsBrokenAtOnce() throws Exception {
        dieInsideADocument();
        SingleChronicleQueueBuilder.addAliases();
        Path table = directory.resolve("00000000000000000000").resolve(ChronicleRuntime.tableFile());
        try (TableStore<?> store = SingleTableBuilder.binary(table.toFile(), Metadata.NoMeta.INSTANCE)
                .readOnly(false)
                .build()) {
            LongValue lock = store.acquireValueFor("chronicle.write.lock");
            assertThat(lock.getVolatileValue()).isPositive();
            lock.setVolatileValue(ProcessHandle.current().pid());
        }
        long before = System.nanoTime();
        goesOnAfterTheTenth();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8)); // Chronicle: 15
    }

    /** Chronicle would wait for 10 s, twice, until whoever makes its file is ready. Of the file there are these documents, and a word. */
    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "0, 80000000", "1, 0", "1, 80000000", "1, c0000010", "2, 80000040"})
    void aSegmentThatWasBeingMadeIsMadeAnewAtOnce(int documents, String next) throws Exception {
        byte[] open;
        try (EventLog log = ChronicleEventLog.open(directory, DoomedAppender.SETTINGS)) {
            open = Files.readAllBytes(directory.resolve("lock"));
            append(log, 1, 100);
        }
        Files.write(directory.resolve("lock"), open);
        Path file = directory.resolve("00000000000000000000").resolve(ChronicleRuntime.recordsFile());
        ByteBuffer whole = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        int kept = 0;
        for (int i = 0; i < documents; i++) {
            kept += Integer.BYTES + (whole.getInt(kept) & 0x3fff_ffff) + 3 & ~3;
        }
        ByteBuffer begun =
                ByteBuffer.allocate(documents < 0 ? 0 : whole.limit()).order(ByteOrder.nativeOrder());
        begun.put(whole.array(), 0, kept);
        if (begun.hasRemaining()) {
            begun.putInt(Integer.parseUnsignedInt(next, 16));
        }
        Files.write(file, begun.array());
        long before = System.nanoTime();
        try (EventLog log = ChronicleEventLog.open(directory, DoomedAppender.SETTINGS)) {
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
            assertThat(log.end()).isZero();
            Read read = append(log, 2, 500);
            assertThat(from(log, 0)).containsExactly(read);
        }
    }

    @Test
    void aSegmentOfWhichNoRecordIsWholeIsMadeAnew() throws Exception {
        try (EventLog log = ChronicleEventLog.open(directory, DoomedAppender.SETTINGS)) {
            append(log, 1, 100);
        }
        Path file = directory.resolve("00000000000000000000").resolve(ChronicleRuntime.recordsFile());
        ByteBuffer whole = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        int at = 0;
        while ((whole.getInt(at) & 0x4000_0000) != 0) {
            at += Integer.BYTES + (whole.getInt(at) & 0x3fff_ffff) + 3 & ~3;
        }
        whole.putInt(at + Integer.BYTES + Long.BYTES, -1); // its number of events
        Files.write(file, whole.array());
        try (EventLog log = ChronicleEventLog.open(directory, DoomedAppender.SETTINGS)) {
            assertThat(log.end()).as("where it was closed").isEqualTo(1);
            Read read = append(log, 2, 500);
            assertThat(from(log, 0)).containsExactly(read);
        }
    }

    private void dieInsideADocument() throws Exception {
        Process process = ChildJvm.start(DoomedAppender.class, directory.toString(), "00000000000000000000");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(7);
    }

    private void goesOnAfterTheTenth() throws IOException {
        try (EventLog log = ChronicleEventLog.open(directory, DoomedAppender.SETTINGS)) {
            List<Read> all = from(log, 0);
            assertThat(all).hasSize(10);
            Read next = append(log, 2, 500);
            Read more = append(log, 2, 5);
            assertThat(from(log, all.get(9).position())).containsExactly(all.get(9), next, more);
        }
        try (EventLog log = ChronicleEventLog.open(directory, DoomedAppender.SETTINGS)) {
            assertThat(from(log, 0)).hasSize(12);
        }
    }

    @Test
    void withoutTheFlagsOfTheJvmALogIsNotOpened() throws Exception {
        for (String missing : List.of("java.lang.reflect", "sun.nio.ch", "jdk.internal.ref")) {
            List<String> flags = List.of("java.lang.reflect", "sun.nio.ch", "jdk.internal.ref").stream()
                    .filter(name -> !name.equals(missing))
                    .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
                    .toList();
            Process process = ChildJvm.start(flags, Opener.class, directory.toString());
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("java.base/" + missing + "=ALL-UNNAMED");
            assertThat(process.waitFor()).isEqualTo(3);
        }
    }

    /** Opens a log, and says why it cannot. */
    static final class Opener {
        public static void main(String[] arguments) throws IOException {
            try {
                ChronicleEventLog.open(Path.of(arguments[0]), DoomedAppender.SETTINGS)
                        .close();
            } catch (IllegalStateException refused) {
                System.out.println(refused.getMessage());
                System.exit(3);
            }
        }
    }
}
