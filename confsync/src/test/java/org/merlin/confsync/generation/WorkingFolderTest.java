package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkingFolderTest {
    private static final WorkingFolder.Limits LIMITS = new WorkingFolder.Limits(5, 10_000);

    @TempDir
    private Path place;

    private Path folder;
    private ObjectStore store;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectories(place.resolve("conf.d"));
        store = new ObjectStore(Files.createDirectories(place.resolve("state")));
    }

    private WorkingFolder open() {
        return new WorkingFolder(folder, (one, other) -> false, LIMITS, WorkingFolder.Holds.OBJECTS);
    }

    private FileTree tree(String path, String text) throws IOException {
        return FileTree.of(path, store.put(text), text.length());
    }

    @Test
    void itIsReadWithoutLinksAndWhatEditorsLeave() throws Exception {
        Files.writeString(folder.resolve("a.cfg"), "a");
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/b.cfg"), "b");
        Files.writeString(folder.resolve("a.cfg~"), "old");
        Files.writeString(folder.resolve(".a.cfg.swp"), "x");
        Files.createSymbolicLink(folder.resolve("passwd"), Path.of("/etc/passwd"));
        WorkingFolder.Snapshot snapshot = open().snapshot(store);
        assertThat(snapshot.tree().files().keySet()).containsExactly("a.cfg", "sub/b.cfg");
        assertThat(snapshot.skipped()).containsExactly("passwd: a link, is not sent");
    }

    @Test
    void aChangeIsSeenThoughSizeAndNameAreTheSame() throws Exception {
        WorkingFolder working = open();
        Files.writeString(folder.resolve("a.cfg"), "a");
        FileTree before = working.snapshot(store).tree();
        Files.writeString(folder.resolve("next"), "b");
        Files.move(folder.resolve("next"), folder.resolve("a.cfg"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(working.snapshot(store).tree()).isNotEqualTo(before);
    }

    @Test
    void moreThanIsAllowedIsAnErrorThatNamesTheKeys() throws Exception {
        for (int i = 0; i < 6; i++) {
            Files.writeString(folder.resolve(i + ".cfg"), "x");
        }
        assertThatThrownBy(() -> open().snapshot(store)).hasMessageContaining("oconf_max_files");
    }

    @Test
    void whichBoundIsPassedIsSaidAndHowMuchThereIs() throws Exception {
        assertThat(LIMITS.objection("it", 5, 10_000)).isEmpty();
        assertThat(LIMITS.objection("it holds", 7, 100))
                .contains("it holds 7 files, where oconf_max_files allows 5: raise it on all nodes, or take some away");
        assertThat(LIMITS.objection("it holds", 5, 10_001))
                .contains(
                        "it holds 10001 bytes, where oconf_max_size allows 10000: raise it on all nodes, or take some away");
        assertThat(LIMITS.objection("it holds", 50, 10_001).orElseThrow())
                .startsWith("it holds 50 files or more, where oconf_max_files allows 5, and 10001 bytes, where");
    }

    @Test
    void itIsReplacedAsAWholeAndKeepsItsMode() throws Exception {
        Files.writeString(folder.resolve("old.cfg"), "old");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        WorkingFolder working = open();
        working.replace(tree("sub/new.cfg", "new"), store);
        assertThat(folder.resolve("old.cfg")).doesNotExist();
        assertThat(folder.resolve("sub/new.cfg")).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwxr-x---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("sub/new.cfg"))))
                .isEqualTo("rw-r-----");
        try (var files = Files.list(place)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsOnly("conf.d", "state");
        }
    }

    @Test
    void whatIsNotSentIsNotTakenAway() throws Exception {
        Files.createDirectories(folder.resolve(".git/refs"));
        Files.writeString(folder.resolve(".git/HEAD"), "ref");
        Files.writeString(folder.resolve("a.cfg~"), "backup");
        Files.createSymbolicLink(folder.resolve("shared.cfg"), Path.of("../shared.cfg"));
        Files.writeString(folder.resolve("old.cfg"), "old");
        open().replace(tree("new.cfg", "new"), store);
        assertThat(folder.resolve(".git/HEAD")).hasContent("ref");
        assertThat(folder.resolve(".git/refs")).isDirectory();
        assertThat(folder.resolve("a.cfg~")).hasContent("backup");
        assertThat(Files.readSymbolicLink(folder.resolve("shared.cfg"))).hasToString("../shared.cfg");
        assertThat(folder.resolve("old.cfg")).doesNotExist();
        assertThat(folder.resolve("new.cfg")).hasContent("new");
    }

    @Test
    void whatIsNotSentIsBesideWhatIsChecked() throws Exception {
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(place.resolve("shared.cfg"), "shared");
        Files.createSymbolicLink(folder.resolve("sub/link.cfg"), Path.of("../../shared.cfg"));
        Path staged = place.resolve("far/away/staged");
        WorkingFolder.write(tree("new.cfg", "new"), store, staged);
        open().copyUnsent(staged);
        assertThat(staged.resolve("sub/link.cfg")).hasContent("shared");
        assertThat(staged.resolve("new.cfg")).hasContent("new");
    }

    @Test
    void whatTheStoreLacksChangesNothing() throws Exception {
        Files.writeString(folder.resolve("old.cfg"), "old");
        FileTree lacking = FileTree.of("new.cfg", "0".repeat(64), 3);
        assertThatThrownBy(() -> open().replace(lacking, store)).isInstanceOf(DamagedException.class);
        assertThat(folder.resolve("old.cfg")).hasContent("old");
    }

    @Test
    void aKillBetweenTwoRenamesIsMended() throws Exception {
        Files.writeString(folder.resolve("old.cfg"), "old");
        Files.move(folder, place.resolve(".conf.d.former"));
        open().recover();
        assertThat(folder.resolve("old.cfg")).hasContent("old");
        assertThat(place.resolve(".conf.d.former")).doesNotExist();
    }

    @Test
    void aFolderThatIsALinkIsWrittenWhereItLeads() throws Exception {
        Path real = Files.createDirectories(place.resolve("real"));
        Path link = Files.createSymbolicLink(place.resolve("link"), real);
        WorkingFolder working = new WorkingFolder(link, (one, other) -> false, LIMITS, WorkingFolder.Holds.OBJECTS);
        working.replace(tree("a.cfg", "a"), store);
        assertThat(real.resolve("a.cfg")).hasContent("a");
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }
}
