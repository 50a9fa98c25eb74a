package org.merlin.daemon.oconf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderExchangeTest {
    @TempDir
    private Path place;

    private Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(place.resolve(name));
        Files.writeString(folder.resolve("name"), name);
        return folder;
    }

    @Test
    void twoFoldersChangePlacesOrNothingHappens() throws IOException {
        Path one = folder("one");
        Path other = folder("other");
        boolean exchanged = new FolderExchange().exchange(one, other);
        assertThat(one.resolve("name")).hasContent(exchanged ? "other" : "one");
        assertThat(other.resolve("name")).hasContent(exchanged ? "one" : "other");
    }

    @Test
    void whatIsNotThereIsAnError() throws IOException {
        Path one = folder("one");
        assertThatThrownBy(() -> new FolderExchange().exchange(one, place.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("error 2");
        assertThat(one.resolve("name")).hasContent("one");
    }
}
