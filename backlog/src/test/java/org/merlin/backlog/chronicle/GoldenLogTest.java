package org.merlin.backlog.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;
import org.merlin.backlog.Records.Read;

/** A log that a release of format 1 has written, as it lay on its disk: it must stay readable. */
class GoldenLogTest {
    /** Written by {@link #write}, and never again; without the zeros at the ends of the files, whose lengths their names tell. */
    private static final String RESOURCE = "log-0.1.0.zip";

    @TempDir
    Path folder;

    private static EventLog open(Path log) throws IOException {
        return ChronicleEventLog.open(log, new LogSettings(30_000, 0));
    }

    /** What was written: records of all sizes, with and without events, over several segments. */
    static List<Read> write(Path log) throws IOException {
        List<Read> all = new ArrayList<>();
        try (EventLog writing = open(log)) {
            for (int i = 0; i < 120; i++) {
                all.add(Records.append(writing, i % 4, i * i % 1_500));
            }
            writing.sync();
        }
        return all;
    }

    @Test
    void aLogOfTheFirstReleaseIsReadAndGoesOn() throws IOException {
        Path golden = folder.resolve("golden");
        unpack(golden);
        List<Read> expected = write(folder.resolve("fresh"));
        try (EventLog log = open(golden)) {
            assertThat(Records.from(log, 0)).isEqualTo(expected);
            assertThat(Records.from(log, 100))
                    .isNotEmpty()
                    .isEqualTo(expected.subList(
                            expected.size() - Records.from(log, 100).size(), expected.size()));
            expected.add(Records.append(log, 3, 40));
        }
        try (EventLog log = open(golden)) {
            assertThat(Records.from(log, 0)).isEqualTo(expected);
        }
    }

    private static void unpack(Path to) throws IOException {
        try (InputStream in = GoldenLogTest.class.getResourceAsStream(RESOURCE);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String[] nameAndLength = entry.getName().split("@");
                Path file = to.resolve(nameAndLength[0]);
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
                try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
                    whole.setLength(Long.parseLong(nameAndLength[1]));
                }
            }
        }
    }
}
