package org.merlin.backlog.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogFullException;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;
import org.merlin.backlog.Records.Read;

/** A real disk of 24 MiB that fills up; where the user may not mount one, nothing is tested. */
class FullDiskTest {
    private static final LogSettings SETTINGS = new LogSettings(2 << 20, 4 << 20);

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()))
                .as("mount works")
                .isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    @Test
    void stopsBeforeTheDiskDoesAndGoesOnWhenThereIsRoom() throws IOException {
        List<Read> all = new ArrayList<>();
        Path log = disk.resolve("log");
        try (EventLog full = ChronicleEventLog.open(log, SETTINGS)) {
            assertThatThrownBy(() -> {
                        while (full.end() < 1_000) {
                            all.add(Records.append(full, 1, 30_000));
                        }
                    })
                    .isInstanceOf(LogFullException.class);
            assertThat(all.size()).isBetween(400, 740);
            Path others = Files.write(disk.resolve("others"), new byte[2 << 20]);
            assertThatThrownBy(() -> full.append(ByteBuffer.allocate(10), 1)).isInstanceOf(LogFullException.class);
            full.sync();
            assertThat(Records.from(full, 0)).isEqualTo(all);

            full.discard(full.end() / 2);
            int gone = (int) full.start();
            assertThat(gone).isPositive();
            all.subList(0, gone).clear();
            all.add(Records.append(full, 1, 30_000));
            assertThat(Records.from(full, 0)).isEqualTo(all);
            Files.delete(others);
        }
        Files.write(
                disk.resolve("others"), new byte[(int) (Files.getFileStore(disk).getUsableSpace() - (64 << 10))]);
        try (EventLog again = ChronicleEventLog.open(log, SETTINGS)) {
            assertThat(Records.from(again, 0)).isEqualTo(all);
            assertThatThrownBy(() -> again.append(ByteBuffer.allocate(10), 1)).isInstanceOf(LogFullException.class);
            Files.delete(disk.resolve("others"));
            all.add(Records.append(again, 1, 30_000));
            assertThat(Records.from(again, 0)).isEqualTo(all);
        }
    }
}
