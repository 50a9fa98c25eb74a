package org.merlin.module.quartz.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SideCommandsTest {
    @TempDir
    Path directory;

    private final List<String> history = new CopyOnWriteArrayList<>();

    @Test
    void runsCommandsWithTheNodesNameAndSaysWhichFailed() {
        Path out = directory.resolve("out");
        try (SideCommands commands = new SideCommands("yoda", history::add)) {
            commands.run("the first", "echo $MERLIN_NODE > " + out);
            commands.run("the second", "echo no >&2; exit 3");
            await().untilAsserted(() -> assertThat(out).hasContent("yoda"));
            await().untilAsserted(
                            () -> assertThat(history).containsExactly("Warning: the second ended with status 3: no"));
        }
    }

    @Test
    void finishesWhatWaitsWhenItIsClosed() {
        Path out = directory.resolve("out");
        try (SideCommands commands = new SideCommands("yoda", history::add)) {
            for (int i = 0; i < 20; i++) {
                commands.run("one", "echo x >> " + out);
            }
        }
        assertThat(out).exists();
        assertThat(readLines(out)).isEqualTo(20);
    }

    private static long readLines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void endsWhatRunsTooLongWhenItIsClosed() {
        long begun = System.nanoTime();
        SideCommands commands = new SideCommands("yoda", history::add);
        commands.run("one", "sleep 300");
        commands.close();
        assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
    }
}
