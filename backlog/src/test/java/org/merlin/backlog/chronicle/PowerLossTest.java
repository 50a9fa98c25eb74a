package org.merlin.backlog.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;
import org.merlin.backlog.Records.Read;

/**
 * Loses the power: each page of the log's files is then as it was at the last sync, or as it was written since. What was
 * synced must be there, what is there must be the beginning of what was appended, and the log must go on.
 */
final class PowerLossTest {
    private static final int PAGE = 4096;

    @Property(tries = 40)
    void whatWasSyncedIsThereAndTheRestEndsCleanly(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 60) int synced,
            @ForAll @IntRange(min = 1, max = 60) int lost)
            throws IOException {
        Random random = new Random(seed);
        Path root = Files.createTempDirectory("merlin-power");
        try {
            Path before = root.resolve("before");
            LogSettings settings = new LogSettings(40_000 + random.nextInt(400_000), 0);
            List<Read> all = new ArrayList<>();
            Map<Path, byte[]> atSync;
            try (EventLog log =
                    ChronicleEventLog.open(LogDirectory.claim(before, "boot 1"), settings, () -> Long.MAX_VALUE)) {
                appendSome(log, all, random, synced);
                log.sync();
                atSync = contents(before);
                appendSome(log, all, random, lost);
                loseThePower(before, root.resolve("after"), atSync, random);
            }
            check(root.resolve("after"), settings, all, synced);
        } finally {
            EventLogModelTest.delete(root);
        }
    }

    private static void appendSome(EventLog log, List<Read> all, Random random, int records) {
        for (int i = 0; i < records; i++) {
            int length = random.nextInt(4) == 0 ? random.nextInt(60_000) : random.nextInt(700);
            all.add(Records.append(log, random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(5), length));
        }
    }

    /** All files without the zeros at their ends. */
    private static Map<Path, byte[]> contents(Path root) throws IOException {
        Map<Path, byte[]> contents = new HashMap<>();
        try (Stream<Path> files = Files.walk(root).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                byte[] bytes = new byte[(int) Math.min(Files.size(file), 4 << 20)];
                try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                    in.readFully(bytes);
                }
                contents.put(root.relativize(file), bytes);
            }
        }
        return contents;
    }

    private static void loseThePower(Path log, Path target, Map<Path, byte[]> atSync, Random random)
            throws IOException {
        int kept = random.nextInt(101); // per cent of the pages that were written back in time
        Map<Path, byte[]> contents = contents(log);
        List<Path> segments = contents.keySet().stream()
                .map(Path::getParent)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
        List<Path> lastTwo = segments.subList(Math.max(0, segments.size() - 2), segments.size());
        for (Map.Entry<Path, byte[]> file : contents.entrySet()) {
            boolean torn = lastTwo.contains(file.getKey().getParent()); // the log syncs the others when it rolls
            boolean known = atSync.containsKey(file.getKey());
            if (torn && !known && random.nextInt(4) == 0) {
                continue;
            }
            byte[] now = file.getValue();
            byte[] then = atSync.getOrDefault(file.getKey(), new byte[0]);
            byte[] mixed = now.clone();
            for (int page = 0; page < now.length; page += PAGE) {
                if (torn && random.nextInt(100) >= kept) {
                    for (int i = page; i < Math.min(page + PAGE, now.length); i++) {
                        mixed[i] = i < then.length ? then[i] : 0;
                    }
                }
            }
            Path copy = target.resolve(file.getKey().toString());
            Files.createDirectories(copy.getParent());
            Files.write(copy, mixed);
        }
    }

    private static void check(Path directory, LogSettings settings, List<Read> all, int synced) throws IOException {
        List<Read> left;
        try (EventLog log =
                ChronicleEventLog.open(LogDirectory.claim(directory, "boot 2"), settings, () -> Long.MAX_VALUE)) {
            left = Records.from(log, 0);
            assertThat(left.size()).isGreaterThanOrEqualTo(synced);
            for (int i = 0; i < left.size(); i++) {
                assertThat(left.get(i)).as("record %d of %d", i, left.size()).isEqualTo(all.get(i));
            }
            for (int i = 0; i < 30; i++) {
                left.add(Records.append(log, 1, 3_000));
            }
            assertThat(Records.from(log, 0)).isEqualTo(left);
        }
        try (EventLog log =
                ChronicleEventLog.open(LogDirectory.claim(directory, "boot 2"), settings, () -> Long.MAX_VALUE)) {
            left.add(Records.append(log, 1, 3_000));
            assertThat(Records.from(log, 0)).isEqualTo(left);
        }
    }
}
