package org.merlin.daemon.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmSearchTest {
    @TempDir
    private Path folder;

    private Path jvm(String name) throws IOException {
        Path home = folder.toRealPath().resolve(name);
        Files.createDirectories(home.resolve("lib/server"));
        Files.createDirectories(home.resolve("bin"));
        Files.createFile(home.resolve("bin/java"));
        Files.createFile(JvmSearch.library(home));
        return home;
    }

    @Test
    void takesTheFirstThatHasALibrary() throws IOException {
        Path own = jvm("own");
        Path usual = jvm("usual");
        Path ofPath = jvm("path");
        Path defaults = jvm("default");
        Path none = folder.resolve("none");
        String path = none + ":" + ofPath.resolve("bin");
        Map<String, String> all =
                Map.of("MERLIN_JAVA_HOME", own.toString(), "JAVA_HOME", usual.toString(), "PATH", path);
        assertThat(JvmSearch.home(all, List.of(defaults))).contains(own);
        Files.delete(JvmSearch.library(own));
        assertThat(JvmSearch.home(all, List.of(defaults))).contains(usual);
        assertThat(JvmSearch.home(Map.of("PATH", path), List.of(defaults))).contains(ofPath);
        assertThat(JvmSearch.home(Map.of("PATH", none.toString()), List.of(none, defaults)))
                .contains(defaults);
        assertThat(JvmSearch.home(Map.of("PATH", none.toString()), List.of(none)))
                .isEmpty();
    }

    @Test
    void followsTheLinksOfThePath() throws IOException {
        Path home = jvm("home");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), home.resolve("bin/java"));
        assertThat(JvmSearch.home(Map.of("PATH", bin.toString()), List.of())).contains(home);
    }

    @Test
    void readsTheVersion() throws IOException {
        Path home = jvm("home");
        assertThat(JvmSearch.version(home)).isEmpty();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.15\"\n");
        assertThat(JvmSearch.version(home)).hasValue(17);
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"1.8.0_412\"\n");
        assertThat(JvmSearch.version(home)).hasValue(8);
    }
}
