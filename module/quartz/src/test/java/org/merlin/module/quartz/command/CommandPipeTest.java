package org.merlin.module.quartz.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CommandPipeTest {
    @TempDir
    Path directory;

    private final List<String> taken = new CopyOnWriteArrayList<>();

    private Path path() {
        return directory.resolve("command.pipe");
    }

    private void write(String text) throws IOException {
        Files.writeString(path(), text, StandardOpenOption.WRITE);
    }

    @Test
    void takesLinesFromOneWriterAfterTheOther() throws IOException {
        try (CommandPipe pipe = CommandPipe.open(path(), taken::addAll)) {
            assertThat(pipe).isNotNull();
            write("first\nsecond\n");
            await().until(() -> taken.size() == 2);
            write("third\n");
            await().until(() -> taken.size() == 3);
        }
        assertThat(taken).containsExactly("first", "second", "third");
    }

    @Test
    void joinsALineThatComesInPieces() throws IOException {
        try (CommandPipe pipe = CommandPipe.open(path(), taken::addAll);
                OutputStream writer = Files.newOutputStream(path(), StandardOpenOption.WRITE)) {
            assertThat(pipe).isNotNull();
            for (String piece : List.of("[1] A", ";b;c", "\n[2] D\n")) {
                writer.write(piece.getBytes(StandardCharsets.UTF_8));
            }
            await().until(() -> taken.size() == 2);
        }
        assertThat(taken).containsExactly("[1] A;b;c", "[2] D");
    }

    @Test
    void usesThePipeOfAnEarlierRun() throws IOException {
        CommandPipe.open(path(), taken::addAll).close();
        try (CommandPipe pipe = CommandPipe.open(path(), taken::addAll)) {
            assertThat(pipe).isNotNull();
            write("again\n");
            await().until(() -> taken.contains("again"));
        }
    }

    @Test
    void takesNothingElseForAPipe() throws IOException {
        Files.writeString(path(), "precious");
        assertThatThrownBy(() -> CommandPipe.open(path(), taken::addAll))
                .isInstanceOf(IOException.class)
                .hasMessage(path() + " is there and is no named pipe; remove it, or name another command_pipe");
        assertThat(path()).hasContent("precious");
    }
}
