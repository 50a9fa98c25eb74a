package org.merlin.tests.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.confsync.generation.DamagedException;
import org.merlin.confsync.generation.FilePaths;
import org.merlin.confsync.generation.FileTree;
import org.merlin.confsync.generation.Generation;

/** Generations and lists of files, as another node sends them. */
class GenerationFuzzTest {
    private static final int MAX_FILES = 100;
    private static final long MAX_BYTES = 1_000_000;

    static Stream<byte[]> seeds() {
        String hash = "0123456789abcdef".repeat(4);
        Generation generation =
                new Generation(hash, List.of(hash), Optional.of(hash), "monitor1", 1_764_000_000, List.of("p1"), "why");
        String tree = hash + " 12 a/b.cfg\n" + hash + " 3 c.cfg\n";
        return Stream.of(generation.text(), tree, hash + " 1 ../x\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aTextIsReadOrRefusedAndLeadsNowhereElse(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Hostile.decode(input.length, 64, DamagedException.class, () -> Generation.read(text));
        Optional<FileTree> tree = Hostile.decode(
                input.length, 64, DamagedException.class, () -> FileTree.read(text, MAX_FILES, MAX_BYTES));
        tree.ifPresent(read -> read.files().keySet().forEach(path -> {
            if (FilePaths.objection(path).isPresent()
                    || !Path.of("/x").resolve(path).normalize().startsWith("/x/")) {
                throw new AssertionError("a path that leads elsewhere: " + path);
            }
        }));
    }
}
