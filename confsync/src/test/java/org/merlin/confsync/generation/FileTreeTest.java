package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileTreeTest {
    private static final String HASH = "a".repeat(64);

    private static FileTree read(String text) throws DamagedException {
        return FileTree.read(text, 3, 1_000);
    }

    private static String line(String path) {
        return HASH + " 10 " + path + "\n";
    }

    @Test
    void whatWasWrittenIsReadAndHasTheSameName() throws DamagedException {
        TreeMap<String, FileTree.File> files = new TreeMap<>();
        files.put("b/c d.cfg", new FileTree.File(HASH, 10));
        files.put("a.cfg", new FileTree.File("b".repeat(64), 0));
        FileTree tree = new FileTree(files);
        FileTree again = read(tree.text());
        assertThat(again).isEqualTo(tree);
        assertThat(again.hash()).isEqualTo(tree.hash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../up.cfg",
                "/etc/passwd",
                "a/../../b",
                "a//b",
                "./a",
                "a/.hidden",
                ".ssh/authorized_keys",
                "a/",
                "a\\b",
                "a\tb",
                "..",
                "c:\u0000x"
            })
    void noPathLeadsOutOfTheFolder(String path) {
        assertThat(FilePaths.objection(path)).isPresent();
        assertThatThrownBy(() -> read(line(path))).isInstanceOf(DamagedException.class);
    }

    @Test
    void longAndDeepPathsAreRefused() {
        assertThat(FilePaths.objection("a".repeat(256))).isPresent();
        assertThat(FilePaths.objection("a/".repeat(16) + "b")).isPresent();
        assertThat(FilePaths.objection("a/".repeat(15) + "b")).isEmpty();
    }

    @Test
    void aFileThatIsAFolderOfAnotherIsRefused() {
        assertThatThrownBy(() -> read(line("a") + line("a/b")))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("a as a file and as a folder");
    }

    @Test
    void moreThanMayComeIsRefusedWithTheKeyThatSaysHowMuch() {
        assertThatThrownBy(() -> read(line("a") + line("b") + line("c") + line("d")))
                .hasMessageContaining("oconf_max_files");
        assertThatThrownBy(() -> read(HASH + " 1001 a\n")).hasMessageContaining("oconf_max_size");
        assertThatThrownBy(() -> read(HASH + " 999999999999999999 a\n")).hasMessageContaining("oconf_max_size");
    }

    @Test
    void linesOutOfOrderOrTwiceAreRefused() {
        assertThatThrownBy(() -> read(line("b") + line("a"))).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> read(line("a") + line("a"))).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> read("nonsense\n")).isInstanceOf(DamagedException.class);
    }
}
